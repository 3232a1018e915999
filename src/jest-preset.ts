/** `preset: 'jest-distributed'` in a Jest config: the sequencer and the reporter, wired. */
// Typed as a plain record: a CommonJS module whose members are listed would promise named exports to ES modules.
const preset: Readonly<Record<string, unknown>> = {
  testSequencer: require.resolve('./sequencer'),
  reporters: ['default', require.resolve('./reporter')],
};

export = preset;
