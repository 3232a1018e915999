/** The keys of a JSON pointer (RFC 6901): ~1 is a slash, ~0 a tilde. */
function parsePointer(pointer) {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new SyntaxError(`A JSON pointer starts with a slash: ${pointer}`);
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(document, pointer) {
  return parsePointer(pointer).reduce((value, key) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) {
      throw new Error(`There is nothing at ${pointer}.`);
    }
    return value[key];
  }, document);
}

module.exports = { parsePointer, valueAt };
