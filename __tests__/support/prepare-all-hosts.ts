/** Jest's globalSetup of tests on all versions of Jest. */
import { prepareHosts } from './prepare-hosts';

export default (): void => prepareHosts([29, 30]);
