/** Finds records by the value of one of their fields without looking at all of them. */
function indexBy(records, field) {
  const index = new Map();
  for (const record of records) {
    if (!index.has(record[field])) index.set(record[field], []);
    index.get(record[field]).push(record);
  }
  return (value) => index.get(value) ?? [];
}

module.exports = { indexBy };
