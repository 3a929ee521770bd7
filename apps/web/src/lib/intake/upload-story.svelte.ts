import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { seldom } from '#lib/desk/seldom.ts';
import { api } from '#lib/live/api.ts';
import type { NamedPatient } from '#lib/requests/belongs.ts';
import type { SetAside } from './reasons.ts';

const ASK_AGAIN_MS = 700;

export type UploadExam = ExamProgress & NamedPatient;

/** What an upload brought, beyond its counts: asked for, and kept by what is told. */
export class UploadStory {
  exams = $state.raw<readonly UploadExam[]>([]);
  setAside = $state.raw<readonly SetAside[]>([]);
  /** The first answer has come. */
  known = $state(false);
  /** The last asking came to nothing. */
  failed = $state(false);
  readonly #uploadId: string;
  readonly #asking = seldom(() => this.#ask(), ASK_AGAIN_MS);

  constructor(uploadId: string) {
    this.#uploadId = uploadId;
  }

  /** Begins with an answer; the browser only. */
  open(): () => void {
    void this.#ask();
    return () => this.#asking.stop();
  }

  hear(event: RecordedEvent): void {
    if (event.kind === 'upload.changed' && event.payload.upload.uploadId === this.#uploadId)
      this.#asking.ask();
    if (event.kind === 'exam.removed') this.#asking.ask();
    if (event.kind !== 'exam.changed') return;
    const { exam } = event.payload;
    const known = this.exams.some(({ studyInstanceUid }) => studyInstanceUid === exam.studyInstanceUid);
    if (known) {
      this.exams = this.exams.map((one) =>
        one.studyInstanceUid === exam.studyInstanceUid ? { ...one, ...exam } : one,
      );
    } else if (exam.uploadId === this.#uploadId) this.#asking.ask();
  }

  async #ask(): Promise<void> {
    const upload = { uploadId: this.#uploadId };
    try {
      [this.exams, this.setAside] = await Promise.all([
        api().uploads.exams.query(upload),
        api().uploads.setAside.query(upload),
      ]);
      this.known = true;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}
