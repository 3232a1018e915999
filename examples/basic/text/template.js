/** Fills `{{ path.to.value }}`; a value that is missing is an error, not an empty string. */
function fill(template, data) {
  return template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, path) => {
    const value = path.split('.').reduce((object, key) => object?.[key], data);
    if (value === undefined) throw new Error(`No value for {{${path}}}.`);
    return String(value);
  });
}

module.exports = { fill };
