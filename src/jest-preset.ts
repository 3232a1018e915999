/** `preset: 'jest-distributed'` in a Jest config: the sequencer and the reporter, wired. */
const preset = {
  testSequencer: require.resolve('./sequencer'),
  reporters: ['default', require.resolve('./reporter')],
};

export = preset;
