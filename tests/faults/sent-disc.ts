import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { EventFeed } from '@filmpost/api/live/feed.ts';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { announce, openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { type Study, aStudy } from '../world/dicom/study.ts';
import type { Facility } from '../world/facility.ts';
import { manifestOf } from '../world/sending.ts';
import { unzipped } from '../world/unzipped.ts';
import { type Papers, type SentRequest, aRecipient, visitorWith } from '../world/visitors.ts';
import { type Pack, packOf, sendSteadily } from './steady-sender.ts';

const AT_ONCE = 3;
const IMAGES_A_PACK = 6;

/** What a test of faults needs of the house that they befall. */
export interface Befallen {
  exchange: Exchange;
  databaseUrl: string;
  /** Without a trailing slash. */
  url: string;
}

/** Images large enough for the network to be cut in their middle: 128 KiB each. */
export function aLargeStudy(key: string, images: number): Study {
  return aStudy({
    key,
    studyDescription: 'CT Head',
    series: [{ instances: images, rows: 256, columns: 256 }],
  });
}

/** Calls a procedure as the page does. */
export function call(
  { url, papers }: { url: string; papers: Papers },
  name: string,
  input: object,
): Promise<Response> {
  const headers = { ...papers, 'content-type': 'application/json' };
  return fetch(`${url}/trpc/${name}`, { method: 'POST', headers, body: JSON.stringify(input) });
}

/** Asks until it is answered. */
export async function insist(
  ask: () => Promise<Response>,
  recovered: () => Promise<void>,
): Promise<Response> {
  for (;;) {
    try {
      const response = await ask();
      if (response.ok) return response;
      await response.arrayBuffer();
    } catch {
      await recovered();
    }
  }
}

/** Settles when everything of an upload is understood. */
export async function arrived(
  { exchange, databaseUrl }: Omit<Befallen, 'url'>,
  uploadId: string,
): Promise<void> {
  const feed = new EventFeed(exchange, databaseUrl);
  await feed.open();
  const enough = new AbortController();
  for await (const event of feed.follow(`upload:${uploadId}`, 0, enough.signal)) {
    if (event.kind === 'upload.changed' && event.payload.upload.state === 'arrived') break;
  }
  enough.abort();
  await feed.close();
}

export async function anAnnouncedUpload(
  exchange: Exchange,
  request: SentRequest,
  study: Study,
): Promise<string> {
  const { uploadId } = await openRequestUpload(exchange, request.fulfil);
  const visitor = await visitorWith(exchange, request.uploader);
  const writer = await admit(exchange, visitor, { capability: 'upload:write', subject: { uploadId } });
  await announce(exchange, writer, manifestOf(study));
  return uploadId;
}

export function packsOf({ files }: Study): Pack[] {
  return Array.from({ length: Math.ceil(files.length / IMAGES_A_PACK) }, (_, i) =>
    packOf(files.slice(i * IMAGES_A_PACK, (i + 1) * IMAGES_A_PACK)),
  );
}

/** All packs, a few at a time. Returns how often something had to be sent again. */
export async function sendAll(study: Study, sending: Parameters<typeof sendSteadily>[1]): Promise<number> {
  const packs = packsOf(study);
  const again: number[] = [];
  const work = async () => {
    for (let pack = packs.shift(); pack; pack = packs.shift()) again.push(await sendSteadily(pack, sending));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return again.reduce((sum, times) => sum + times, 0);
}

/** What a recipient gets, image by image and as a package: each file once, byte for byte. */
export async function assertWhole(
  { exchange, url, facility }: Omit<Befallen, 'databaseUrl'> & { facility: Facility },
  request: SentRequest,
  study: Study,
): Promise<void> {
  const share = await createShare(exchange, facility.work, {
    facility: facility.slug,
    requestId: request.requestId,
  });
  const papers = await aRecipient(exchange, { code: share.code, birthDate: '1981/08/29' });
  const root = `${url}/dicomweb/s/${share.shareId}/studies`;
  const found = await fetch(`${root}/${study.studyInstanceUid}/instances`, { headers: papers });
  const list: object[] = await found.json();
  assert.equal(list.length, study.files.length, 'each image once');
  for (const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, bytes } of study.files) {
    const address = `${root}/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
    const image = await fetch(address, { headers: { ...papers, accept: 'application/dicom' } });
    assert.equal(
      hash('sha256', Buffer.from(await image.arrayBuffer())),
      hash('sha256', bytes),
      sopInstanceUid,
    );
  }
  const row = await exchange.db
    .selectFrom('shareStudy')
    .select('studyId')
    .where('shareId', '=', share.shareId)
    .executeTakeFirstOrThrow();
  const download = await fetch(`${url}/downloads/${share.shareId}/exams.zip?exam=${row.studyId}`, {
    headers: papers,
  });
  const taken = [...unzipped(Buffer.from(await download.arrayBuffer()))]
    .filter(([name]) => name.startsWith('IMAGES/DICOMS/'))
    .map(([, bytes]) => bytes);
  assert.deepEqual(
    taken.map((bytes) => hash('sha256', bytes)).sort(),
    study.files.map(({ bytes }) => hash('sha256', bytes)).sort(),
  );
}

/** Why files of an upload became no part of an exam. */
export async function setAside(exchange: Exchange, uploadId: string): Promise<string[]> {
  const rows = await exchange.db
    .selectFrom('setAside')
    .select('reason')
    .where('uploadId', '=', uploadId)
    .execute();
  return rows.map(({ reason }) => reason);
}
