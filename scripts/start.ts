import './node-version.mjs';
import { environment } from '@filmpost/config/environment.ts';
import { SecretError, readSecret } from '@filmpost/config/secret.ts';
import { EmbeddedPostgresError } from '@filmpost/db/embedded.ts';
import { migrateToLatest } from '@filmpost/db/migrate.ts';
import { BuildError, buildEverything } from './building.ts';
import { openDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';
import { isDemoDue, makeDemo, storedDemo } from './demo.ts';
import { UnhealthyError } from './health.ts';
import { askedToLeave, given } from './leaving.ts';
import { AlreadyRunningError, occupy } from './occupancy.ts';
import { StartError, portIsOurs, runProcesses } from './processes.ts';
import { Steps } from './steps.ts';
import { summary } from './summary.ts';

const settings = environment();
const development = settings.development || process.argv.includes('--dev');
const leaving = askedToLeave();
const steps = new Steps();
const report = (sentence: string) => console.error(sentence);
/** What has to be stopped, in the order it was started. */
const started: { stop(): Promise<void> }[] = [];

/** Errors that say in their own words what is wrong; where they were thrown helps nobody. */
const explained = [BuildError, EmbeddedPostgresError, SecretError, StartError, UnhealthyError];

/** An address with several meanings fails with an error that has none but the code of each attempt. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

async function prepareDatabase(): Promise<OpenDatabase> {
  const own = !settings.databaseUrl;
  const database = await steps.run(
    ['Starting the database', own ? 'Database is started' : 'Database is given'],
    () => openDatabase(settings, report),
  );
  started.push(database);
  await steps.run(['Bringing the database up to date', 'Database is up to date'], () =>
    migrateToLatest(database.url).catch((error: unknown) => {
      throw own ? error : new StartError(`The database of DATABASE_URL cannot be used (${reasonOf(error)}).`);
    }),
  );
  const { url: databaseUrl, demoMarker } = database;
  const installation = { databaseUrl, demoMarker, dataDirectory: settings.dataDirectory };
  if (settings.demo && (await isDemoDue(installation))) {
    await steps.run(['Making a demo world to look around in', 'Demo world is made'], (note) =>
      makeDemo(installation, note),
    );
  }
  return database;
}

async function start(afterKill: boolean): Promise<void> {
  await portIsOurs(settings, afterKill);
  readSecret(settings);
  const [database] = await Promise.all([
    prepareDatabase(),
    buildEverything({ steps, signal: leaving, withoutPages: development }),
  ]);
  await steps.run(['Starting to serve', 'Serving'], () =>
    runProcesses(database.url, { settings, development, started, report }),
  );
  console.log(summary(settings.publicUrl, settings.demo ? storedDemo(settings.dataDirectory) : undefined));
}

/** Settles with the exit code, when everything that was started has been stopped again. */
async function serveUntilAsked(): Promise<number> {
  const name = settings.databaseUrl ? `filmpost-${settings.port}` : 'filmpost';
  const { dataDirectory, publicUrl: address } = settings;
  const place = occupy({ dataDirectory, name, address });
  const stopAll = async () => {
    place.announceLeaving();
    for (const running of started.toReversed()) await running.stop();
    place.release();
  };
  try {
    await Promise.race([start(place.afterKill), given(leaving)]);
    await given(leaving);
    console.log('\n  Stopping …');
    return 0;
  } catch (error) {
    console.error(
      explained.some((kind) => error instanceof kind) ? String(error).replace(/^\w+: /, '') : error,
    );
    return 1;
  } finally {
    await stopAll();
  }
}

try {
  process.exit(await serveUntilAsked());
} catch (error) {
  if (!(error instanceof AlreadyRunningError)) throw error;
  console.log(error.message);
}
