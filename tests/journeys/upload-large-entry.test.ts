import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from '@playwright/test';
import { sha256, storedDigests } from '../world/archived.ts';
import { aZip } from '../world/archives/zip.ts';
import { launchBrowser } from '../world/browser.ts';
import { aStudy } from '../world/dicom/study.ts';
import { type House, aHouse } from '../world/house.ts';
import { aLine } from '../world/line.ts';
import { bill, chooseFiles, confirm, sendAtMost, sentBytes, upload } from '../world/visits/outside-clinic.ts';
import { aSenderAt } from '../world/visits/sender.ts';

let house: House;
let browser: Browser;
before(async () => {
  house = await aHouse();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

test('a file too large to be held that lies deflated in an archive is sent in pieces, across a broken line', async (t) => {
  const line = await aLine();
  t.after(() => line.close());
  const { page, facility, expectClean } = await aSenderAt(t, {
    proxy: line.proxy,
    house,
    browser,
    forgive: /ERR_|WebSocket|status of 5/,
  });
  const cine = { modality: 'US', numberOfFrames: 44, rows: 1024, columns: 1024, instances: 1 };
  const { files } = aStudy({ key: 'told/cine', studyDescription: 'Echo', series: [cine] });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'filmpost-archives-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const archive = path.join(folder, 'disc.zip');
  await writeFile(archive, aZip(files.map(({ path: name, bytes }) => ({ name, bytes, deflated: true }))));
  assert.equal(await chooseFiles(page, [archive]), '1 patient, 1 exam, 1 image');
  await sendAtMost(page, 4_000_000);
  await upload(page);
  await sentBytes(page, 18_000_000);
  line.cut();
  await page.getByText('Connection lost').waitFor();
  line.mend();
  await sendAtMost(page);
  await confirm(page);
  assert.deepEqual(await bill(page), ['1 image arrived']);
  assert.deepEqual(
    await storedDigests(house.exchange, facility.id),
    files.map(({ bytes }) => sha256(bytes)),
  );
  await expectClean();
});
