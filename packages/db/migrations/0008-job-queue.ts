import { type Kysely, sql } from 'kysely';
import { getConstructionPlans } from 'pg-boss';

/** pg-boss's own schema, made here once so that no process has to create tables when it starts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The plan brings its own BEGIN and COMMIT; here it is part of the migration's transaction.
  const plan = getConstructionPlans('pgboss').replace(/^\s*(BEGIN|COMMIT);\s*$/gm, '');
  await sql.raw(plan).execute(db);
}
