import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import { formatBytes, formatCount, formatTransfer } from '../ui/format.ts';
import type { State } from '../ui/states.ts';

/** How an exam's sender moves just now: sending, silent for a moment, or silent for so long that somebody should ask. */
export type Movement = 'moving' | 'paused' | 'stuck';

/** What is known of an exam's transfer at this moment, besides the exam itself. */
export interface Moment {
  movement: Movement;
  /** Null while nobody knows. */
  bytesPerSecond: number | null;
}

/** An exam as its row shows it. */
export interface ExamWords {
  badge: { state: State; word: string };
  detail: string;
  /** Only while images are arriving and their number is known. */
  bar?: { value: number; max: number; phase: 'running' | 'paused' };
}

const PAUSED = 'Sender’s connection paused';

/** The exam's name with its modality, said once: `US · Echocardiogram`, `CT Head without contrast`. */
export function examName({
  modalities,
  description,
}: Pick<ExamProgress, 'modalities' | 'description'>): string {
  const text = description.trim();
  const first = /^[a-z]+/i.exec(text)?.[0].toUpperCase() ?? '';
  const unsaid = modalities.length === 1 && modalities[0] === first ? '' : modalities.join(', ');
  return [unsaid, text].filter(Boolean).join(' · ') || 'Exam without a description';
}

export function examWords(exam: ExamProgress, moment: Moment): ExamWords {
  switch (exam.state) {
    case 'waiting':
      return { badge: { state: 'waiting', word: 'Waiting' }, detail: waitingDetail(exam) };
    case 'transferring':
      return transferWords(exam, moment);
    case 'confirming':
      return {
        badge: { state: 'processing', word: 'Confirming' },
        detail: `${content(exam)} · waiting for the sender to confirm`,
      };
    case 'ready':
      return { badge: { state: 'ready', word: 'Ready' }, detail: content(exam) };
  }
}

function waitingDetail({ instancesAnnounced }: ExamProgress): string {
  return instancesAnnounced ? `${formatCount(instancesAnnounced, 'image')} expected` : 'No images yet';
}

function transferWords(exam: ExamProgress, moment: Moment): ExamWords {
  const badge = { state: 'transferring', word: 'Transfer in Progress' } as const;
  const { instancesArrived: value, instancesAnnounced: max } = exam;
  const paused = moment.movement !== 'moving';
  if (max === null || value >= max) {
    const sofar = `${formatCount(value, 'image')} so far`;
    return { badge, detail: paused ? `${sofar} · ${PAUSED}` : sofar };
  }
  const seconds = secondsLeft(exam, moment.bytesPerSecond);
  const numbers = formatTransfer({
    done: value,
    total: max,
    noun: 'image',
    ...(!paused && moment.bytesPerSecond !== null && { bytesPerSecond: moment.bytesPerSecond }),
    ...(!paused && seconds !== null && { secondsLeft: seconds }),
  });
  return {
    badge,
    detail: paused ? `${numbers} · ${PAUSED}` : numbers,
    bar: { value, max, phase: paused ? 'paused' : 'running' },
  };
}

function content({ instancesArrived, seriesCount, bytes }: ExamProgress): string {
  return [
    formatCount(instancesArrived, 'image'),
    seriesCount > 1 ? formatCount(seriesCount, 'series', 'series') : '',
    bytes > 0 ? formatBytes(bytes) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Seconds until the announced images are here, from the size of those that came; null while nobody knows. */
export function secondsLeft(exam: ExamProgress, bytesPerSecond: number | null): number | null {
  const { instancesArrived, instancesAnnounced, bytes } = exam;
  if (!bytesPerSecond || instancesArrived === 0 || instancesAnnounced === null) return null;
  const remaining = Math.max(0, instancesAnnounced - instancesArrived);
  return (remaining * bytes) / instancesArrived / bytesPerSecond;
}

/** What the person at the viewer must know about images that are not in it. */
export interface ViewerNotice {
  /** Null when the viewer shows the whole exam. */
  warning: string | null;
  /** Images that came after the viewer was opened. */
  unseen: number;
}

/** @param loaded images the exam held when the viewer was opened */
export function viewerNotice(exam: ExamProgress, loaded: number): ViewerNotice {
  const { instancesArrived, state } = exam;
  const unseen = Math.max(0, instancesArrived - loaded);
  if (state === 'waiting' || state === 'transferring') {
    return { warning: `${imagesSoFar(exam)} – do not report from an incomplete series`, unseen };
  }
  if (unseen === 0) return { warning: null, unseen };
  const shown = `The viewer shows ${loaded.toLocaleString('en-US')} of ${formatCount(instancesArrived, 'image')}`;
  return { warning: `${shown} – load the others before you report`, unseen };
}

/** `43 of 120 images so far`; without a total where none was announced, or more came than was. */
function imagesSoFar({ instancesArrived: done, instancesAnnounced: total }: ExamProgress): string {
  const known = total !== null && done < total;
  return `${known ? formatTransfer({ done, total, noun: 'image' }) : formatCount(done, 'image')} so far`;
}
