import type { ExamProgress } from '../archive/schema.ts';
import type { PackageProgress } from '../packages/schema.ts';
import type { RequestState } from '../requests/schema.ts';
import type { UploadProgress } from '../intake/schema.ts';

/** What an event is about: everybody who may watch that subject may follow its topic. */
export type Topic = `facility:${string}` | `request:${string}` | `upload:${string}` | `share:${string}`;

/** The one catalogue of things that happened, in past tense, each with its payload. */
export type Happening =
  | { kind: 'exam.changed'; payload: { exam: ExamProgress } }
  | { kind: 'exam.removed'; payload: { studyInstanceUid: string } }
  | { kind: 'upload.changed'; payload: { upload: UploadProgress } }
  | { kind: 'request.changed'; payload: { requestId: string; state: RequestState } }
  | { kind: 'share.changed'; payload: { shareId: string; ended: boolean } }
  | { kind: 'package.changed'; payload: { package: PackageProgress } };

export type EventDraft = { topic: Topic } & Happening;

export type RecordedEvent = { sequence: number; topic: Topic; at: string } & Happening;
