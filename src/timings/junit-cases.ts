/** JUnit XML → suites and cases with what they say of themselves. There is no standard; this is what Jest's writers do. */
import { SaxesParser } from 'saxes';

type Attributes = Readonly<Record<string, string>>;

export interface JunitCase {
  readonly attributes: Attributes;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

export interface JunitSuite {
  readonly attributes: Attributes;
  /** Cases of this suite itself, not of suites inside it. */
  readonly cases: readonly JunitCase[];
}

interface OpenSuite {
  readonly attributes: Attributes;
  readonly cases: { attributes: Attributes; outcome: JunitCase['outcome'] }[];
}

/**
 * Reads all `<testsuite>` elements, at any depth.
 *
 * @throws Error of the XML parser, which names line and column
 */
export function readJunit(xml: string): { readonly suites: readonly JunitSuite[]; readonly hasRoot: boolean } {
  const suites: OpenSuite[] = [];
  const open: OpenSuite[] = [];
  let hasRoot = false;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const current = open.at(-1);
    if (name === 'testsuites' || name === 'testsuite') hasRoot = true;
    if (name === 'testsuite') {
      const suite = { attributes, cases: [] };
      suites.push(suite);
      open.push(suite);
    } else if (name === 'testcase') {
      current?.cases.push({ attributes, outcome: 'passed' });
    } else {
      const last = current?.cases.at(-1);
      if (last === undefined) return;
      if (name === 'failure' || name === 'error') last.outcome = 'failed';
      else if (name === 'skipped') last.outcome = 'skipped';
    }
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'testsuite') open.pop();
  });
  parser.write(xml).close();
  return { suites, hasRoot };
}
