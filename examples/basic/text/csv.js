/** Rows of cells (RFC 4180): quoted cells may hold commas, line breaks and doubled quotes. */
function parseCsv(text) {
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length || rows.at(-1).length > 0) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) throw new Error(`Unexpected quote at character ${at + 1}.`);
    const [, value, end] = match;
    rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === ',') continue;
    if (cell.lastIndex >= text.length) break;
    rows.push([]);
  }
  return rows.at(-1).length === 0 ? rows.slice(0, -1) : rows;
}

function formatCsv(rows) {
  const quote = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return rows.map((row) => `${row.map((value) => quote(String(value))).join(',')}\r\n`).join('');
}

module.exports = { formatCsv, parseCsv };
