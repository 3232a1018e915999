/**
 * Whose a stored snapshot is.
 *
 * A snapshot that no test of this node read is obsolete only if no other node's test owns it: Jest would report it, fail
 * under `--ci`, and delete it with `-u`.
 */

/** `a test 2`, or `a test: hint 2` where the assertion gave a hint. */
const COUNTER = / \d+$/;
const HINT = ': ';

/** The longest name that took the snapshot, or undefined where no test of the file can have taken it. */
function ownerOf(stored: string, names: ReadonlySet<string>): string | undefined {
  if (names.has(stored)) return stored;
  for (let at = stored.lastIndexOf(HINT); at > 0; at = stored.lastIndexOf(HINT, at - 1)) {
    const name = stored.slice(0, at);
    if (names.has(name)) return name;
  }
  return names.has('') && stored.startsWith(HINT) ? '' : undefined;
}

/**
 * Names under which the snapshots of other nodes' tests are stored, hints included: Jest 29 takes a hint for a part of
 * the name, so a test's own name does not reach them.
 *
 * @param storedKeys keys of the file's stored snapshots.
 * @param names full names of all tests of the file.
 * @param foreign full names of those that run elsewhere.
 */
export function foreignSnapshots(
  storedKeys: readonly string[],
  names: ReadonlySet<string>,
  foreign: ReadonlySet<string>,
): readonly string[] {
  const stored = new Set(storedKeys.filter((key) => COUNTER.test(key)).map((key) => key.replace(COUNTER, '')));
  return [...stored].filter((name) => {
    const owner = ownerOf(name, names);
    return owner !== undefined && foreign.has(owner);
  });
}
