import { lstatSync } from 'node:fs';

/** A file, and no folder or link: Jest finds tests in neither of those. */
export const isPlainFile = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;
