/** Names of files relative to a folder that all machines have, with `/` whatever the system. */
import path from 'node:path';

/** With `/` in place of the system's own sign. */
export const withSlashes = (file: string): string => file.split(path.sep).join('/');

/** From a folder to a file, both absolute, as this machine's file system spells it: it opens the file. */
export const nameBelow = (folder: string, file: string): string => withSlashes(path.relative(folder, file));

/** The same for names that are compared between machines: some file systems take an `é` apart, and others do not. */
export const portableName = (folder: string, file: string): string => nameBelow(folder, file).normalize('NFC');
