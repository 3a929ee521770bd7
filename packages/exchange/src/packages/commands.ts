import { sql } from 'kysely';
import { Refused } from '../access/gate/schema.ts';
import type { Exchange } from '../exchange.ts';
import { CannotBeDone } from '../facilities/commands.ts';
import { type Ledger, type Trx, transact } from '../transaction.ts';
import { PLAN_PACKAGE, giveUpPackage, planPackage } from './planning/commands.ts';
import {
  type ReadyPackage,
  type Taking,
  type WantedContents,
  findPackage,
  packageChoices,
  wantedContents,
} from './queries.ts';
import { INSTANT_INSTANCES, KEPT_DAYS, MOST_INSTANCES, UNFETCHED_KEPT } from './rules.ts';
import { type PackageProgress, type PackageWish, packageWish } from './schema.ts';

/** The worker plans what this process has begun and not ended by then. */
const TAKEN_OVER_SECONDS = 10;

/**
 * Finds the package that holds just what is wished for, or has one planned: small ones at once, others by a worker. Of
 * exams that hold nothing, or are none of the taker's, there is no package.
 *
 * @throws Refused, CannotBeDone
 */
export async function askForPackage(
  exchange: Exchange,
  taking: Taking,
  input: PackageWish,
): Promise<PackageProgress> {
  const wish = packageWish.parse(input);
  if (wish.viewer && !(await packageChoices()).viewer)
    throw new CannotBeDone('There is no viewer to include.');
  const contents = await wantedContents(exchange, taking, wish);
  if (contents.studyIds.length === 0 || contents.instances === 0) throw new Refused();
  if (contents.instances > MOST_INSTANCES) {
    throw new CannotBeDone('One package holds 999,999 images at most. Choose fewer exams.');
  }
  // Copies for a disc are drawn, which is no work for the process that answers people.
  const small = contents.instances <= INSTANT_INSTANCES && !wish.viewer;
  const { id, state } = await transact(exchange, taking.actor, (trx, ledger) =>
    found(trx, ledger, { taking, wish, contents, small, now: exchange.now() }),
  );
  if (state === 'planning' && small) await planPackage(exchange, id);
  const progress = await findPackage(exchange, taking, id);
  if (!progress) throw new Refused();
  return progress;
}

interface Finding {
  taking: Taking;
  wish: PackageWish;
  contents: WantedContents;
  small: boolean;
  now: Date;
}

async function found(
  trx: Trx,
  ledger: Ledger,
  { taking, wish, contents, small, now }: Finding,
): Promise<{ id: string; state: PackageProgress['state'] }> {
  const shareId = 'shareId' in taking ? taking.shareId : null;
  const { kind, viewer } = wish;
  const made = await trx
    .insertInto('package')
    .values({ facilityId: taking.facilityId, shareId, kind, viewer, askedAt: now, ...contents })
    .onConflict((conflict) => conflict.column('contentKey').doNothing())
    .returning(['id', 'state'])
    .executeTakeFirst();
  const row =
    made ??
    (await trx
      .updateTable('package')
      .set({ askedAt: now, state: sql<'planning'>`case state when 'failed' then 'planning' else state end` })
      .where('contentKey', '=', contents.contentKey)
      .returning(['id', 'state'])
      .executeTakeFirstOrThrow());
  if (row.state === 'planning') {
    const startAfter = small ? { startAfter: TAKEN_OVER_SECONDS } : {};
    ledger.job(PLAN_PACKAGE, { packageId: row.id }, { singletonKey: row.id, ...startAfter });
  }
  if (made) await forgetUnfetched(trx, taking);
  return row;
}

/** Whoever chooses to and fro, or a script that tries every choice, fills no disk. */
async function forgetUnfetched(trx: Trx, taking: Taking): Promise<void> {
  const scope =
    'shareId' in taking
      ? sql`share_id = ${taking.shareId}`
      : sql`facility_id = ${taking.facilityId} and share_id is null`;
  await sql`
    delete from package where id in (
      select id from package where ${scope} and fetched_at is null
      order by asked_at desc offset ${UNFETCHED_KEPT})`.execute(trx);
}

/**
 * Writes down that a package leaves, before its first byte does. Whoever goes on with a download that was begun takes
 * nothing more than was written down.
 */
export async function auditDownload(
  exchange: Exchange,
  taking: Taking,
  { ready, start }: { ready: ReadyPackage; start: number },
): Promise<void> {
  const { packageId, kind, size, studyIds } = ready;
  const { actor } = taking;
  await transact(exchange, actor, async (trx, ledger) => {
    const first = await trx
      .insertInto('packageFetch')
      .values({ packageId, fetcher: `${actor.kind} ${actor.id}` })
      .onConflict((conflict) => conflict.doNothing())
      .returning('packageId')
      .executeTakeFirst();
    if (!first && start > 0) return;
    await trx.updateTable('package').set({ fetchedAt: exchange.now() }).where('id', '=', packageId).execute();
    const share = 'shareId' in taking ? { shareId: taking.shareId } : {};
    for (const studyId of studyIds) {
      ledger.audit({
        facilityId: taking.facilityId,
        action: 'study.downloaded',
        subject: { kind: 'study', id: studyId },
        detail: { ...share, packageId, kind, bytes: size },
      });
    }
  });
}

/** Forgets plans that nobody fetched for a week, and says of those that got stuck that they did. */
export async function sweepPackages(exchange: Exchange): Promise<void> {
  const now = exchange.now().getTime();
  await exchange.db
    .deleteFrom('package')
    .where(sql`coalesce(fetched_at, asked_at)`, '<', new Date(now - KEPT_DAYS * 24 * 3600_000))
    .execute();
  const stuck = await exchange.db
    .selectFrom('package')
    .select('id')
    .where('state', '=', 'planning')
    .where('askedAt', '<', new Date(now - 30 * 60_000))
    .execute();
  for (const { id } of stuck) await giveUpPackage(exchange, id);
}
