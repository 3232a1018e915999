const { parsePointer, valueAt } = require('./json-pointer');

/** A copy of the document with the operations applied (RFC 6902: add, remove, replace, move, copy, test). */
function applyPatch(document, operations) {
  return operations.reduce(applyOne, structuredClone(document));
}

function applyOne(document, operation) {
  switch (operation.op) {
    case 'add':
      return add(document, operation.path, operation.value);
    case 'remove':
      return remove(document, operation.path);
    case 'replace':
      return add(remove(document, operation.path), operation.path, operation.value);
    case 'move': {
      const value = valueAt(document, operation.from);
      return add(remove(document, operation.from), operation.path, value);
    }
    case 'copy':
      return add(document, operation.path, structuredClone(valueAt(document, operation.from)));
    case 'test':
      if (JSON.stringify(valueAt(document, operation.path)) !== JSON.stringify(operation.value)) {
        throw new Error(`The value at ${operation.path} is not the expected one.`);
      }
      return document;
    default:
      throw new Error(`Unknown operation ${JSON.stringify(operation.op)}.`);
  }
}

const parentOf = (pointer) => pointer.slice(0, pointer.lastIndexOf('/'));

function add(document, pointer, value) {
  const key = parsePointer(pointer).at(-1);
  if (key === undefined) return value;
  const parent = valueAt(document, parentOf(pointer));
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : Number(key), 0, value);
  else parent[key] = value;
  return document;
}

function remove(document, pointer) {
  valueAt(document, pointer);
  const key = parsePointer(pointer).at(-1);
  if (key === undefined) return undefined;
  const parent = valueAt(document, parentOf(pointer));
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return document;
}

module.exports = { applyPatch };
