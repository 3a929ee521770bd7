import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import type {
  MonitoredUpload,
  MonitorState,
  MonitorTotals,
} from '@filmpost/exchange/intake/monitor/schema.ts';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { SvelteSet } from 'svelte/reactivity';
import { seldom } from '#lib/desk/seldom.ts';
import { api } from '#lib/live/api.ts';

const STRETCH = 100;
/** The most that one answer holds. */
const REPORT_STRETCH = 200;
const ASK_AGAIN_MS = 800;
/** Silence is no event: that an upload is stuck by now is found by asking. */
const ASK_ANYWAY_MS = 60_000;

/** What an administrator chose to see; days `YYYY-MM-DD`, empty for any. */
export interface MonitorChoice {
  patient: string;
  modality: string;
  firstDay: string;
  lastDay: string;
  state: MonitorState | '';
}

export const EVERYTHING: MonitorChoice = { patient: '', modality: '', firstDay: '', lastDay: '', state: '' };

/** A day's first moment on the reader's own clock. */
function startOf(day: string, plusDays = 0): string | null {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return day === '' ? null : new Date(year, month - 1, date + plusDays).toISOString();
}

export function filterOf({ patient, modality, firstDay, lastDay, state }: MonitorChoice) {
  return {
    patient,
    modality,
    from: startOf(firstDay),
    until: startOf(lastDay, 1),
    state: state === '' ? null : state,
  };
}

/** Puts what is told of an upload over what was known of it; null when it is not among them. */
export function withProgress(
  rows: readonly MonitoredUpload[],
  told: UploadProgress,
): MonitoredUpload[] | null {
  const at = rows.findIndex(({ uploadId }) => uploadId === told.uploadId);
  const known = rows[at];
  return known ? rows.with(at, { ...known, ...told }) : null;
}

/**
 * The uploads of a facility, however many: their number is known, and the rows come in stretches as they are looked at.
 */
export class Monitor {
  choice: MonitorChoice = $state.raw(EVERYTHING);
  totals = $state.raw<MonitorTotals>();
  /** The last asking came to nothing; what is shown may be old. */
  failed = $state(false);
  #stretches = $state.raw<Readonly<Record<number, readonly MonitoredUpload[]>>>({});
  readonly #wanted = new SvelteSet<number>();
  readonly #facility: string;
  readonly #asking = seldom(() => this.#ask(), ASK_AGAIN_MS);
  /** Answers to an older choice are not shown. */
  #round = 0;

  constructor(facility: string) {
    this.#facility = facility;
  }

  /** One entry a row, null while the row has not come yet. */
  readonly rows: readonly (MonitoredUpload | null)[] = $derived.by(() => {
    const rows: (MonitoredUpload | null)[] = Array(this.totals?.uploads ?? 0).fill(null);
    for (const [stretch, found] of Object.entries(this.#stretches)) {
      found.forEach((row, at) => (rows[Number(stretch) * STRETCH + at] = row));
    }
    return rows.slice(0, this.totals?.uploads ?? 0);
  });

  /** Begins with an answer; in the browser only. */
  open(): () => void {
    void this.choose(this.choice);
    const timer = setInterval(() => this.#asking.ask(), ASK_ANYWAY_MS);
    return () => {
      clearInterval(timer);
      this.#asking.stop();
    };
  }

  async choose(choice: MonitorChoice): Promise<void> {
    this.choice = choice;
    this.#round += 1;
    this.#wanted.clear();
    this.#wanted.add(0);
    await this.#ask();
  }

  /**
   * The uploads of the choice, to be kept. One that begins meanwhile moves the others, and none is told twice; one that
   * leaves the chosen state meanwhile may make another be missed.
   */
  async report(): Promise<MonitoredUpload[]> {
    const filter = filterOf(this.choice);
    const found = new Map<string, MonitoredUpload>();
    for (let offset = 0; ; offset += REPORT_STRETCH) {
      const stretch = { offset, limit: REPORT_STRETCH };
      const uploads = await api().uploads.report.mutate({ facility: this.#facility, filter, stretch });
      for (const upload of uploads) found.set(upload.uploadId, upload);
      if (uploads.length < REPORT_STRETCH) return [...found.values()];
    }
  }

  /** A row has come into view. */
  want(row: number): void {
    const stretch = Math.floor(row / STRETCH);
    if (this.#wanted.has(stretch)) return;
    this.#wanted.add(stretch);
    void this.#load(stretch);
  }

  hear(event: RecordedEvent): void {
    if (event.kind !== 'upload.changed') return;
    for (const [stretch, rows] of Object.entries(this.#stretches)) {
      const renewed = withProgress(rows, event.payload.upload);
      if (renewed) this.#stretches = { ...this.#stretches, [stretch]: renewed };
    }
    // Totals, and what the event does not tell: the patient, or that the row now fits the choice.
    this.#asking.ask();
  }

  /** Asks anew for every stretch that was looked at: new uploads have moved them all. */
  async #ask(): Promise<void> {
    const recent = [...this.#wanted].slice(-3);
    this.#wanted.clear();
    for (const stretch of recent) this.#wanted.add(stretch);
    const round = this.#round;
    const kept: Record<number, readonly MonitoredUpload[]> = {};
    for (const stretch of recent) {
      const rows = await this.#stretch(stretch, round);
      if (rows) kept[stretch] = rows;
    }
    if (round === this.#round && !this.failed) this.#stretches = kept;
  }

  async #load(stretch: number): Promise<void> {
    const rows = await this.#stretch(stretch, this.#round);
    if (rows) this.#stretches = { ...this.#stretches, [stretch]: rows };
  }

  async #stretch(stretch: number, round: number): Promise<readonly MonitoredUpload[] | null> {
    try {
      const { uploads, totals } = await api().uploads.monitor.query({
        facility: this.#facility,
        filter: filterOf(this.choice),
        stretch: { offset: stretch * STRETCH, limit: STRETCH },
      });
      if (round !== this.#round) return null;
      this.totals = totals;
      this.failed = false;
      return uploads;
    } catch {
      this.failed = true;
      return null;
    }
  }
}
