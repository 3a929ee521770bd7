import type { Exchange } from '../../exchange.ts';
import { type Ledger, transact } from '../../transaction.ts';
import { type LaidOut, type Wanted, laidOut } from '../layout/queries.ts';
import type { PackagePart } from '../parts/rules.ts';
import { PROGRESS } from '../queries.ts';
import { wholeSeconds } from '../rules.ts';
import type { PackageProgress } from '../schema.ts';
import { plannedPackage } from './queries.ts';

export const PLAN_PACKAGE = 'plan-package';

const actor = { kind: 'operator', id: 'packages', address: 'local' } as const;
/** Screens are told of progress so often at most. */
const TOLD_EVERY_MS = 400;
const PARTS_AT_ONCE = 16;

/** Makes the plan of a package and keeps it; does nothing where that has been done. */
export async function planPackage(exchange: Exchange, packageId: string): Promise<void> {
  const wanted = await plannedPackage(exchange, packageId);
  if (!wanted) return;
  let toldAt = performance.now();
  const onProgress = async (planned: number) => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    await tell(exchange, packageId, planned);
  };
  const created = wholeSeconds(exchange.now());
  await keep(exchange, wanted, await laidOut(exchange, wanted, { created, onProgress }));
}

/** Says so of plans that could not be made; whoever asks again has it tried again. */
export async function giveUpPackage(exchange: Exchange, packageId: string): Promise<void> {
  await transact(exchange, actor, async (trx, ledger) => {
    const row = await trx
      .updateTable('package')
      .set({ state: 'failed' })
      .where('id', '=', packageId)
      .where('state', '=', 'planning')
      .returning([...PROGRESS, 'package.shareId', 'package.facilityId'])
      .executeTakeFirst();
    if (row) announce(ledger, row);
  });
}

async function tell(exchange: Exchange, packageId: string, planned: number): Promise<void> {
  await transact(exchange, actor, async (trx, ledger) => {
    const row = await trx
      .updateTable('package')
      .set({ planned })
      .where('id', '=', packageId)
      .where('state', '=', 'planning')
      .returning([...PROGRESS, 'package.shareId', 'package.facilityId'])
      .executeTakeFirst();
    if (row) announce(ledger, row);
  });
}

/** Of two who planned the same, the first is believed: what has begun to be downloaded never changes. */
async function keep(exchange: Exchange, { id, instances }: Wanted, plan: LaidOut): Promise<void> {
  await transact(exchange, actor, async (trx, ledger) => {
    const row = await trx
      .updateTable('package')
      .set({
        state: 'ready',
        planned: instances,
        instances: plan.instanceIds.length,
        instanceIds: plan.instanceIds,
        size: plan.size,
      })
      .where('id', '=', id)
      .where('state', '=', 'planning')
      .returning([...PROGRESS, 'package.shareId', 'package.facilityId'])
      .executeTakeFirst();
    if (!row) return;
    for (const some of together(plan.parts)) {
      await trx
        .insertInto('packagePart')
        .values(some.map((part) => ({ packageId: id, ...part })))
        .execute();
    }
    announce(ledger, row);
  });
}

function announce(
  ledger: Ledger,
  { shareId, facilityId, ...progress }: PackageProgress & { shareId: string | null; facilityId: string },
): void {
  const topic = shareId ? (`share:${shareId}` as const) : (`facility:${facilityId}` as const);
  ledger.event({ topic, kind: 'package.changed', payload: { package: progress } });
}

function* together(parts: Iterable<PackagePart>): Iterable<PackagePart[]> {
  let some: PackagePart[] = [];
  for (const part of parts) {
    if (some.push(part) < PARTS_AT_ONCE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
