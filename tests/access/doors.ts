import { KINDS, type Kind, type Subjects, birthDate, creation } from './neighbourhood.ts';
import type { Papers } from '../world/visitors.ts';
import { PUBLIC_URL } from '../world/exchange.ts';
import { multipartOf } from '../world/multipart.ts';

export interface Knocking {
  method: string;
  path: string;
  headers?: Papers;
  body?: BodyInit;
}

export interface Door {
  /** Who gets something. */
  may: readonly Kind[];
  /** Who is let in, and finds that there is nothing (204): searches within somebody's own reach. */
  findNothing?: readonly Kind[];
  /** Whose key is dead is told so (401), instead of being refused as others are. */
  tellsDeadKeys?: boolean;
  knock(at: Subjects): Knocking;
}

const nobody: readonly Kind[] = [];
const image = ({ image }: Subjects) => image;
const get = (path: string): Knocking => ({ method: 'GET', path });

/** DICOMweb resources below `…/studies` and whether each is a search (PS3.18 10.4, 10.6). */
const RESOURCES: Record<string, { search?: true; path(at: Subjects): string }> = {
  'a study': { path: (at) => study(at) },
  'study metadata': { path: (at) => `${study(at)}/metadata` },
  'series of a study': { search: true, path: (at) => `${study(at)}/series` },
  'instances of a study': { search: true, path: (at) => `${study(at)}/instances` },
  'a series': { path: (at) => series(at) },
  'series metadata': { path: (at) => `${series(at)}/metadata` },
  'instances of a series': { search: true, path: (at) => `${series(at)}/instances` },
  'an instance': { path: (at) => instance(at) },
  'instance metadata': { path: (at) => `${instance(at)}/metadata` },
  frames: { path: (at) => `${instance(at)}/frames/1` },
  'bulk data': { path: (at) => `${instance(at)}/bulkdata/00420011` },
  'a rendered study': { path: (at) => `${study(at)}/rendered` },
  'a rendered series': { path: (at) => `${series(at)}/rendered` },
  'a rendered instance': { path: (at) => `${instance(at)}/rendered` },
  'rendered frames': { path: (at) => `${instance(at)}/frames/1/rendered` },
  'thumbnail of a study': { path: (at) => `${study(at)}/thumbnail` },
  'thumbnail of a series': { path: (at) => `${series(at)}/thumbnail` },
  'thumbnail of an instance': { path: (at) => `${instance(at)}/thumbnail` },
  'thumbnail of a frame': { path: (at) => `${instance(at)}/frames/1/thumbnail` },
};

const study = (at: Subjects) => `/${image(at).studyInstanceUid}`;
const series = (at: Subjects) => `${study(at)}/series/${image(at).seriesInstanceUid}`;
const instance = (at: Subjects) => `${series(at)}/instances/${image(at).sopInstanceUid}`;

function byUri(at: Subjects): URLSearchParams {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = image(at);
  const uids = { studyUID: studyInstanceUid, seriesUID: seriesInstanceUid, objectUID: sopInstanceUid };
  return new URLSearchParams({ requestType: 'WADO', ...uids, contentType: 'application/dicom' });
}

/** Who reads under which root. Others' keys search their own record there, and find none of ours. */
const ROOTS: { root(at: Subjects): string; name: string; may: Kind[]; elsewhere: Kind[] }[] = [
  { name: '/dicomweb', root: () => '/dicomweb', may: ['device'], elsewhere: ['device elsewhere'] },
  {
    name: '/dicomweb/s/{share}',
    root: ({ shareId }) => `/dicomweb/s/${shareId}`,
    may: ['recipient', 'share key'],
    elsewhere: [],
  },
  {
    name: '/dicomweb/f/{facility}',
    root: ({ facility }) => `/dicomweb/f/${facility}`,
    may: ['clerk', 'administrator'],
    elsewhere: [],
  },
];

function dicomwebDoors(): Record<string, Door> {
  const doors: Record<string, Door> = {};
  for (const { root, name, may, elsewhere } of ROOTS) {
    for (const [resource, { search, path }] of Object.entries(RESOURCES)) {
      doors[`GET ${name}: ${resource}`] = {
        may,
        findNothing: search ? elsewhere : nobody,
        tellsDeadKeys: true,
        knock: (at) => get(`${root(at)}/studies${path(at)}`),
      };
    }
    for (const all of ['studies', 'series', 'instances']) {
      doors[`GET ${name}: all ${all}`] = {
        // The other facility's device has a record of its own, so a search of everything does find something.
        may: [...may, ...elsewhere],
        tellsDeadKeys: true,
        knock: (at) => get(`${root(at)}/${all}`),
      };
    }
    doors[`GET ${name}: an instance by WADO-URI`] = {
      may,
      tellsDeadKeys: true,
      knock: (at) => get(`${root(at)}/wado?${byUri(at)}`),
    };
    // What the services can do is nobody's secret.
    doors[`OPTIONS ${name}`] = { may: KINDS, knock: (at) => ({ method: 'OPTIONS', path: root(at) }) };
  }
  return doors;
}

const signIn = { email: 'nobody@clinic.example', password: 'a password that nobody has' };
const json = (path: string, body: object): Knocking => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', origin: PUBLIC_URL },
  body: JSON.stringify(body),
});

/** Every path before the pages, each kind of request to it, and who may make it. */
export const DOORS: Record<string, Door> = {
  'GET /health': { may: KINDS, knock: () => get('/health') },
  'PATCH /reach/method': { may: KINDS, knock: () => ({ method: 'PATCH', path: '/reach/method' }) },
  'POST /reach/body': { may: KINDS, knock: () => ({ method: 'POST', path: '/reach/body', body: 'bytes' }) },
  'GET /reach/stream': { may: KINDS, knock: () => get('/reach/stream') },
  'GET /reach/sample': { may: KINDS, knock: () => get('/reach/sample') },
  'GET /reach/module.wasm': { may: KINDS, knock: () => get('/reach/module.wasm') },
  'GET /.well-known/filmpost-signing-key': {
    may: KINDS,
    knock: () => get('/.well-known/filmpost-signing-key'),
  },
  'GET /.well-known/anything': { may: nobody, knock: () => get('/.well-known/change-password') },
  'GET /ohif/': { may: KINDS, knock: () => get('/ohif/') },

  'OPTIONS /files': { may: KINDS, knock: () => ({ method: 'OPTIONS', path: '/files' }) },
  'POST /files for an upload': {
    may: ['uploader'],
    knock: ({ uploadId }) => ({ method: 'POST', path: '/files', headers: creation(uploadId, 10) }),
  },
  'POST /files for a device': {
    may: ['device', 'device elsewhere'],
    knock: () => ({ method: 'POST', path: '/files', headers: creation(null, 10) }),
  },
  'HEAD /files/{blob}': {
    may: ['uploader'],
    knock: ({ blobId }) => tus('HEAD', blobId),
  },
  'PATCH /files/{blob}': {
    may: ['uploader'],
    knock: ({ blobId }) => ({
      ...tus('PATCH', blobId, { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }),
      body: 'abc',
    }),
  },
  'DELETE /files/{blob}': { may: ['uploader'], knock: ({ blobId }) => tus('DELETE', blobId) },
  'GET /files/{blob}': { may: nobody, knock: ({ blobId }) => tus('GET', blobId) },

  ...dicomwebDoors(),
  'POST /dicomweb/studies': {
    may: ['device', 'device elsewhere'],
    tellsDeadKeys: true,
    knock: (at) => ({ method: 'POST', path: '/dicomweb/studies', ...multipartOf([image(at).bytes]) }),
  },
  'GET /dicomweb/anything': {
    may: nobody,
    tellsDeadKeys: true,
    knock: () => get('/dicomweb/anything'),
  },

  'GET /downloads/{share}/exams.zip': {
    may: ['recipient'],
    knock: ({ shareId, studyId }) => get(`/downloads/${shareId}/exams.zip?exam=${studyId}`),
  },
  'HEAD /downloads/{share}/exams.zip': {
    may: ['recipient'],
    knock: ({ shareId, studyId }) => ({
      method: 'HEAD',
      path: `/downloads/${shareId}/exams.zip?exam=${studyId}`,
    }),
  },
  'GET /downloads/{share}/packages/{package}': {
    may: ['recipient'],
    knock: ({ shareId, packageId }) => get(`/downloads/${shareId}/packages/${packageId}`),
  },
  'GET /downloads/f/{facility}/packages/{package}': {
    may: ['clerk', 'administrator'],
    knock: ({ facility, ownPackageId }) => get(`/downloads/f/${facility}/packages/${ownPackageId}`),
  },
  // The same package is a share's or the facility's, never both.
  'GET /downloads/f/{facility}/packages/{a share’s package}': {
    may: nobody,
    knock: ({ facility, packageId }) => get(`/downloads/f/${facility}/packages/${packageId}`),
  },
  'GET /downloads/{share}/anything': {
    may: nobody,
    knock: ({ shareId }) => get(`/downloads/${shareId}/patient.pdf`),
  },

  'GET /auth/get-session': { may: KINDS, knock: () => get('/auth/get-session') },
  // Accounts are made by the facility.
  'POST /auth/sign-up/email': {
    may: nobody,
    knock: () => json('/auth/sign-up/email', { ...signIn, name: 'Nobody' }),
  },
  'POST /auth/change-password': {
    may: nobody,
    knock: () => json('/auth/change-password', { currentPassword: birthDate, newPassword: signIn.password }),
  },
  'GET /auth/list-sessions': { may: nobody, knock: () => get('/auth/list-sessions') },
  // The last row: it does what it says to the clerks.
  'POST /auth/sign-out': { may: KINDS, knock: () => json('/auth/sign-out', {}) },
};

function tus(method: string, blobId: string, more: Papers = {}): Knocking {
  return { method, path: `/files/${blobId}`, headers: { 'tus-resumable': '1.0.0', ...more } };
}

/** Doors that are tried elsewhere, and where. */
export const TRIED_ELSEWHERE: Record<string, string> = {
  '/trpc': 'procedures.test.ts, and sockets.test.ts over WebSocket',
  '/live': 'sockets.test.ts',
};
