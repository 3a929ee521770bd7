import { besideLists } from './beside-lists.ts';
import type { ListFindings } from './disc/disc-lists.ts';
import type { DiscReader } from './disc-reader.ts';
import type { Survey } from './survey.ts';

/** What a disc's own lists name and nobody found; known a moment after the disc was looked at. A hint, never a reason. */
export class DiscLists {
  findings = $state.raw<ListFindings | null>(null);
  /** Resolves when the lists were read, or will not be. */
  settled: Promise<void> = Promise.resolve();
  #turn = 0;

  /** Images that are named and not there, as far as that is known. */
  get missing(): number {
    return this.findings?.missing.files ?? 0;
  }

  read(reader: Pick<DiscReader, 'compare'>, survey: Survey): void {
    this.clear();
    this.settled = this.#read(reader, survey, this.#turn);
  }

  async #read(reader: Pick<DiscReader, 'compare'>, survey: Survey, turn: number): Promise<void> {
    const question = besideLists(survey);
    if (question.lists.length === 0) return;
    const findings = await reader.compare(question).catch(() => null);
    if (turn === this.#turn) this.findings = findings;
  }

  clear(): void {
    this.#turn++;
    this.findings = null;
    this.settled = Promise.resolve();
  }
}
