import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as paths from './paths.ts';

const share = '0197f3c2-share';
const uid = '1.2.826.0.1.3680043.8.498.1';

test('every address of the site is the one people and scripts already know', () => {
  assert.deepEqual(
    {
      home: paths.home(),
      networkCheck: paths.networkCheck(),
      verify: paths.verify(),
      help: paths.help('mount'),
      view: paths.view(),
      viewAfterLeaving: paths.viewAfterLeaving(),
      inbox: paths.inbox(share),
      intoPacs: paths.intoPacs(share),
      viewer: paths.viewer(share, uid),
      viewerFrame: paths.viewerFrame(share, uid),
      requestPage: paths.requestPage('st-antonius'),
      signIn: paths.signIn(),
      signOut: paths.signOut(),
      desk: paths.desk(),
      deskRequests: paths.deskRequests('st-antonius'),
      deskNewRequest: paths.deskNewRequest('st-antonius'),
      deskRequest: paths.deskRequest('st-antonius', 'r1'),
      deskUploads: paths.deskUploads('st-antonius'),
      deskNewUpload: paths.deskNewUpload('st-antonius'),
      deskUpload: paths.deskUpload('st-antonius', 'u1'),
      deskMonitor: paths.deskMonitor('st-antonius'),
      deskMonitored: paths.deskMonitored('st-antonius', 'u1'),
      deskExams: paths.deskExams('st-antonius'),
      deskExam: paths.deskExam('st-antonius', uid),
      deskShares: paths.deskShares('st-antonius'),
      deskShare: paths.deskShare('st-antonius', share),
      staffViewer: paths.staffViewer('st-antonius', uid),
      packageDownload: paths.packageDownload({ shareId: share }, '0197-p'),
    },
    {
      home: '/',
      networkCheck: '/check',
      verify: '/verify',
      help: '/help#mount',
      view: '/view',
      viewAfterLeaving: '/view?left=',
      inbox: '/view/0197f3c2-share',
      intoPacs: '/view/0197f3c2-share/pacs',
      viewer: '/view/0197f3c2-share/exams/1.2.826.0.1.3680043.8.498.1',
      viewerFrame: '/ohif/viewer?StudyInstanceUIDs=1.2.826.0.1.3680043.8.498.1&share=0197f3c2-share',
      requestPage: '/r/st-antonius',
      signIn: '/sign-in',
      signOut: '/sign-out',
      desk: '/desk',
      deskRequests: '/desk/st-antonius/requests',
      deskNewRequest: '/desk/st-antonius/requests/new',
      deskRequest: '/desk/st-antonius/requests/r1',
      deskUploads: '/desk/st-antonius/uploads',
      deskNewUpload: '/desk/st-antonius/uploads/new',
      deskUpload: '/desk/st-antonius/uploads/u1',
      deskMonitor: '/desk/st-antonius/monitor',
      deskMonitored: '/desk/st-antonius/monitor/u1',
      deskExams: '/desk/st-antonius/exams',
      deskExam: '/desk/st-antonius/exams/1.2.826.0.1.3680043.8.498.1',
      deskShares: '/desk/st-antonius/shares',
      deskShare: '/desk/st-antonius/shares/0197f3c2-share',
      staffViewer: '/ohif/viewer?StudyInstanceUIDs=1.2.826.0.1.3680043.8.498.1&facility=st-antonius',
      packageDownload: '/downloads/0197f3c2-share/packages/0197-p',
    } satisfies Record<keyof typeof paths, string>,
  );
});

test('a package is downloaded from the share, or from the facility, that it was asked for at', () => {
  assert.equal(
    paths.packageDownload({ facility: 'st-antony' }, '0197-p'),
    '/downloads/f/st-antony/packages/0197-p',
  );
});

test('an id with a slash or a question mark cannot leave its segment', () => {
  assert.equal(paths.inbox('a/../b?c#d'), '/view/a%2F..%2Fb%3Fc%23d');
});

test('the viewer opens two exams side by side, and where somebody was', () => {
  assert.equal(paths.viewer(share, uid, '1.2.3'), `/view/${share}/exams/${uid}?beside=1.2.3`);
  const address = paths.viewerFrame(share, uid, {
    beside: '1.2.3',
    place: { seriesInstanceUid: '4.5', sopInstanceUid: '6.7' },
    segmentations: true,
  });
  assert.deepEqual(Object.fromEntries(new URL(address, 'http://host').searchParams), {
    StudyInstanceUIDs: `${uid},1.2.3`,
    share,
    hangingProtocolId: '@ohif/hpCompare',
    stageId: 'beside',
    initialSeriesInstanceUID: '4.5',
    initialSOPInstanceUID: '6.7',
    segmentations: 'yes',
  });
  const narrow = paths.viewerFrame(share, uid, { beside: '1.2.3', narrow: true });
  assert.equal(new URL(narrow, 'http://host').searchParams.get('stageId'), 'stacked');
});
