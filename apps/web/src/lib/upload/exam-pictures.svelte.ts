import { SvelteMap } from 'svelte/reactivity';
import type { DiscFile } from './disc/disc-file.ts';
import type { DiscReader } from './disc-reader.ts';
import type { DiscContents, ExamOnDisc } from './survey.ts';

/** More than anybody scrolls through. */
const MOST_PICTURES = 200;

/** A small picture of each exam on a disc, one after the other as they are made. They live in memory only. */
export class ExamPictures {
  /** Addresses by key of the exam; null where nothing can be shown. */
  readonly #addresses = new SvelteMap<string, string | null>();
  #turn = 0;

  /** Undefined while it is being made. */
  of({ key }: ExamOnDisc): string | null | undefined {
    return this.#addresses.get(key);
  }

  async show(
    reader: Pick<DiscReader, 'picture'>,
    { patients }: DiscContents,
    files: readonly DiscFile[],
  ): Promise<void> {
    this.clear();
    const turn = this.#turn;
    for (const exam of patients.flatMap(({ exams }) => exams).slice(0, MOST_PICTURES)) {
      const file = files[middlePicture(exam) ?? -1];
      const picture = file ? await reader.picture(file).catch(() => null) : null;
      if (turn !== this.#turn) return;
      this.#addresses.set(exam.key, picture && URL.createObjectURL(picture));
    }
  }

  clear(): void {
    this.#turn++;
    for (const address of this.#addresses.values()) if (address) URL.revokeObjectURL(address);
    this.#addresses.clear();
  }
}

/** The image in the middle of the exam's longest series; null when it has nothing to look at. */
export function middlePicture({ pictures }: Pick<ExamOnDisc, 'pictures'>): number | null {
  const [longest = []] = [...pictures.values()].toSorted((a, b) => b.length - a.length);
  const inOrder = longest.toSorted((a, b) => a.number - b.number || a.at - b.at);
  return inOrder[Math.floor((inOrder.length - 1) / 2)]?.at ?? null;
}
