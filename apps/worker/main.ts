import { environment } from '@filmpost/config/environment.ts';
import { exitWithParent } from '@filmpost/config/parent.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { JOBS } from './registry.ts';

const settings = environment();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is not set: start the worker with npm start.');
const { exchange, close } = await openExchange({
  ...settings,
  databaseUrl: settings.databaseUrl,
  works: true,
});

for (const job of JOBS) {
  await exchange.boss.work(
    job.queue,
    { ...job.work, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 1 },
    async (jobs) => {
      try {
        return await job.handle(
          exchange,
          jobs.map(({ data }) => data),
        );
      } catch (error) {
        console.error(`job ${job.queue} failed: ${nameOf(error)}`);
        throw error;
      }
    },
  );
  if (job.everyMinutes) await exchange.boss.schedule(job.queue, `*/${job.everyMinutes} * * * *`);
}
exitWithParent(close);

/** What kind of failure it was. What it says of itself may quote a row, and rows are patients. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
