import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { openRequestUpload } from '@filmpost/exchange/intake/commands.ts';
import { aStudy } from './dicom/study.ts';
import { aServer } from './exchange.ts';
import { aDevice, aFacility, aStaffMember } from './facility.ts';
import { storeFiles } from './stored.ts';
import { anOpenedRequest, signedIn, visitorWith, withKey } from './visitors.ts';

test('a world opens behind its front door, knows its visitors, and closes', async () => {
  const world = await aServer();
  try {
    const { exchange, url } = world;
    const facility = await aFacility(exchange);
    const device = await aDevice(exchange, facility);
    await storeFiles(exchange, facility, { files: aStudy().files, device });
    const studies = await fetch(`${url}/dicomweb/studies`, { headers: withKey(device.key) });
    assert.equal(studies.status, 200);

    const clerk = await aStaffMember(exchange, facility, {
      name: 'Maya Chen',
      email: 'maya@st-antony.example',
      role: 'clerk',
      password: 'a long enough password',
    });
    const visitor = await visitorWith(exchange, await signedIn(exchange, clerk));
    assert.equal(visitor.staff?.memberships[0]?.slug, facility.slug);

    const request = await anOpenedRequest(exchange, facility);
    const upload = await openRequestUpload(exchange, request.fulfil);
    const uploader = await visitorWith(exchange, request.uploader);
    const ask = { capability: 'upload:write', subject: { uploadId: upload.uploadId } } as const;
    assert.equal((await admit(exchange, uploader, ask)).uploadId, upload.uploadId);
    await world.work();
  } finally {
    await world.close();
  }
});
