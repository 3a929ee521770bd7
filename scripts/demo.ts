import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDatabase } from '@filmpost/db/client.ts';
import { z } from 'zod';

/** What a visitor of the demo world needs to know: a DemoWorld of tests/world/demo.ts as it was stored. */
export const demoWorld = z.object({
  people: z.array(z.object({ name: z.string(), email: z.string(), password: z.string(), role: z.string() })),
  requestPage: z.object({ url: z.string(), pin: z.string() }),
  share: z.object({ url: z.string(), code: z.string(), dateOfBirth: z.string() }),
  discDirectory: z.string(),
});

export type StoredDemo = z.infer<typeof demoWorld>;

export interface Installation {
  databaseUrl: string;
  dataDirectory: string;
  /** A file that exists while the demo world is half made; only where the database is ours to begin anew. */
  demoMarker?: string;
}

const storedIn = (dataDirectory: string) => path.join(dataDirectory, 'demo.json');

export function storedDemo(dataDirectory: string): StoredDemo | undefined {
  const file = storedIn(dataDirectory);
  return existsSync(file) ? demoWorld.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

async function isEmpty(databaseUrl: string): Promise<boolean> {
  const { db, destroy } = createDatabase(databaseUrl, 1);
  try {
    return (await db.selectFrom('facility').select('id').limit(1).execute()).length === 0;
  } finally {
    await destroy();
  }
}

/** Only where nothing has ever been: whatever else is there belongs to somebody. */
export async function isDemoDue({ databaseUrl, dataDirectory }: Installation): Promise<boolean> {
  return !existsSync(storedIn(dataDirectory)) && (await isEmpty(databaseUrl));
}

/** Makes the demo world and keeps what its visitors need to know beside the data. */
export async function makeDemo(
  installation: Installation,
  onProgress: (line: string) => void,
): Promise<void> {
  const { databaseUrl, dataDirectory, demoMarker } = installation;
  // Loaded only here: a real installation never runs the code that invents patients.
  const { seedDemoWorld } = await import('../tests/world/demo.ts');
  if (demoMarker) writeFileSync(demoMarker, '');
  const world = await seedDemoWorld({ databaseUrl, dataDirectory, onProgress });
  writeFileSync(storedIn(dataDirectory), JSON.stringify(demoWorld.parse(world), null, 2), { mode: 0o600 });
  if (demoMarker) rmSync(demoMarker);
}
