/** `reporters: ['default', 'jest-distributed/reporter']` */
import { DistributedReporter } from './jest/reporter';

export = DistributedReporter;
