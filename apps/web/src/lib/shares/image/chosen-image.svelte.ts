import { api } from '#lib/live/api.ts';
import { saveFile } from '#lib/ui/save-file.ts';
import { type ListedSeries, examRoot, imagesOfSeries, seriesWithPictures } from './exam-images.ts';
import { NoPicture, labelled, pictureName, renderedImage } from './labelled-picture.ts';

/** The choice of one image of an exam, its picture, and the saving of it. */
export class ChosenImage {
  series: ListedSeries[] = $state.raw([]);
  seriesInstanceUid = $state('');
  /** SOP Instance UIDs of the series. */
  images: string[] = $state.raw([]);
  /** Counted from 1. */
  number = $state(1);
  /** Address of the picture on the screen; null while there is none. */
  shown: string | null = $state(null);
  problem: 'none' | 'no-picture' | 'unreachable' = $state('none');
  busy = $state(false);
  readonly #shareId: string;
  readonly #studyInstanceUid: string;
  readonly #exam: string;
  #picture: Blob | null = null;
  #turn = 0;

  constructor(shareId: string, studyInstanceUid: string) {
    this.#shareId = shareId;
    this.#studyInstanceUid = studyInstanceUid;
    this.#exam = examRoot(shareId, studyInstanceUid);
  }

  /** @param place the image to begin with; without one, the middle image of the first series */
  async open(place?: { seriesInstanceUid: string; sopInstanceUid: string }): Promise<void> {
    await this.#guarded(async () => {
      this.series = await seriesWithPictures(this.#exam);
      const first = this.series.find((each) => each.seriesInstanceUid === place?.seriesInstanceUid);
      const chosen = first ?? this.series[0];
      if (!chosen) throw new NoPicture();
      await this.#choose(chosen.seriesInstanceUid, place?.sopInstanceUid);
    });
  }

  async chooseSeries(seriesInstanceUid: string): Promise<void> {
    await this.#guarded(() => this.#choose(seriesInstanceUid));
  }

  async chooseNumber(number: number): Promise<void> {
    this.number = number;
    await this.#guarded(() => this.#draw());
  }

  /** Hands the labelled picture to the browser, after the taking was written down. */
  async save(): Promise<void> {
    const picture = this.#picture;
    if (!picture) return;
    await this.#guarded(async () => {
      const studyInstanceUids = [this.#studyInstanceUid];
      await api().shares.noteTaking.mutate({ shareId: this.#shareId, kind: 'png', studyInstanceUids });
      const { modality = '', number: seriesNumber = '' } =
        this.series.find((each) => each.seriesInstanceUid === this.seriesInstanceUid) ?? {};
      saveFile(picture, pictureName({ modality, seriesNumber, image: this.number }));
    });
  }

  close(): void {
    this.#turn++;
    this.#show(null);
  }

  async #choose(seriesInstanceUid: string, sopInstanceUid?: string): Promise<void> {
    this.seriesInstanceUid = seriesInstanceUid;
    this.images = await imagesOfSeries(this.#exam, seriesInstanceUid);
    const at = sopInstanceUid ? this.images.indexOf(sopInstanceUid) : -1;
    this.number = at >= 0 ? at + 1 : Math.ceil(this.images.length / 2);
    await this.#draw();
  }

  async #draw(): Promise<void> {
    const turn = ++this.#turn;
    const uid = this.images[this.number - 1];
    if (uid === undefined) throw new NoPicture();
    const address = `${this.#exam}/series/${this.seriesInstanceUid}/instances/${uid}/rendered`;
    try {
      const picture = await labelled(await renderedImage(address));
      // Somebody may have moved on meanwhile.
      if (turn === this.#turn) this.#show(picture);
    } catch (error) {
      if (turn === this.#turn) throw error;
    }
  }

  #show(picture: Blob | null): void {
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.#picture = picture;
    this.shown = picture && URL.createObjectURL(picture);
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = 'none';
    try {
      await act();
    } catch (error) {
      this.problem = error instanceof NoPicture ? 'no-picture' : 'unreachable';
      this.#show(null);
    } finally {
      this.busy = false;
    }
  }
}
