import { makeShareKey, revokeShareKey } from '@filmpost/exchange/access/share-keys/commands.ts';
import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import { cancelRequest } from '@filmpost/exchange/requests/cancelling/commands.ts';
import { askForPackage } from '@filmpost/exchange/packages/commands.ts';
import type { Taking } from '@filmpost/exchange/packages/queries.ts';
import { createShare, revokeShare } from '@filmpost/exchange/shares/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { revokeDevice } from '@filmpost/exchange/facilities/commands.ts';
import { type StudyFile, aStudy } from '../world/dicom/study.ts';
import type { ServedWorld } from '../world/exchange.ts';
import { type Device, type Facility, aDevice, aFacility, aStaffMember } from '../world/facility.ts';
import { storeFiles } from '../world/stored.ts';
import {
  type Papers,
  anOpenedRequest,
  anonymous,
  aRecipient,
  signedIn,
  visitorWith,
  withKey,
} from '../world/visitors.ts';

/** Everybody who may knock, seen from one facility, one request, one upload and one share. */
export const KINDS = [
  'anonymous',
  'recipient',
  'recipient elsewhere',
  'recipient, expired',
  'recipient, revoked',
  'uploader',
  'uploader elsewhere',
  'uploader, cancelled',
  'clerk',
  'clerk elsewhere',
  'clerk, disabled',
  'administrator',
  'device',
  'device elsewhere',
  'device, revoked',
  'share key',
  'share key elsewhere',
  'share key, expired',
  'share key, revoked',
] as const;
export type Kind = (typeof KINDS)[number];

/** What is asked for. Visitors whose right has ended ask for what was theirs, all others for the same things. */
export interface Subjects {
  facility: string;
  requestId: string;
  pin: string;
  uploadId: string;
  /** A tus upload that has been begun. */
  blobId: string;
  shareId: string;
  code: string;
  studyId: string;
  /** A package of the share. */
  packageId: string;
  /** A package that the facility's own staff has asked for. */
  ownPackageId: string;
  image: StudyFile;
}

export interface Knocker {
  kind: Kind;
  papers: Papers;
  at: Subjects;
}

/** Of the patient of every share and request here. */
export const birthDate = '1981/08/29';

/** A facility with its people and machines, and one exam in its record. */
interface House {
  facility: Facility;
  device: Device;
  clerk: Papers;
  administrator: Papers;
  studyId: string;
  packageId: string;
  image: StudyFile;
}

export interface Neighbourhood {
  home: House;
  elsewhere: House;
  disabledClerk: Papers;
  revokedDevice: Papers;
}

/** Two facilities side by side; whatever is done at one must be invisible from the other. */
export async function aNeighbourhood(world: ServedWorld): Promise<Neighbourhood> {
  const { exchange } = world;
  const home = await aHouse(world, 'home');
  const elsewhere = await aHouse(world, 'elsewhere');
  const disabledClerk = await aClerk(world, home.facility, { name: 'gone' });
  await exchange.db
    .updateTable('staffMember')
    .set({ disabledAt: exchange.now() })
    .where('facilityId', '=', home.facility.id)
    .where('userId', '=', (await userOf(world, 'gone')).id)
    .execute();
  const old = await aDevice(exchange, home.facility, 'Old scanner');
  await revokeDevice(exchange, home.facility.administer, old.id);
  return { home, elsewhere, disabledClerk, revokedDevice: withKey(old.key) };
}

async function aHouse(world: ServedWorld, slug: string): Promise<House> {
  const { exchange } = world;
  const facility = await aFacility(exchange, { name: slug, slug });
  const device = await aDevice(exchange, facility);
  // A document inside the image, so that bulk data and rendered answer too.
  const document = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(2048, 0x20)]);
  const { files } = aStudy({ key: slug, series: [{ attributes: { EncapsulatedDocument: document } }] });
  await storeFiles(exchange, facility, { files, device });
  const [image] = files;
  const { id: studyId } = await exchange.db
    .selectFrom('study')
    .select('id')
    .where('facilityId', '=', facility.id)
    .executeTakeFirstOrThrow();
  if (!image) throw new Error('a study has images');
  const clerk = await aClerk(world, facility, { name: `clerk-${slug}` });
  const administrator = await aClerk(world, facility, { name: `head-${slug}`, role: 'administrator' });
  const staff = await visitorWith(exchange, clerk);
  const reading = await admit(exchange, staff, { capability: 'archive:read', subject: { facility: slug } });
  const packageId = await aPackage(exchange, reading, image);
  return { facility, device, clerk, administrator, studyId, packageId, image };
}

/** The image's exam as a ZIP, for whoever may have it. */
async function aPackage(
  exchange: Exchange,
  taking: Taking,
  { studyInstanceUid }: StudyFile,
): Promise<string> {
  const studyInstanceUids = [studyInstanceUid];
  const { packageId } = await askForPackage(exchange, taking, {
    studyInstanceUids,
    kind: 'zip',
    viewer: false,
  });
  return packageId;
}

async function aClerk(
  { exchange }: ServedWorld,
  facility: Facility,
  { name, role = 'clerk' }: { name: string; role?: 'clerk' | 'administrator' },
): Promise<Papers> {
  const person = {
    name,
    email: `${name}@clinic.example`,
    role,
    password: 'fifteen letters and more',
  } as const;
  return signedIn(exchange, await aStaffMember(exchange, facility, person));
}

async function userOf({ exchange }: ServedWorld, name: string): Promise<{ id: string }> {
  const auth = await exchange.staffAuth.$context;
  const found = await auth.internalAdapter.findUserByEmail(`${name}@clinic.example`);
  if (!found) throw new Error('this clerk was never added');
  return found.user;
}

/** Everybody at the door, with a request, an upload and shares that nobody has touched before. */
export async function everybody(world: ServedWorld, neighbourhood: Neighbourhood): Promise<Knocker[]> {
  const { home, elsewhere } = neighbourhood;
  const [request, cancelled, foreignRequest] = await Promise.all([
    anUpload(world, home),
    anUpload(world, home),
    anUpload(world, elsewhere),
  ]);
  const [share, expired, revoked, foreignShare] = await Promise.all([
    aShare(world, home),
    aShare(world, home),
    aShare(world, home),
    aShare(world, elsewhere),
  ]);
  await cancel(world, cancelled.at.requestId);
  await expire(world, expired.at.shareId);
  await revoke(world, revoked.at.shareId);
  const at: Subjects = {
    ...request.at,
    ...share.at,
    facility: home.facility.slug,
    studyId: home.studyId,
    ownPackageId: home.packageId,
    image: home.image,
  };
  const papers: Record<Kind, Papers> = {
    anonymous,
    recipient: share.papers,
    'recipient elsewhere': foreignShare.papers,
    'recipient, expired': expired.papers,
    'recipient, revoked': revoked.papers,
    uploader: request.papers,
    'uploader elsewhere': foreignRequest.papers,
    'uploader, cancelled': cancelled.papers,
    clerk: home.clerk,
    'clerk elsewhere': elsewhere.clerk,
    'clerk, disabled': neighbourhood.disabledClerk,
    administrator: home.administrator,
    device: withKey(home.device.key),
    'device elsewhere': withKey(elsewhere.device.key),
    'device, revoked': neighbourhood.revokedDevice,
    'share key': await aKey(world, share),
    'share key elsewhere': await aKey(world, foreignShare),
    'share key, expired': await aKey(world, share, 'expired'),
    'share key, revoked': await aKey(world, share, 'revoked'),
  };
  const own: Partial<Record<Kind, Partial<Subjects>>> = {
    'recipient, expired': expired.at,
    'recipient, revoked': revoked.at,
    'uploader, cancelled': cancelled.at,
  };
  return KINDS.map((kind) => ({ kind, papers: papers[kind], at: { ...at, ...own[kind] } }));
}

async function anUpload({ exchange, url }: ServedWorld, { facility }: House) {
  const request = await anOpenedRequest(exchange, facility);
  const { uploadId } = await openRequestUpload(exchange, request.fulfil);
  const begun = await fetch(`${url}/files`, {
    method: 'POST',
    headers: { ...request.uploader, ...creation(uploadId, 100) },
  });
  const blobId = begun.headers.get('location')?.split('/').at(-1) ?? '';
  const { requestId, pin } = request;
  return { papers: request.uploader, at: { requestId, pin, uploadId, blobId } };
}

/** Headers of a tus creation; without an upload the bytes go to a device's own. */
export function creation(uploadId: string | null, length: number): Papers {
  const metadata: Papers = uploadId ? { 'upload-metadata': `upload ${btoa(uploadId)}` } : {};
  return { 'tus-resumable': '1.0.0', 'upload-length': String(length), ...metadata };
}

async function aShare({ exchange }: ServedWorld, { facility, image }: House) {
  const { studyInstanceUid } = image;
  const { shareId, code } = await createShare(exchange, facility.work, {
    facility: facility.slug,
    studyInstanceUids: [studyInstanceUid],
  });
  const papers = await aRecipient(exchange, { code, birthDate });
  const recipient = await visitorWith(exchange, papers);
  const taking = await admit(exchange, recipient, { capability: 'share:download', subject: { shareId } });
  const packageId = await aPackage(exchange, taking, image);
  return { papers, at: { shareId, code, packageId } };
}

/** A key to the share of this recipient, as it is or after its end. */
async function aKey(
  { exchange }: ServedWorld,
  { papers, at }: { papers: Papers; at: { shareId: string } },
  end?: 'expired' | 'revoked',
): Promise<Papers> {
  const visitor = await visitorWith(exchange, papers);
  const granted = await admit(exchange, visitor, { capability: 'share:download', subject: at });
  const { keyId, key } = await makeShareKey(exchange, granted, { hours: 1 });
  if (end === 'revoked') await revokeShareKey(exchange, granted, keyId);
  if (end === 'expired') {
    const expiresAt = new Date(exchange.now().getTime() - 1000);
    await exchange.db.updateTable('shareKey').set({ expiresAt }).where('id', '=', keyId).execute();
  }
  return withKey(key);
}

async function cancel({ exchange }: ServedWorld, requestId: string): Promise<void> {
  const granted = await admit(exchange, operator(), { capability: 'request:watch', subject: { requestId } });
  await cancelRequest(exchange, granted);
}

async function revoke({ exchange }: ServedWorld, shareId: string): Promise<void> {
  const granted = await admit(exchange, operator(), { capability: 'share:manage', subject: { shareId } });
  await revokeShare(exchange, granted);
}

async function expire({ exchange }: ServedWorld, shareId: string): Promise<void> {
  await exchange.db
    .updateTable('share')
    .set({ expiresAt: new Date(exchange.now().getTime() - 1000) })
    .where('id', '=', shareId)
    .execute();
}
