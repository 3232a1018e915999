/** Which version of this package runs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Of the package that this file belongs to. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
