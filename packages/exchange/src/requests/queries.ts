import type { Granted } from '../access/gate/schema.ts';
import { maskedPatient } from '../access/pins/rules.ts';
import type { Exchange } from '../exchange.ts';
import { standingDeclines } from './declining/queries.ts';
import type { Decline } from './declining/schema.ts';
import type { MaskedRequest, RequestListing } from './schema.ts';

const COLUMNS = [
  'id as requestId',
  'outsideFacility',
  'patientName',
  'patientBirthDate',
  'details',
  'state',
  'createdAt',
] as const;

export async function listRequests(
  exchange: Exchange,
  granted: Granted<'facility:work'>,
): Promise<RequestListing[]> {
  const rows = await exchange.db
    .selectFrom('request')
    .select(COLUMNS)
    .where('facilityId', '=', granted.facilityId)
    .orderBy('createdAt', 'desc')
    .limit(500)
    .execute();
  const declines = await standingDeclines(exchange.db, rows);
  return rows.map((row) => listed(row, declines));
}

export async function findRequest(
  exchange: Exchange,
  granted: Granted<'request:watch'>,
): Promise<RequestListing> {
  const row = await exchange.db
    .selectFrom('request')
    .select(COLUMNS)
    .where('id', '=', granted.requestId)
    .executeTakeFirstOrThrow();
  return listed(row, await standingDeclines(exchange.db, [row]));
}

function listed(
  row: Omit<RequestListing, 'createdAt' | 'declined'> & { createdAt: Date },
  declines: ReadonlyMap<string, Decline>,
): RequestListing {
  const declined = declines.get(row.requestId) ?? null;
  return { ...row, createdAt: row.createdAt.toISOString(), declined };
}

/** The PIN and address once more, for the clerk who sends the Request Page again. */
export async function revealPin(
  exchange: Exchange,
  granted: Granted<'request:watch'>,
): Promise<{ pin: string; url: string }> {
  const row = await exchange.db
    .selectFrom('request')
    .innerJoin('facility', 'facility.id', 'request.facilityId')
    .select(['request.pinSealed', 'facility.slug'])
    .where('request.id', '=', granted.requestId)
    .executeTakeFirstOrThrow();
  return { pin: exchange.vault.open(row.pinSealed), url: `${exchange.publicUrl}/r/${row.slug}` };
}

/** The request as its uploader may see it: the patient masked, and of a decline who and when. */
export async function maskedRequest(
  exchange: Exchange,
  granted: Granted<'request:fulfil'>,
): Promise<MaskedRequest> {
  const { patientName, patientBirthDate, ...row } = await exchange.db
    .selectFrom('request')
    .innerJoin('facility', 'facility.id', 'request.facilityId')
    .select([
      'request.id as requestId',
      'request.patientName',
      'request.patientBirthDate',
      'request.details',
      'request.state',
      'facility.name as facilityName',
      'facility.slug as facilitySlug',
      'facility.contactPhone',
      'facility.contactEmail',
    ])
    .where('request.id', '=', granted.requestId)
    .executeTakeFirstOrThrow();
  const decline = (await standingDeclines(exchange.db, [row])).get(row.requestId);
  const declined = decline ? { at: decline.at, name: decline.name, site: decline.site } : null;
  return { ...row, maskedPatient: maskedPatient(patientName, patientBirthDate), declined };
}
