import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { up } from '../../../packages/db/migrations/0023-procedure-steps.ts';
import { type Clinic, aClinic, valueOf } from './clinic.ts';

let clinic: Clinic;
before(async () => {
  clinic = await aClinic();
});
after(() => clinic.world.close());

const STEP = 'RequestAttributesSequence.ScheduledProcedureStepID';
const PROCEDURE = 'RequestAttributesSequence.RequestedProcedureID';

/** PS3.18 table 10.6.1-5: what finds the one series that was made for two requests, and what does not. */
const FOUND: [query: string, found: boolean][] = [
  ['PerformedProcedureStepStartDate=20260411', true],
  ['PerformedProcedureStepStartDate=20260401-20260430', true],
  ['PerformedProcedureStepStartDate=20260412-', false],
  ['PerformedProcedureStepStartTime=2359', true],
  ['00400245=1200-', true],
  ['00400245=-1200', false],
  ['00400244=20260411&Modality=MR', true],
  ['00400244=20260411&Modality=CT', false],
  [`${STEP}=SPS-1`, true],
  [`${STEP}=SPS-2`, true],
  [`${STEP}=SPS-*`, true],
  [`${STEP}=SPS-3`, false],
  [`00400275.00400009=SPS-1`, true],
  [`00400275.ScheduledProcedureStepID=SPS-1`, true],
  [`${PROCEDURE}=RP-2`, true],
  [`${STEP}=SPS-1&${PROCEDURE}=RP-1`, true],
  // No item has both.
  [`${STEP}=SPS-1&${PROCEDURE}=RP-2`, false],
];

async function assertFound(): Promise<void> {
  for (const path of ['/series', '/studies', '/instances']) {
    for (const [query, found] of FOUND) {
      const { status, results, headers } = await clinic.ask(`${path}?${query}`);
      assert.equal(status, found ? 200 : 204, `${path}?${query}`);
      assert.equal(results.length, found ? 1 : 0, `${path}?${query}`);
      assert.equal(headers.get('warning'), null, query);
      if (found && path === '/series') assert.equal(valueOf(results[0], '00080060'), 'MR', query);
    }
  }
}

test('a series is found by its performed procedure step and the requests for it', assertFound);

test('series without a request are those that have no value', async () => {
  const { results } = await clinic.ask(`/series?${STEP}=%22%22`);
  assert.ok(results.length > 5);
  assert.ok(results.every((each) => each['00400275']?.Value === undefined));
});

test('an attribute of items that nobody searches by is told', async () => {
  const { headers } = await clinic.ask('/series?RequestAttributesSequence.AccessionNumber=1');
  assert.match(headers.get('warning') ?? '', /RequestAttributesSequence.AccessionNumber is not searched by/);
});

test('series from before these were kept are told by their first instance', async () => {
  const { db } = clinic.world.exchange;
  const added = [
    'procedure_step_date',
    'procedure_step_time',
    'scheduled_step_ids',
    'requested_procedure_ids',
  ];
  for (const column of added) await sql`alter table series drop column ${sql.ref(column)}`.execute(db);
  // Migrations know no types of tables.
  await up(db as unknown as Kysely<unknown>);
  await assertFound();
});
