import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MonitoredUpload } from '@filmpost/exchange/intake/monitor/schema.ts';
import { reportOf } from './monitor-report.ts';

const upload: MonitoredUpload = {
  uploadId: '0199',
  kind: 'request',
  requestId: 'r',
  state: 'confirmed',
  filesChosen: 12,
  filesToSend: 9,
  bytesToSend: 900,
  leftOut: [{ reason: 'not-dicom', files: 3 }],
  listedMissing: 0,
  bytesReceived: 900,
  instancesArrived: 8,
  setAside: [{ reason: 'empty', files: 1 }],
  createdAt: '2026-12-01T04:05:06.789Z',
  firstByteAt: '2026-12-01T04:05:07.000Z',
  lastByteAt: '2026-12-01T04:05:08.000Z',
  sentAt: null,
  arrivedAt: null,
  closedAt: null,
  openedBy: '',
  outsideFacility: 'Lakeside, Imaging',
  address: '192.0.2.7',
  patients: ['Lovelace^Ada', 'Byron^Annabella'],
  modalities: ['CT', 'SR'],
  exams: 2,
};

test('a table has one line for each upload, under names of columns', async () => {
  const [head = '', line = '', ...others] = (await reportOf([upload], () => 'Confirmed').text()).split(
    '\r\n',
  );
  assert.equal(head.split(',').length, 17);
  assert.deepEqual(others, ['']);
  const beginning =
    '0199,2026-12-01 04:05:06,2026-12-01 04:05:07,2026-12-01 04:05:08,,,"Lakeside, Imaging",Request · 192.0.2.7,';
  assert.equal(line.slice(0, beginning.length), beginning);
  assert.match(line, /,CT; SR,2,Confirmed,12,8,900,/);
  assert.match(line, /3: .+,"?1: /);
});

test('a patient whose name is a formula is only a name', async () => {
  const formula = { ...upload, patients: ['@SUM(1)'] };
  assert.match(await reportOf([formula], () => '').text(), /,'@SUM\(1\),/);
});
