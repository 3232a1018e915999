/** A Jest runner (https://jestjs.io/docs/configuration#runner-string) that runs nothing; see empty-share.ts. */
class EmptyShareRunner {
  readonly isSerial = true;

  async runTests(): Promise<void> {
    // Nothing of this node's.
  }
}

export = EmptyShareRunner;
