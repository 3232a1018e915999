// One table of rows in a file that all workers share, as they share a database: no lock, no transaction, no schema of
// their own. A row is appended in one write, so none is torn.
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), 'example-flaky-database');

exports.openTable = (name) => {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.jsonl`);
  return {
    truncate: () => writeFileSync(file, ''),
    insert: (row) => appendFileSync(file, `${JSON.stringify(row)}\n`),
    rows: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
};
