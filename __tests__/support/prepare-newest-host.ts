/** Jest's globalSetup of tests that need the newest Jest alone. */
import { prepareHosts } from './prepare-hosts';

export default (): void => prepareHosts([30]);
