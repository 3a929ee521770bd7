import type { MonitoredUpload } from '@filmpost/exchange/intake/monitor/schema.ts';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { formatCount, formatPersonName } from '#lib/ui/format.ts';

/** The widths of the monitor's columns, for its head and each of its rows. */
export const MONITOR_COLUMNS =
  'md:grid md:grid-cols-[minmax(0,1.2fr)_minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1.4fr)_6.5rem_7rem]';

/** Who sends, and from where, in two lines. */
export function monitorSender({ kind, openedBy, outsideFacility, address }: MonitoredUpload): {
  who: string;
  where: string;
} {
  const place = address === 'local' ? '' : address;
  switch (kind) {
    case 'request':
      return {
        who: outsideFacility || 'Outside facility',
        where: ['Request', place].filter(Boolean).join(' · '),
      };
    case 'staff':
      return {
        who: openedBy || 'Your own desk',
        where: ['Disc at your desk', place].filter(Boolean).join(' · '),
      };
    case 'device':
      return { who: openedBy || 'A device', where: ['Device', place].filter(Boolean).join(' · ') };
  }
}

/** How many files there are: those chosen, of which images are some; of who chooses nothing, those that came. */
export function filesText({ filesChosen, instancesArrived, setAside }: UploadProgress): string {
  const came = setAside.reduce((sum, { files }) => sum + files, instancesArrived);
  return formatCount(Math.max(filesChosen, came), 'file');
}

/** Whose images: one name, or the first and how many more. */
export function patientsText({ patients, exams, state }: MonitoredUpload): string {
  const [first, ...others] = patients.map((name) => formatPersonName(name) || 'No name');
  if (first !== undefined) return others.length > 0 ? `${first} + ${others.length} more` : first;
  return exams === 0 && state === 'open' ? 'Not known yet' : '–';
}
