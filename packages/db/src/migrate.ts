import { promises as fs } from 'node:fs';
import path from 'node:path';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import { createDatabase } from './client.ts';

const migrationFolder = path.join(import.meta.dirname, '../migrations');

/** Brings the schema up to date; safe to call from several processes at once (Kysely takes a lock). */
export async function migrateToLatest(databaseUrl: string): Promise<void> {
  const { db, destroy } = createDatabase(databaseUrl, 2);
  try {
    const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder }) });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  } finally {
    await destroy();
  }
}
