/** Commands about one test of the quarantine, as they are typed here. */
import { commandText, inOneLine, shellOf } from './quote';

interface QuarantinedTest {
  readonly file: string;
  readonly project?: string;
  readonly test: string;
}

export function removeEntry({ file, project, test }: QuarantinedTest): string {
  const words = [
    ...['npx', 'jest-distributed', 'quarantine', 'remove', file, '--test', test],
    ...(project === undefined ? [] : ['--project', project]),
  ];
  return commandText(words.map(inOneLine), shellOf(process.platform, process.env));
}
