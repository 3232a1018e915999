/** Numbered migrations: the first brings version 0 to 1. One that was released is never changed. */
import { queueTables } from './0001-queue';

export const migrations: readonly ((schema: string) => string)[] = [queueTables];

/** The version of the schema that this version of the package needs. */
export const LATEST_VERSION = migrations.length;
