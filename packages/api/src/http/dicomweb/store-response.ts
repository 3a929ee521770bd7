import type { Ingested } from '@filmpost/exchange/ingest/commands.ts';
import { BytesResponse } from '../../answer.ts';

/** Failure reasons of the Store Instances Response (PS3.18 I.2.2; PS3.4 B.2.3). */
const FAILURE = {
  duplicate: 0x0111,
  otherStudy: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

/**
 * Store Instances Response Module (PS3.18 I.2): 200 all, 202 some, 409 none. What is stored already, byte for byte,
 * counts as stored: saying it twice changes nothing.
 */
export function storeResponse(
  ingested: Ingested | null,
  { contentType, origin }: { contentType: string; origin: string },
): Response {
  const stored = [...(ingested?.added ?? []), ...(ingested?.duplicates ?? [])];
  const failed = failures(ingested);
  const studies = new Set(stored.map((instance) => instance.study.studyInstanceUid));
  const [only] = studies;
  const body = {
    ...(studies.size === 1 && only && { '00081190': url(origin, `studies/${only}`) }),
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
    ...(stored.length > 0 && {
      '00081199': {
        vr: 'SQ',
        Value: stored.map((instance) => ({
          ...references(instance),
          '00081190': retrieveUrl(origin, instance),
        })),
      },
    }),
  };
  const status = failed.length === 0 && stored.length > 0 ? 200 : stored.length > 0 ? 202 : 409;
  return new BytesResponse(Buffer.from(JSON.stringify(body)), {
    status,
    headers: { 'content-type': contentType, 'cache-control': 'no-store', vary: 'Accept' },
  });
}

function failures(ingested: Ingested | null): object[] {
  const conflicts = ingested?.conflicts ?? [];
  const others = (ingested?.setAside ?? []).filter(
    ({ reason }) => reason !== 'duplicate' && reason !== 'conflict',
  );
  return [
    ...conflicts.map((instance) => ({ ...references(instance), '00081197': reason(FAILURE.duplicate) })),
    ...others.map((file) => ({
      ...(file.identity && references(file.identity)),
      '00081197': reason(file.reason === 'other-study' ? FAILURE.otherStudy : FAILURE.cannotUnderstand),
    })),
  ];
}

type Stored = Ingested['added'][number];

function references({ sopClassUid, sopInstanceUid }: Pick<Stored, 'sopClassUid' | 'sopInstanceUid'>) {
  return {
    '00081150': { vr: 'UI', Value: [sopClassUid] },
    '00081155': { vr: 'UI', Value: [sopInstanceUid] },
  };
}

function retrieveUrl(origin: string, { study, series, sopInstanceUid }: Stored) {
  const uids = [study.studyInstanceUid, series.seriesInstanceUid, sopInstanceUid].map(encodeURIComponent);
  return url(origin, `studies/${uids[0]}/series/${uids[1]}/instances/${uids[2]}`);
}

function url(origin: string, path: string) {
  return { vr: 'UR', Value: [`${origin}/dicomweb/${path}`] };
}

function reason(code: number) {
  return { vr: 'US', Value: [code] };
}
