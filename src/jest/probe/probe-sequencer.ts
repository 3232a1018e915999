/**
 * The TestSequencer of a probe: the files in the order that was asked for, the first one first.
 *
 * Stands alone, as that of a merge: what hooks Jest's sequencer measures real runs.
 */
import type { JestTest } from '../host/jest-types';
import { readProbe } from './probe-order';

class ProbeSequencer {
  sort(tests: JestTest[]): JestTest[] {
    const places = new Map((readProbe()?.files ?? []).map((file, index) => [file, index]));
    const placeOf = ({ path }: JestTest) => places.get(path) ?? places.size;
    // Jest runs a few fast files in one process however many workers it may have; of files without a duration it does not.
    return tests.map((test) => Object.assign(test, { duration: undefined })).sort((a, b) => placeOf(a) - placeOf(b));
  }

  shard(tests: JestTest[]): JestTest[] {
    return tests;
  }

  allFailedTests(tests: JestTest[]): JestTest[] {
    return tests;
  }

  cacheResults(): void {
    // The next real run is sorted by real runs.
  }
}

export default ProbeSequencer;
