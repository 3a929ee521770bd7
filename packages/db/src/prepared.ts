import type pg from 'pg';

/**
 * Begins the text of a statement that is worth remembering on a connection: PostgreSQL then parses and plans it once
 * instead of every time. For statements of which there are few, as each stays with each connection.
 */
export const PREPARED = '/* prepared */ ';
const MOST_NAMES = 250;
const names = new Map<string, string>();

/** Sends marked statements of this connection under a name of their own, all others as they are. */
export function prepareMarked(client: pg.ClientBase): void {
  const { query } = client;
  const value = (statement: unknown, ...rest: unknown[]): unknown =>
    Reflect.apply(query, client, [named(statement), ...rest]);
  Object.defineProperty(client, 'query', { value });
}

function named(statement: unknown): unknown {
  if (typeof statement !== 'string' || !statement.startsWith(PREPARED)) return statement;
  const known = names.get(statement);
  if (known) return { name: known, text: statement };
  // Whoever can ask in endlessly many shapes must not fill the connections' memory.
  if (names.size >= MOST_NAMES) return statement;
  const name = `prepared ${names.size}`;
  names.set(statement, name);
  return { name, text: statement };
}
