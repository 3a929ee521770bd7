import type { MonitoredUpload } from '@filmpost/exchange/intake/monitor/schema.ts';
import { csvOf } from '#lib/ui/csv.ts';
import { formatPersonName } from '#lib/ui/format.ts';
import { monitorSender } from './monitor-words.ts';
import { type Reason, leftOutReasons, setAsideReasons } from './reasons.ts';

const HEAD = [
  'Upload',
  'Began (UTC)',
  'First byte (UTC)',
  'Last byte (UTC)',
  'Arrived (UTC)',
  'Closed (UTC)',
  'From',
  'Where',
  'Patients',
  'Modalities',
  'Exams',
  'State',
  'Files chosen',
  'Images arrived',
  'Bytes received',
  'Left out',
  'Set aside',
];

/** Uploads as a table that spreadsheets read. @param stateOf the word the monitor has for an upload's state */
export function reportOf(
  uploads: readonly MonitoredUpload[],
  stateOf: (upload: MonitoredUpload) => string,
): Blob {
  const rows = uploads.map((upload) => {
    const { who, where } = monitorSender(upload);
    const { createdAt, firstByteAt, lastByteAt, arrivedAt, closedAt } = upload;
    return [
      upload.uploadId,
      ...[createdAt, firstByteAt, lastByteAt, arrivedAt, closedAt].map(inUtc),
      who,
      where,
      upload.patients.map(formatPersonName).join('; '),
      upload.modalities.join('; '),
      upload.exams,
      stateOf(upload),
      upload.filesChosen,
      upload.instancesArrived,
      upload.bytesReceived,
      inWords(leftOutReasons(upload)),
      inWords(setAsideReasons(upload, [])),
    ];
  });
  return csvOf([HEAD, ...rows]);
}

/** As spreadsheets read a moment: `2026-12-01 04:05:06`. */
function inUtc(moment: string | null): string | null {
  return moment && new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
}

function inWords(reasons: readonly Reason[]): string {
  return reasons.map(({ files, sentence }) => `${files}: ${sentence}`).join(' ');
}
