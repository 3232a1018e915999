/** The project's own transform, but for one file that is replaced by a mutant of it: see mutation-sample.mjs. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

const { createTransformer } = require('@swc/jest');

exports.createTransformer = (options) => {
  const original = createTransformer(options);
  const { MUTATED_FILE: file, MUTANT: mutant } = process.env;
  const sourceOf = (source, path) => (path === file ? readFileSync(mutant, 'utf8') : source);
  return {
    canInstrument: original.canInstrument,
    process: (source, path, settings) => original.process(sourceOf(source, path), path, settings),
    getCacheKey: (source, path, settings) =>
      createHash('sha1')
        .update(original.getCacheKey(sourceOf(source, path), path, settings))
        .update(sourceOf(source, path))
        .digest('hex'),
  };
};
