import { createHash } from 'node:crypto';
import { contentDisposition, downloadName } from '@filmpost/media/lastname.ts';
import { type ByteRange, type ZipPlan, planZip, zipSegments } from '@filmpost/media/zip.ts';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { servedBytes } from '@filmpost/exchange/archive/reading/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { auditDownload } from '@filmpost/exchange/packages/commands.ts';
import { packageContents } from '@filmpost/exchange/packages/queries.ts';
import { type PackagedInstance, zipEntries } from '@filmpost/exchange/packages/rules.ts';
import { BytesResponse, json, notHere } from '../answer.ts';
import type { Knock } from '../knock.ts';
import { wantedRange } from './byte-range.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * `GET /downloads/<share>/exams.zip?exam=<id>…`: the chosen exams as a stored ZIP, original bytes straight from the
 * blobs. Its length is known before its first byte, and any range of it can be asked for (RFC 9110 14).
 */
export async function downloads(exchange: Exchange, { request, url, visitor }: Knock): Promise<Response> {
  const shareId = /^\/downloads\/([^/]+)\/exams\.zip$/.exec(url.pathname)?.[1];
  if (!shareId) return notHere();
  const granted = await admit(exchange, visitor, { capability: 'share:download', subject: { shareId } });
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return json(405, { error: 'Use GET or HEAD.' }, { allow: 'GET, HEAD' });
  }
  const chosen = url.searchParams.getAll('exam').filter((id) => UUID.test(id));
  const contents = chosen.length > 0 ? await packageContents(exchange, granted, chosen) : null;
  if (!contents || contents.instances.length === 0) return notHere();
  const plan = planZip(zipEntries(contents.instances, contents.modified));
  const name = downloadName(contents.patientName, 'zip');
  const etag = `"${createHash('sha256').update(contents.studyIds.join()).update(String(contents.modified.getTime())).update(String(plan.size)).digest('base64url').slice(0, 27)}"`;
  const range = wantedRange(request, { size: plan.size, etag });
  const headers = new Headers({
    'content-type': 'application/zip',
    'content-disposition': contentDisposition(name),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    etag,
  });
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${plan.size}`);
    return new BytesResponse(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: plan.size };
  headers.set('content-length', String(end - start));
  if (range) headers.set('content-range', `bytes ${start}-${end - 1}/${plan.size}`);
  if (request.method === 'HEAD') return new BytesResponse(null, { status: 200, headers });
  await auditDownload(exchange, granted, { studyIds: contents.studyIds, bytes: end - start });
  const bytes = zipBytes(exchange, plan, { instances: contents.instances, range: { start, end } });
  return new BytesResponse(bytes, { status: range ? 206 : 200, headers });
}

async function* zipBytes(
  exchange: Exchange,
  plan: ZipPlan,
  { instances, range }: { instances: readonly PackagedInstance[]; range: ByteRange },
): AsyncGenerator<Uint8Array> {
  for (const segment of zipSegments(plan, range)) {
    if (segment.kind === 'bytes') yield segment.bytes;
    else {
      const instance = instances[segment.index];
      if (!instance) throw new Error('a package plan names an instance that it does not have');
      yield* servedBytes(exchange, instance, segment);
    }
  }
}
