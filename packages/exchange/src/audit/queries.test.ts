import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type World, anExchange } from '@filmpost/tests/world/exchange.ts';
import { aFacility } from '@filmpost/tests/world/facility.ts';
import { anOpenedRequest } from '@filmpost/tests/world/visitors.ts';
import { type RawBuilder, sql } from 'kysely';
import { admit, operator } from '../access/gate/commands.ts';
import { transact } from '../transaction.ts';
import { verifyAudit } from './queries.ts';

let world: World;
before(async () => {
  world = await anExchange();
  const facility = await aFacility(world.exchange);
  for (let i = 0; i < 5; i++) await anOpenedRequest(world.exchange, facility);
});
after(() => world.close());

async function verify() {
  const { exchange } = world;
  return verifyAudit(
    exchange,
    await admit(exchange, operator(), { capability: 'exchange:operate', subject: {} }),
  );
}

/** Somebody with the database's own password, who puts the trigger out of the way; undone afterwards. */
async function tampered(change: RawBuilder<unknown>): Promise<number | null> {
  const { db } = world.exchange;
  await sql`create table audit_kept as table audit_entry`.execute(db);
  await sql`alter table audit_entry disable trigger all`.execute(db);
  await change.execute(db);
  const { brokenAt } = await verify();
  await sql`delete from audit_entry`.execute(db);
  await sql`insert into audit_entry overriding system value select * from audit_kept`.execute(db);
  await sql`drop table audit_kept`.execute(db);
  await sql`alter table audit_entry enable trigger all`.execute(db);
  return brokenAt;
}

test('an untouched log is whole', async () => {
  const { entries, brokenAt } = await verify();
  assert.equal(brokenAt, null);
  assert.ok(entries >= 11);
});

test('whatever is changed in an entry, the log names that entry', async () => {
  const changes: Record<string, RawBuilder<unknown>> = {
    'who acted': sql`update audit_entry set actor_id = 'somebody else' where id = 5`,
    'what was done': sql`update audit_entry set action = 'share.revoked' where id = 5`,
    'how it ended': sql`update audit_entry set outcome = 'refused' where id = 5`,
    'to what': sql`update audit_entry set subject_id = 'another' where id = 5`,
    where: sql`update audit_entry set facility_id = null where id = 5`,
    'from where': sql`update audit_entry set address = '10.0.0.1' where id = 5`,
    when: sql`update audit_entry set at = at - interval '1 day' where id = 5`,
    'a detail': sql`update audit_entry set detail = '{"wrong": 0}' where id = 5`,
    'its seal': sql`update audit_entry set hash = sha256('forged') where id = 5`,
  };
  for (const [what, change] of Object.entries(changes)) assert.equal(await tampered(change), 5, what);
});

test('an entry that was removed, or swapped with another, shows at its place', async () => {
  assert.equal(await tampered(sql`delete from audit_entry where id = 5`), 6);
  assert.equal(await tampered(sql`delete from audit_entry where id = 1`), 2);
  const swap = sql`
    update audit_entry a
    set at = b.at, actor_id = b.actor_id, action = b.action, subject_kind = b.subject_kind,
      subject_id = b.subject_id, previous_hash = b.previous_hash, hash = b.hash
    from audit_kept b where (a.id, b.id) in ((5, 6), (6, 5))`;
  assert.equal(await tampered(swap), 5);
});

test('the database itself refuses to change or remove an entry', async () => {
  const { db } = world.exchange;
  for (const change of [
    sql`update audit_entry set actor_id = 'x'`,
    sql`delete from audit_entry`,
    sql`truncate audit_entry`,
  ]) {
    await assert.rejects(change.execute(db), /never changed or removed/);
  }
  assert.equal((await verify()).brokenAt, null);
});

test('what one act writes down of several things is as many entries of the chain', async () => {
  const actor = { kind: 'operator', id: 'test', address: 'local' } as const;
  const before = (await verify()).entries;
  await transact(world.exchange, actor, async (_trx, ledger) => {
    for (const id of ['first', 'second', 'third'])
      ledger.audit({ facilityId: null, action: 'study.downloaded', subject: { kind: 'study', id } });
  });
  const { entries, brokenAt } = await verify();
  assert.deepEqual([entries, brokenAt], [before + 3, null]);
  const last = await world.exchange.db
    .selectFrom('auditEntry')
    .select('subjectId')
    .orderBy('id', 'desc')
    .limit(3)
    .execute();
  assert.deepEqual(
    last.map(({ subjectId }) => subjectId),
    ['third', 'second', 'first'],
  );
});

test('a hundred acts at once make one chain', async () => {
  const facility = await aFacility(world.exchange, { slug: 'busy' });
  await Promise.all(Array.from({ length: 50 }, () => anOpenedRequest(world.exchange, facility)));
  const { entries, brokenAt } = await verify();
  assert.equal(brokenAt, null);
  assert.ok(entries >= 111);
});
