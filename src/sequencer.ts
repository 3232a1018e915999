/** `jest --testSequencer=jest-distributed/sequencer` */
import { DistributedSequencer } from './jest/sequencer';

export = DistributedSequencer;
