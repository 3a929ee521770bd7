import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { DB } from './generated.ts';

export type Database = DB;
export type Db = Kysely<Database>;

// Byte sizes and identities stay far below 2^53: one JavaScript number type for both keeps arithmetic plain.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A DICOM date (PS3.5 6.2 DA) is a calendar day without zone; a Date object would move it by the server's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, String);

export interface DatabaseConnection {
  db: Db;
  pool: pg.Pool;
  destroy(): Promise<void>;
}

/** Opens a pool on `url`; at most `max` connections (default 10). */
export function createDatabase(url: string, max = 10): DatabaseConnection {
  const pool = new pg.Pool({ connectionString: url, max });
  let leaving = false;
  // Without a listener an idle connection's loss (PostgreSQL restarting) would end the process.
  pool.on('error', (error) => {
    if (!leaving) console.error(`database connection lost: ${error.message}`);
  });
  // One that breaks while it is lent out, between two queries, says so to nobody else; its next query fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const destroy = async () => {
    leaving = true;
    await db.destroy();
    // Kysely closes only what it has used itself.
    if (!pool.ended) await pool.end();
  };
  return { db, pool, destroy };
}
