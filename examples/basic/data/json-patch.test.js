const { applyPatch } = require('./json-patch');

const document = { title: 'Ring', nodes: [1, 2], owner: { name: 'Ada' } };

test.each([
  [{ op: 'add', path: '/nodes/1', value: 9 }, { nodes: [1, 9, 2] }],
  [{ op: 'add', path: '/nodes/-', value: 3 }, { nodes: [1, 2, 3] }],
  [{ op: 'remove', path: '/nodes/0' }, { nodes: [2] }],
  [{ op: 'replace', path: '/title', value: 'Share' }, { title: 'Share' }],
  [{ op: 'copy', from: '/owner/name', path: '/title' }, { title: 'Ada' }],
  [{ op: 'move', from: '/nodes/0', path: '/nodes/1' }, { nodes: [2, 1] }],
])('%j', (operation, change) => {
  expect(applyPatch(document, [operation])).toEqual({ ...document, ...change });
});

test('the document itself is not touched', () => {
  applyPatch(document, [{ op: 'remove', path: '/owner/name' }]);
  expect(document.owner.name).toBe('Ada');
});

test('a failed test stops the patch', () => {
  const operations = [
    { op: 'test', path: '/title', value: 'Node' },
    { op: 'remove', path: '/title' },
  ];
  expect(() => applyPatch(document, operations)).toThrow('The value at /title is not the expected one.');
});
