import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import type { Happening, RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import type { RequestListing } from '@filmpost/exchange/requests/schema.ts';
import type { ShareListing } from '@filmpost/exchange/shares/schema.ts';
import { afterEvent, type DeskLists } from './after-event.ts';

const NOTHING: DeskLists = { requests: [], uploads: [], shares: [], exams: {} };

function told(happening: Happening): RecordedEvent {
  return { sequence: 1, topic: 'facility:f', at: '2026-03-01T12:00:00Z', ...happening };
}

function anUpload(uploadId: string, given: Partial<UploadProgress> = {}): UploadProgress {
  return {
    uploadId,
    kind: 'request',
    requestId: 'r1',
    state: 'open',
    filesChosen: 0,
    filesToSend: 0,
    bytesToSend: 0,
    leftOut: [],
    listedMissing: 0,
    bytesReceived: 0,
    instancesArrived: 0,
    setAside: [],
    createdAt: '2026-03-01T12:00:00Z',
    firstByteAt: null,
    lastByteAt: null,
    sentAt: null,
    arrivedAt: null,
    closedAt: null,
    ...given,
  };
}

function aRequest(requestId: string): RequestListing {
  return {
    requestId,
    outsideFacility: '',
    patientName: 'Anthony^Ryan',
    patientBirthDate: '1986-12-29',
    details: '',
    state: 'sent',
    createdAt: '2026-03-01T10:00:00Z',
    declined: null,
  };
}

function aShare(shareId: string, requestId: string | null): ShareListing {
  return {
    shareId,
    requestId,
    patientName: 'Anthony^Ryan',
    patientBirthDate: '1986-12-29',
    exams: 0,
    createdAt: '2026-03-01T10:00:00Z',
    expiresAt: '2026-03-31T10:00:00Z',
    state: 'active',
    openedAt: null,
  };
}

function anExam(studyInstanceUid: string, instancesArrived: number): ExamProgress {
  return {
    studyInstanceUid,
    state: 'transferring',
    description: 'CT Head',
    modalities: ['CT'],
    studyDate: null,
    seriesCount: 1,
    instancesArrived,
    instancesAnnounced: 600,
    bytes: 0,
    uploadId: 'u1',
  };
}

test('an upload that moves keeps its place in the list', () => {
  const lists = { ...NOTHING, uploads: [anUpload('u2'), anUpload('u1')] };
  const moved = anUpload('u1', { bytesReceived: 7 });
  const heard = afterEvent(lists, told({ kind: 'upload.changed', payload: { upload: moved } }));
  assert.deepEqual(heard.lists.uploads, [anUpload('u2'), moved]);
});

test('an upload never seen before comes to the place its time gives it', () => {
  const lists = {
    ...NOTHING,
    uploads: [anUpload('late', { createdAt: '2026-03-03' }), anUpload('early', { createdAt: '2026-03-01' })],
  };
  const upload = anUpload('between', { createdAt: '2026-03-02' });
  const heard = afterEvent(lists, told({ kind: 'upload.changed', payload: { upload } }));
  assert.deepEqual(
    heard.lists.uploads.map(({ uploadId }) => uploadId),
    ['late', 'between', 'early'],
  );
});

test('shares are asked for again when an upload of the request they follow moves, and not otherwise', () => {
  const lists = { ...NOTHING, shares: [aShare('s1', 'r1'), aShare('s2', null)] };
  const ask = (requestId: string | null) =>
    afterEvent(lists, told({ kind: 'upload.changed', payload: { upload: anUpload('u1', { requestId }) } }))
      .ask;
  assert.deepEqual([ask('r1'), ask('r9'), ask(null)], [['shares'], [], []]);
});

test('a request changes its state at once where it stands, and requests are asked for', () => {
  const lists = { ...NOTHING, requests: [aRequest('r2'), aRequest('r1')] };
  const known = afterEvent(
    lists,
    told({ kind: 'request.changed', payload: { requestId: 'r1', state: 'opened' } }),
  );
  assert.deepEqual(known, {
    lists: { ...lists, requests: [aRequest('r2'), { ...aRequest('r1'), state: 'opened' }] },
    ask: ['requests'],
  });
  const unknown = afterEvent(
    lists,
    told({ kind: 'request.changed', payload: { requestId: 'r9', state: 'sent' } }),
  );
  assert.deepEqual(unknown, { lists, ask: ['requests'] });
});

test('of an exam the newest news counts, and one that was taken back is forgotten', () => {
  const first = afterEvent(NOTHING, told({ kind: 'exam.changed', payload: { exam: anExam('1.2', 3) } }));
  const second = afterEvent(
    first.lists,
    told({ kind: 'exam.changed', payload: { exam: anExam('1.2', 212) } }),
  );
  assert.equal(second.lists.exams['1.2']?.instancesArrived, 212);
  const third = afterEvent(
    second.lists,
    told({ kind: 'exam.removed', payload: { studyInstanceUid: '1.2' } }),
  );
  assert.deepEqual(third.lists.exams, {});
});

test('every change of a share asks for the shares, because the event names no more than it', () => {
  const heard = afterEvent(NOTHING, told({ kind: 'share.changed', payload: { shareId: 's1', ended: true } }));
  assert.deepEqual(heard, { lists: NOTHING, ask: ['shares'] });
});
