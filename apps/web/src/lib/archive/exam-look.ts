import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import { formatCount, formatDay } from '#lib/ui/format.ts';
import type { State } from '#lib/ui/states.ts';

export function examDay({ studyDate }: Pick<ExamProgress, 'studyDate'>): string {
  return studyDate ? formatDay(studyDate) : 'No date';
}

/** `212 of 600 images` while they come, `600 images in 3 series` when they are there. */
export function examCounts(exam: ExamProgress): string {
  const { instancesArrived, instancesAnnounced, seriesCount } = exam;
  if (instancesAnnounced !== null && exam.state !== 'ready' && instancesArrived < instancesAnnounced) {
    return `${instancesArrived.toLocaleString('en-US')} of ${formatCount(instancesAnnounced, 'image')}`;
  }
  const images = formatCount(instancesArrived, 'image');
  return seriesCount > 1 ? `${images} in ${formatCount(seriesCount, 'series', 'series')}` : images;
}

export const EXAM_LOOKS: Record<ExamProgress['state'], { state: State; word?: string }> = {
  waiting: { state: 'waiting' },
  transferring: { state: 'transferring' },
  confirming: { state: 'waiting', word: 'Waiting for Confirm' },
  ready: { state: 'ready' },
};
