import './node-version.mjs';
import { environment } from '@filmpost/config/environment.ts';
import type { Environment } from '@filmpost/config/environment.ts';
import { readSecret } from '@filmpost/config/secret.ts';
import { migrateToLatest } from '@filmpost/db/migrate.ts';
import { BuildError, buildEverything } from './building.ts';
import { openDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';
import { makeDemo, storedDemo } from './demo.ts';
import { healthy, whyNotListenSoon } from './health.ts';
import { askedToLeave, given } from './leaving.ts';
import { AlreadyRunningError, occupy } from './occupancy.ts';
import { webServer, workerMain } from './places.ts';
import { runNode } from './program.ts';
import type { Running } from './program.ts';
import { Steps } from './steps.ts';
import { summary } from './summary.ts';
import { Supervisor } from './supervisor.ts';
import { watchSources } from './watching.ts';

class StartError extends Error {
  override name = 'StartError';
}

const settings: Environment = environment();
const development = settings.development || process.argv.includes('--dev');
const leaving = askedToLeave();
const steps = new Steps();
const report = (sentence: string) => console.error(sentence);
/** What has to be stopped, in the order it was started. */
const started: { stop(): Promise<void> }[] = [];

async function portIsOurs(afterKill: boolean): Promise<void> {
  const reason = await whyNotListenSoon(settings, afterKill ? 10_000 : 0);
  if (reason === undefined) return;
  const place = `port ${settings.port} of ${settings.host}`;
  if (reason === 'EADDRINUSE') {
    throw new StartError(
      `Something else is using ${place}: set PORT to another one, as in PORT=4001 npm start.`,
    );
  }
  throw new StartError(`Nothing can be served on ${place} (${reason}): set PORT or HOST to another one.`);
}

async function prepareDatabase(): Promise<OpenDatabase> {
  const own = !settings.databaseUrl;
  const database = await steps.run(
    ['Starting the database', own ? 'Database is started' : 'Database is given'],
    () => openDatabase(settings, report),
  );
  started.push(database);
  await steps.run(['Bringing the database up to date', 'Database is up to date'], () =>
    migrateToLatest(database.url),
  );
  if (settings.demo && !storedDemo(settings.dataDirectory)) {
    const { url: databaseUrl, demoMarker } = database;
    await steps.run(['Making a demo world to look around in', 'Demo world is made'], () =>
      makeDemo({ databaseUrl, demoMarker, dataDirectory: settings.dataDirectory }, (line) =>
        steps.note(line),
      ),
    );
  }
  return database;
}

async function runProcesses(databaseUrl: string): Promise<void> {
  const env = {
    ...process.env,
    NODE_ENV: development ? 'development' : 'production',
    FILMPOST_DEV: development ? 'yes' : 'no',
    DATABASE_URL: databaseUrl,
    DATA_DIR: settings.dataDirectory,
    SECRET_FILE: settings.secretFile,
  };
  const firsts: Running[] = [];
  const startWeb = () => {
    const running = runNode({ file: webServer, env });
    firsts.push(running);
    return running;
  };
  const web = new Supervisor({ name: 'web process', start: startWeb, report });
  const worker = new Supervisor({
    name: 'worker',
    start: () => runNode({ file: workerMain, env, patience: 8_000 }),
    report,
  });
  started.push(web, worker);
  await Promise.all([web.start(), worker.start()]);
  const ended = firsts[0]?.exited.then((reason) => {
    throw new StartError(`The web process ended while starting (${reason}).`);
  });
  await Promise.race([healthy(settings), ended]);
  if (development) restartOnChanges(web, worker);
}

function restartOnChanges(web: Supervisor, worker: Supervisor): void {
  watchSources(['packages'], () => void Promise.all([web.restart(), worker.restart()]));
  watchSources(['apps/worker'], () => void worker.restart());
}

async function start(afterKill: boolean): Promise<void> {
  await portIsOurs(afterKill);
  readSecret(settings);
  const [database] = await Promise.all([
    prepareDatabase(),
    buildEverything({ steps, signal: leaving, withoutPages: development }),
  ]);
  await steps.run(['Starting to serve', 'Serving'], () => runProcesses(database.url));
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
    const expected = error instanceof StartError || error instanceof BuildError;
    console.error(expected ? error.message : error);
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
