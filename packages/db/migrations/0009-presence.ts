import { type Kysely, sql } from 'kysely';

/** Where the socket.io adapter puts presence messages too long for a NOTIFY; they are forgotten within seconds. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create unlogged table socket_io_attachments (
      id bigserial primary key,
      created_at timestamptz default now(),
      payload bytea
    )`.execute(db);
}
