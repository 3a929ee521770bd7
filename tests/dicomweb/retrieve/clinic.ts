import { createShare } from '@filmpost/exchange/shares/commands.ts';
import { type ServedWorld, aServer } from '../../world/exchange.ts';
import { type Device, type Facility, aDevice, aFacility, aStaffMember } from '../../world/facility.ts';
import { type Papers, aRecipient, signedIn, withKey } from '../../world/visitors.ts';

/** A facility behind its real front door, with the three kinds of readers that DICOMweb has. */
export interface Clinic {
  world: ServedWorld;
  facility: Facility;
  device: Device;
  machine: Reader;
  clerk: Reader;
  /** The recipient of a new share of these studies; they are the patient's who is everybody's here. */
  recipientOf(studyInstanceUids: string[]): Promise<Reader>;
  close(): Promise<void>;
}

/** Somebody with papers, and the root below which they read. */
export interface Reader {
  /** Path without a trailing slash: `/dicomweb/s/<share>`. */
  root: string;
  papers: Papers;
  ask(path: string, headers?: Papers, method?: string): Promise<Response>;
}

export async function aClinic(): Promise<Clinic> {
  const world = await aServer();
  const { exchange } = world;
  const facility = await aFacility(exchange);
  const device = await aDevice(exchange, facility);
  const reader = (root: string, papers: Papers): Reader => ({
    root,
    papers,
    ask: (path, headers = {}, method = 'GET') =>
      fetch(`${world.url}${root}${path}`, { method, headers: { ...papers, ...headers } }),
  });
  const person = {
    name: 'Carol',
    email: 'carol@clinic.example',
    role: 'clerk',
    password: 'fifteen letters and more',
  } as const;
  const papers = await signedIn(exchange, await aStaffMember(exchange, facility, person));
  return {
    world,
    facility,
    device,
    machine: reader('/dicomweb', withKey(device.key)),
    clerk: reader(`/dicomweb/f/${facility.slug}`, papers),
    async recipientOf(studyInstanceUids) {
      const share = { facility: facility.slug, studyInstanceUids };
      const { shareId, code } = await createShare(exchange, facility.work, share);
      const entry = { code, birthDate: '1981/08/29' };
      return reader(`/dicomweb/s/${shareId}`, await aRecipient(exchange, entry));
    },
    close: () => world.close(),
  };
}

/** The path of an instance below a root. */
export function pathOf(instance: {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
  return `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
}

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** A part of a multipart answer, its header names in lower case. */
export interface AnsweredPart {
  headers: Record<string, string>;
  bytes: Buffer;
}

/** The parts of a multipart/related answer, found by its boundary alone (RFC 2046 5.1). */
export async function partsOf(response: Response): Promise<AnsweredPart[]> {
  const boundary = /boundary="?([^";]+)/.exec(response.headers.get('content-type') ?? '')?.[1];
  const body = await bytesOf(response);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: AnsweredPart[] = [];
  for (let at = whole.indexOf(delimiter); ;) {
    const start = at + delimiter.length;
    if (whole.subarray(start, start + 2).toString() === '--') return parts;
    const headersEnd = whole.indexOf('\r\n\r\n', start);
    at = whole.indexOf(delimiter, headersEnd);
    const lines = whole
      .subarray(start + 2, headersEnd)
      .toString()
      .split('\r\n');
    const headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    parts.push({ headers: Object.fromEntries(headers), bytes: whole.subarray(headersEnd + 4, at) });
  }
}
