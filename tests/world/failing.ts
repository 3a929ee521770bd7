import path from 'node:path';
import type { TestContext } from 'node:test';
import type { WatchedContext } from './watched.ts';

/**
 * With FAILURE_PICTURES set to a folder, keeps there what each person saw when a journey failed. The people of
 * journeys are invented; on a machine with others, leave it unset.
 */
export function picturesOfFailure(t: TestContext, people: Record<string, WatchedContext>): void {
  const folder = process.env.FAILURE_PICTURES;
  if (!folder) return;
  t.after(async () => {
    if ('passed' in t && t.passed) return;
    for (const [name, { page }] of Object.entries(people))
      await page.screenshot({ path: path.join(folder, `${name}.png`) }).catch(() => undefined);
  });
}
