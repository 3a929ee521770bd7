import { SvelteMap } from 'svelte/reactivity';
import type { DiscFile } from './disc/disc-file.ts';
import { middlePicture } from './middle-picture.ts';
import { PictureMaker } from './picture-maker.ts';
import type { DiscContents, ExamOnDisc } from './survey.ts';

/** More than anybody scrolls through. */
const MOST_PICTURES = 200;

/** A small picture of each exam on a disc, one after the other as they are made. They live in memory only. */
export class ExamPictures {
  /** Addresses by key of the exam; null where nothing can be shown. */
  readonly #addresses = new SvelteMap<string, string | null>();
  #turn = 0;
  #maker: PictureMaker | null = null;

  /** Undefined while it is being made. */
  of({ key }: ExamOnDisc): string | null | undefined {
    return this.#addresses.get(key);
  }

  async show({ patients }: DiscContents, files: readonly DiscFile[]): Promise<void> {
    this.clear();
    const turn = this.#turn;
    const maker = (this.#maker = new PictureMaker());
    for (const [count, exam] of patients.flatMap(({ exams }) => exams).entries()) {
      const file = count < MOST_PICTURES ? files[middlePicture(exam) ?? -1] : undefined;
      const picture = file ? await maker.picture(file) : null;
      if (turn !== this.#turn) return;
      this.#addresses.set(exam.key, picture && URL.createObjectURL(picture));
    }
    maker.close();
  }

  clear(): void {
    this.#turn++;
    this.#maker?.close();
    for (const address of this.#addresses.values()) if (address) URL.revokeObjectURL(address);
    this.#addresses.clear();
  }
}
