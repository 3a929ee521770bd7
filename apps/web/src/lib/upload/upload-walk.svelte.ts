import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import { SvelteSet } from 'svelte/reactivity';
import { api, withoutSockets } from '#lib/live/api.ts';
import { follow } from '#lib/live/follow.ts';
import type { PickedFile } from '#lib/ui/dropped-files.ts';
import { type DiscFile, discFileOf } from './disc/disc-file.ts';
import { DiscLists } from './disc-lists.svelte.ts';
import { DiscReader } from './disc-reader.ts';
import { ExamPictures } from './exam-pictures.svelte.ts';
import { explore } from './exploring.ts';
import { HeadStart } from './head-start.ts';
import type { Sent } from './ledger.ts';
import { type Decision, type LostReason, manifestOf } from './manifest.ts';
import { compare, examsBeforehand } from './matching.ts';
import { isOldNews } from './old-news.ts';
import { pauseBefore } from './pause.ts';
import { packsOf } from './planning.ts';
import { DiscReaderBroken } from './reading-worker.ts';
import type { Line } from './sender.ts';
import { watchSender } from './sender-watch.ts';
import { Sending } from './sending.ts';
import { NOTHING, Survey } from './survey.ts';
import { NotNow, UploadEnded } from './transport.ts';
import { asked, tusTransport } from './tus-transport.ts';
import { onceThereIsRoom } from './waiting-for-room.ts';
import type { WalkOptions } from './walk-options.ts';

/** Where somebody is between an empty hand and `Success!`. */
export type Stage =
  'choose' | 'reading' | 'nothing' | 'review' | 'sending' | 'checking' | 'confirm' | 'done' | 'ended';

/** Numbers that change faster are read by nobody and cost the page its breath. */
const SHOW_MS = 100;
const NOT_HEARD = 'This did not reach the server. Nothing was lost; please press the button again.';

/** One disc's way from the hand of a clerk to the facility: what the screens of the walk show and do. */
export class UploadWalk {
  stage = $state<Stage>('choose');
  upload = $state.raw<UploadProgress | null>(null);
  contents = $state.raw(NOTHING);
  /** Keys of the exams that go. */
  readonly ticked = new SvelteSet<string>();
  sent = $state.raw<Sent | null>(null);
  line = $state<Line>('moving');
  bytesPerSecond = $state<number | null>(null);
  /** What went wrong with the last thing somebody pressed. */
  problem = $state('');
  busy = $state(false);
  takenBack = $state(false);
  /** The request itself was withdrawn, and the upload with it. */
  withdrawn = $state(false);
  comparison = $derived.by(() => compare(this.contents.patients, this.#options.patient));

  readonly #options: WalkOptions;
  #reader: DiscReader | undefined;
  #lost = new Map<number, LostReason>();
  #sending = new AbortController();
  #unfollow: (() => void) | undefined;
  #hasEnded = false;
  #takingBack = false;
  files = $state.raw<readonly DiscFile[]>([]);
  readonly pictures = new ExamPictures();
  readonly lists = new DiscLists();

  constructor(options: WalkOptions) {
    this.#options = options;
    if (options.current) this.#hear(options.current);
  }

  /** Begins to follow an upload that was under way when the page was opened. */
  start(): void {
    if (this.upload && this.upload.state !== 'open') void this.#follow(this.upload.uploadId);
  }

  stop(): void {
    this.#sending.abort();
    this.#unfollow?.();
    this.#reader?.close();
    this.pictures.clear();
  }

  /** Looks at what was chosen, file by file. */
  async choose(picked: readonly PickedFile[]): Promise<void> {
    this.#reader?.close();
    const reader = (this.#reader = new DiscReader());
    const survey = new Survey(picked.map(discFileOf));
    this.files = survey.files;
    this.problem = '';
    this.takenBack = false;
    this.contents = survey.contents;
    this.stage = 'reading';
    try {
      await this.#explore(reader, survey);
    } catch (error) {
      if (reader !== this.#reader) return;
      this.chooseAgain();
      this.problem = error instanceof DiscReaderBroken ? error.message : 'The files could not be read.';
    }
    if (reader !== this.#reader || this.stage !== 'reading') return;
    this.contents = survey.contents;
    this.ticked.clear();
    for (const key of examsBeforehand(this.contents.patients, this.comparison)) this.ticked.add(key);
    this.stage = this.contents.images > 0 ? 'review' : 'nothing';
    void this.pictures.show(this.contents, this.files);
    this.lists.read(reader, survey);
  }

  async #explore(reader: DiscReader, survey: Survey): Promise<void> {
    let shown = performance.now();
    for await (const _news of explore(reader, survey)) {
      if (reader !== this.#reader) return;
      if (performance.now() - shown < SHOW_MS) continue;
      shown = performance.now();
      this.contents = survey.contents;
    }
  }

  chooseAgain(): void {
    this.#reader?.close();
    this.#reader = undefined;
    this.pictures.clear();
    this.lists.clear();
    this.problem = '';
    this.contents = NOTHING;
    this.stage = 'choose';
  }

  get decision(): Decision {
    const { contents, files, ticked, lists } = this;
    return { contents, files, ticked, lost: this.#lost, listedMissing: lists.missing };
  }

  /** The `Upload` button. */
  async send(): Promise<void> {
    this.#lost = new Map();
    const { signal } = (this.#sending = new AbortController());
    const begun = await this.#press(() => this.#begin(signal));
    if (!begun) return;
    const { upload, sending } = begun;
    this.problem = '';
    this.#hear(upload);
    if (sending && upload.state === 'open') await this.#untilSent(sending, signal);
  }

  async #begin(signal: AbortSignal) {
    const reader = (this.#reader ??= new DiscReader());
    const start = new HeadStart(await packsOf(this.decision), (pack) => reader.seal(pack));
    return onceThereIsRoom(() => this.#open(start, signal), {
      tell: (sentence) => (this.problem = sentence),
      wanted: () => this.stage === 'review' && !signal.aborted,
      pause: (attempt) => pauseBefore(attempt, signal),
    });
  }

  /** What is on its way to the upload, unless it takes nothing more. */
  async #open(start: HeadStart, signal: AbortSignal): Promise<{ upload: UploadProgress; sending?: Sending }> {
    const opened = await asked(() => this.#options.open(() => start.beginning()));
    const { uploadId, state } = opened;
    void this.#follow(uploadId);
    if (state !== 'open') return { upload: opened };
    const sending = new Sending({
      transport: tusTransport(uploadId),
      start,
      announce: () => this.#announce(uploadId),
      lost: this.#lost,
      tell: (upload) => this.#hear(upload),
      // News that comes without a socket holds connections of its own.
      roomy: () => !withoutSockets(),
      signal,
    });
    return { upload: await sending.announced, sending };
  }

  /** The `Confirm` button. */
  async confirm(): Promise<void> {
    const { uploadId } = this.upload ?? {};
    if (uploadId)
      await this.#press(async () =>
        this.#hear(await asked(() => api().uploads.confirm.mutate({ uploadId }))),
      );
  }

  /** Takes everything back: what was sent is removed, and the walk begins anew. */
  async takeBack(): Promise<void> {
    const { uploadId } = this.upload ?? {};
    if (!uploadId) return;
    // That it has ended is told to everybody who follows it, and may be heard here before the answer.
    this.#takingBack = true;
    const done = await this.#press(() => asked(() => api().uploads.withdraw.mutate({ uploadId })));
    this.#takingBack = false;
    if (done || this.upload?.state === 'withdrawn') {
      this.startOver();
      this.takenBack = true;
    } else if (this.#hasEnded) this.#end();
  }

  /** Back to the empty hand, for another disc. */
  startOver(): void {
    this.stop();
    this.#unfollow = undefined;
    this.#sending = new AbortController();
    this.#hasEnded = false;
    this.upload = null;
    this.sent = null;
    this.chooseAgain();
  }

  async #untilSent({ sender, ended }: Sending, signal: AbortSignal): Promise<void> {
    this.stage = 'sending';
    const stopWatching = watchSender(sender, ({ sent, line, bytesPerSecond }) => {
      this.sent = sent;
      this.line = line;
      this.bytesPerSecond = bytesPerSecond;
    });
    try {
      this.#hear(await ended);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UploadEnded) return this.#end();
      if (!(error instanceof NotNow)) throw error;
      this.#sending.abort();
      this.stage = 'review';
      this.problem = error.message;
    } finally {
      stopWatching();
    }
  }

  async #announce(uploadId: string): Promise<UploadProgress> {
    await this.lists.settled;
    const manifest = manifestOf(this.decision);
    return asked(() => api().uploads.announce.mutate({ uploadId, manifest }));
  }

  async #follow(uploadId: string): Promise<void> {
    if (this.#unfollow) return;
    let stopped = false;
    this.#unfollow = () => (stopped = true);
    for (let attempt = 0; !stopped; attempt++) {
      try {
        const { upload, cursor } = await asked(() => api().uploads.find.query({ uploadId }));
        if (stopped) return;
        this.#hear(upload);
        this.#unfollow = follow(
          { kind: 'upload', uploadId },
          {
            cursor,
            onEvent: (event) => event.kind === 'upload.changed' && this.#hear(event.payload.upload),
            onRefused: () => this.#end(),
          },
        );
        return;
      } catch (error) {
        if (error instanceof UploadEnded) return this.#end();
        await pauseBefore(attempt, this.#sending.signal);
      }
    }
  }

  #hear(upload: UploadProgress): void {
    if (isOldNews(upload, this.upload)) return;
    this.upload = upload;
    if (upload.state === 'sent') this.stage = 'checking';
    if (upload.state === 'arrived') this.stage = 'confirm';
    if (upload.state === 'confirmed') this.stage = 'done';
    if (upload.state === 'withdrawn' || upload.state === 'abandoned') this.#end();
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.stage === 'done' || this.stage === 'ended' || this.#takingBack) return;
    this.stop();
    void this.#sayWhy();
  }

  async #sayWhy(): Promise<void> {
    const why = await this.#options.whyEnded?.().catch(() => null);
    this.withdrawn = why === 'withdrawn';
    this.stage = 'ended';
  }

  /** Does what a button stands for, once at a time; what fails becomes a sentence. */
  async #press<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.problem = '';
    try {
      return await act();
    } catch (error) {
      if (error instanceof UploadEnded) this.#end();
      else this.problem = error instanceof NotNow ? error.message : NOT_HEARD;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
