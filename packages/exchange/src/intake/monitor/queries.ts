import { type SqlBool, sql } from 'kysely';
import type { Granted } from '../../access/gate/schema.ts';
import { foldName } from '../../archive/rules.ts';
import type { Exchange } from '../../exchange.ts';
import { asProgress, progressOf } from '../queries.ts';
import { STATES_OF, STUCK_AFTER_MINUTES } from './rules.ts';
import type { MonitorFilter, MonitorStretch, MonitorTotals, MonitoredUpload } from './schema.ts';

type Administrator = Granted<'facility:administer'>;

/** A silent transfer of somebody who could be asked; a device falls silent between two studies. */
function isStuck(now: Date) {
  const since = new Date(now.getTime() - STUCK_AFTER_MINUTES * 60_000);
  return sql<boolean>`(u.state = 'open' and u.kind <> 'device' and coalesce(u.last_byte_at, u.created_at) < ${since})`;
}

function letThrough({ now }: Exchange, { facilityId }: Administrator, filter: MonitorFilter) {
  const conditions = [sql<SqlBool>`u.facility_id = ${facilityId}`];
  const { patient, modality, from, until, state } = filter;
  if (state) {
    conditions.push(sql<SqlBool>`u.state = any(${STATES_OF[state]})`);
    if (state === 'stuck') conditions.push(isStuck(now()));
    if (state === 'running') conditions.push(sql<SqlBool>`not ${isStuck(now())}`);
  }
  if (from) conditions.push(sql<SqlBool>`u.created_at >= ${from}`);
  if (until) conditions.push(sql<SqlBool>`u.created_at < ${until}`);
  const words = foldName(patient).split(' ').filter(Boolean);
  const exam = [
    // Words begin where the name's own do: `ada` finds Lovelace, Ada and not Granada.
    ...words.map(
      (word) => sql<SqlBool>`' ' || e.patient_name_folded like ${`% ${word.replace(/[%_\\]/g, '\\$&')}%`}`,
    ),
    ...(modality ? [sql<SqlBool>`${modality.toUpperCase()} = any(e.modalities)`] : []),
  ];
  if (exam.length > 0) {
    conditions.push(
      sql<SqlBool>`exists (select from upload_exam e where e.upload_id = u.id and ${sql.join(exam, sql` and `)})`,
    );
  }
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** Uploads of the facility that the filter lets through, newest first. */
export async function monitoredUploads(
  exchange: Exchange,
  granted: Administrator,
  { filter, stretch }: { filter: MonitorFilter; stretch: MonitorStretch },
): Promise<MonitoredUpload[]> {
  const rows = await progressOf(exchange.db)
    .leftJoin('device', 'device.id', 'u.deviceId')
    .leftJoin('request', 'request.id', 'u.requestId')
    .leftJoin(
      sql<{ userId: string; name: string }>`(select id as user_id, name from auth."user")`.as('person'),
      (join) => join.on(sql`u.opened_by`, '=', sql`'staff ' || person.user_id`),
    )
    .leftJoinLateral(
      sql<{ address: string }>`(
        select address from audit_entry
        where subject_kind = 'upload' and subject_id = u.id::text and action = 'upload.opened' limit 1)`.as(
        'opening',
      ),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      sql<{ exams: number; patients: string[] | null; modalities: string[] | null }>`(
        select count(*) as exams, array_agg(distinct patient_name) as patients,
          (select array_agg(distinct m) from upload_exam x, unnest(x.modalities) m where x.upload_id = u.id) as modalities
        from upload_exam where upload_id = u.id)`.as('brought'),
      (join) => join.onTrue(),
    )
    .select([
      sql<string>`coalesce(device.name, person.name, '')`.as('openedBy'),
      sql<string>`coalesce(request.outside_facility, '')`.as('outsideFacility'),
      sql<string>`coalesce(opening.address, '')`.as('address'),
      sql<string[]>`coalesce(brought.patients, '{}')`.as('patients'),
      sql<string[]>`coalesce(brought.modalities, '{}')`.as('modalities'),
      sql<number>`brought.exams`.as('exams'),
    ])
    .where(letThrough(exchange, granted, filter))
    .orderBy('u.id')
    .offset(stretch.offset)
    .limit(stretch.limit)
    .execute();
  return rows.map(({ openedBy, outsideFacility, address, patients, modalities, exams, ...progress }) => ({
    ...asProgress(progress),
    openedBy,
    outsideFacility,
    address,
    patients,
    modalities,
    exams,
  }));
}

/** What the filter lets through, counted. */
export async function monitorTotals(
  exchange: Exchange,
  granted: Administrator,
  filter: MonitorFilter,
): Promise<MonitorTotals> {
  const stuck = isStuck(exchange.now());
  const { rows } = await sql<MonitorTotals>`
    select count(*) as uploads,
      count(*) filter (where u.state in ('open', 'sent') and not ${stuck}) as running,
      count(*) filter (where ${stuck}) as stuck,
      coalesce(sum((select count(*) from upload_exam e where e.upload_id = u.id)), 0)::bigint as exams,
      coalesce(sum(u.instances_arrived), 0)::bigint as images,
      coalesce(sum(u.bytes_received), 0)::bigint as bytes
    from upload u where ${letThrough(exchange, granted, filter)}`.execute(exchange.db);
  const [totals] = rows;
  if (!totals) throw new RangeError('a count has a row');
  return totals;
}

/** The modalities that uploads of the facility ever brought, for the filter to offer. */
export async function monitoredModalities(exchange: Exchange, granted: Administrator): Promise<string[]> {
  const { rows } = await sql<{ modality: string }>`
    select distinct m as modality from upload u join upload_exam e on e.upload_id = u.id, unnest(e.modalities) m
    where u.facility_id = ${granted.facilityId} order by 1`.execute(exchange.db);
  return rows.map(({ modality }) => modality);
}
