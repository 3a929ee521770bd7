import type { ExamProgress, StudyListing } from '@filmpost/exchange/archive/schema.ts';
import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import { seldom } from '#lib/desk/seldom.ts';
import { sentence } from '#lib/desk/sentence.ts';
import { api } from '#lib/live/api.ts';
import { samePatient } from './one-patient.ts';

const TYPING_MS = 250;
const ASK_AGAIN_MS = 2_000;

/** The facility's exams as they are searched, chosen and told of. */
export class FacilityExams {
  rows = $state.raw<readonly StudyListing[]>([]);
  /** The search that `rows` answer. */
  answered = $state('');
  failure = $state('');
  chosen = $state.raw<readonly StudyListing[]>([]);
  #search = $state('');
  readonly #facility: string;
  readonly #typing = seldom(() => this.#ask(), TYPING_MS);
  readonly #renewing = seldom(() => this.#ask(), ASK_AGAIN_MS);

  constructor(facility: string, rows: readonly StudyListing[]) {
    this.#facility = facility;
    this.rows = rows;
  }

  get search() {
    return this.#search;
  }
  set search(typed: string) {
    if (typed === this.#search) return;
    this.#search = typed;
    this.#typing.ask();
  }

  close(): void {
    this.#typing.stop();
    this.#renewing.stop();
  }

  /** Exams whose images come are counted on; one that is new to the list is asked for. */
  hear(event: RecordedEvent): void {
    if (event.kind !== 'exam.changed') return;
    const { exam } = event.payload;
    if (this.rows.some(({ studyInstanceUid }) => studyInstanceUid === exam.studyInstanceUid)) {
      this.rows = this.rows.map((row) => counted(row, exam));
    } else this.#renewing.ask();
  }

  isChosen({ studyInstanceUid }: StudyListing): boolean {
    return this.chosen.some((row) => row.studyInstanceUid === studyInstanceUid);
  }

  /** A share holds exams of one patient. */
  mayChoose(row: StudyListing): boolean {
    const [first] = this.chosen;
    return !first || samePatient(first, row);
  }

  choose(row: StudyListing, chosen: boolean): void {
    const others = this.chosen.filter(({ studyInstanceUid }) => studyInstanceUid !== row.studyInstanceUid);
    this.chosen = chosen ? [...others, row] : others;
  }

  async #ask(): Promise<void> {
    const search = this.#search;
    try {
      this.rows = await api().archive.list.query({
        facility: this.#facility,
        ...(search.trim() && { search }),
      });
      this.answered = search;
      this.failure = '';
    } catch (failure) {
      this.failure = sentence(failure);
    }
  }
}

function counted(row: StudyListing, exam: ExamProgress): StudyListing {
  if (row.studyInstanceUid !== exam.studyInstanceUid) return row;
  const {
    description,
    modalities,
    studyDate,
    seriesCount: series,
    instancesArrived: instances,
    bytes,
  } = exam;
  return { ...row, description, modalities, studyDate, series, instances, bytes };
}
