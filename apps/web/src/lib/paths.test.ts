import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as paths from './paths.ts';

const share = '0197f3c2-share';
const uid = '1.2.826.0.1.3680043.8.498.1';

test('every address of the site is the one people and scripts already know', () => {
  assert.deepEqual(
    {
      home: paths.home(),
      view: paths.view(),
      inbox: paths.inbox(share),
      viewer: paths.viewer(share, uid),
      requestPage: paths.requestPage('st-antonius'),
      signIn: paths.signIn(),
      signOut: paths.signOut(),
      desk: paths.desk(),
      deskRequests: paths.deskRequests(),
      deskNewRequest: paths.deskNewRequest(),
      deskRequest: paths.deskRequest('r1'),
      deskUploads: paths.deskUploads(),
      deskUpload: paths.deskUpload('u1'),
      deskExams: paths.deskExams(),
      deskExam: paths.deskExam(uid),
      deskShares: paths.deskShares(),
      deskShare: paths.deskShare(share),
      download: paths.download(share, { format: 'zip' }),
    },
    {
      home: '/',
      view: '/view',
      inbox: '/view/0197f3c2-share',
      viewer: '/view/0197f3c2-share/exams/1.2.826.0.1.3680043.8.498.1',
      requestPage: '/r/st-antonius',
      signIn: '/sign-in',
      signOut: '/sign-out',
      desk: '/desk',
      deskRequests: '/desk/requests',
      deskNewRequest: '/desk/requests/new',
      deskRequest: '/desk/requests/r1',
      deskUploads: '/desk/uploads',
      deskUpload: '/desk/uploads/u1',
      deskExams: '/desk/exams',
      deskExam: '/desk/exams/1.2.826.0.1.3680043.8.498.1',
      deskShares: '/desk/shares',
      deskShare: '/desk/shares/0197f3c2-share',
      download: '/downloads/0197f3c2-share/zip',
    } satisfies Record<keyof typeof paths, string>,
  );
});

test('a download names its exams and asks for the viewer only when somebody ticked it', () => {
  assert.equal(
    paths.download(share, { format: 'iso', studyInstanceUids: ['1.2', '1.3'], includeViewer: true }),
    '/downloads/0197f3c2-share/iso?study=1.2&study=1.3&viewer=1',
  );
});

test('an id with a slash or a question mark cannot leave its segment', () => {
  assert.equal(paths.inbox('a/../b?c#d'), '/view/a%2F..%2Fb%3Fc%23d');
});
