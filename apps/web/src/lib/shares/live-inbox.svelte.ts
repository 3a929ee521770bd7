import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import type { Inbox, SharedExam } from '@filmpost/exchange/shares/schema.ts';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { api } from '../live/api.ts';
import { afterEvent } from '../live/exams.ts';
import { follow } from '../live/follow.ts';
import { Pace } from '../live/pace.svelte.ts';
import { isRefusal } from '../live/refusal.ts';
import { Attendance } from './attendance.svelte.ts';
import { type Closing, closingOf } from './closing.ts';
import type { Moment } from './exam-words.ts';
import { movementOf } from './movement.ts';

const HIGHLIGHT_MS = 2_500;
const CLOCK_MS = 2_000;
/** One tab that leaves takes the others along: they are the same session. */
const LEAVING_CHANNEL = 'filmpost-share';

/** What a page of a share is drawn from, and what the server's clock said when it was. */
export interface DrawnInbox {
  inbox: Inbox;
  serverNow: number;
}

/** An open share as it changes: its exams, how they move, and its end. */
export class LiveInbox {
  readonly inbox: Inbox;
  readonly attendance: Attendance;
  exams: readonly SharedExam[] = $state.raw([]);
  /** From this moment on nothing of the patient stays on the screen. */
  closed = $state(false);
  /** Why, as soon as that is known. */
  closing: Closing | null = $state(null);
  /** Exams that have just appeared. */
  readonly fresh = new SvelteSet<string>();
  readonly #movedAt = new SvelteMap<string, number>();
  readonly #skew: number;
  #now = $state(Date.now());
  #pace: Pace | null = $state.raw(null);

  constructor({ inbox, serverNow }: DrawnInbox) {
    this.inbox = inbox;
    this.exams = inbox.exams;
    this.attendance = new Attendance(inbox.shareId, () => void this.#refused());
    // A hospital's clocks are not ours: every moment of the server is moved to this one's.
    this.#skew = Date.now() - serverNow;
    this.#noteMovement(inbox.exams);
  }

  /** Begins to follow; in the browser only. Returns what ends it. */
  start(): () => void {
    const { shareId, cursor } = this.inbox;
    const pace = new Pace(`share:${shareId}`);
    this.#pace = pace;
    const unfollow = follow(
      { kind: 'share', shareId },
      { cursor, onEvent: (event) => this.#happened(event), onRefused: () => void this.#refused() },
    );
    const clock = setInterval(() => (this.#now = Date.now()), CLOCK_MS);
    const channel = new BroadcastChannel(LEAVING_CHANNEL);
    channel.onmessage = () => this.#close('left');
    const unattend = this.attendance.start();
    return () => {
      for (const stop of [unfollow, unattend, () => pace.close(), () => channel.close()]) stop();
      clearInterval(clock);
      this.#pace = null;
    };
  }

  /** How an exam's sender moves at this moment. */
  moment(exam: SharedExam): Moment {
    const heard = this.#pace?.of(exam.uploadId) ?? null;
    const movedAt = exam.uploadId === null ? undefined : this.#movedAt.get(exam.uploadId);
    const movement = movementOf(exam, {
      silentMs: movedAt === undefined ? null : this.#now - movedAt,
      heard: heard !== null,
      fellSilent: this.#pace?.paused(exam.uploadId) ?? false,
    });
    const abreast = this.exams.filter(
      (e) => e.uploadId === exam.uploadId && e.state === 'transferring',
    ).length;
    return { movement, bytesPerSecond: heard && heard.bytesPerSecond / Math.max(1, abreast) };
  }

  /** Asks for what events do not carry: the ids downloads are asked by, and when senders were last heard. */
  async refresh(): Promise<void> {
    try {
      const { exams } = await api().shares.inbox.query({ shareId: this.inbox.shareId });
      this.#noteMovement(exams);
      this.exams = this.exams.map((exam) => {
        const now = exams.find(({ studyInstanceUid }) => studyInstanceUid === exam.studyInstanceUid);
        return now ? { ...exam, studyId: now.studyId, lastMovedAt: now.lastMovedAt } : exam;
      });
    } catch (error) {
      // A lost connection mends itself; only the gate's no is final.
      if (isRefusal(error)) await this.#refused();
    }
  }

  /** Ends the session, here and in the browser's other tabs. */
  async leave(): Promise<void> {
    await api().access.leave.mutate();
    new BroadcastChannel(LEAVING_CHANNEL).postMessage('left');
  }

  #happened(event: RecordedEvent): void {
    if (event.kind === 'share.changed' && event.payload.ended) return this.#close('ended');
    if (event.kind !== 'exam.changed' && event.kind !== 'exam.removed') return;
    const before = this.exams;
    this.exams = afterEvent(before, event, (exam) => ({ ...exam, studyId: null, lastMovedAt: event.at }));
    if (event.kind === 'exam.removed') return;
    const { exam } = event.payload;
    if (exam.uploadId !== null) this.#moved(exam.uploadId, event.at);
    const known = before.find((each) => each.studyInstanceUid === exam.studyInstanceUid);
    if (!known) this.#highlight(exam.studyInstanceUid);
    // Confirming may put the images into an exam that was there before, under another id.
    if (exam.state === 'ready' && (known?.state !== 'ready' || known.studyId === null)) void this.refresh();
  }

  #highlight(studyInstanceUid: string): void {
    this.fresh.add(studyInstanceUid);
    setTimeout(() => this.fresh.delete(studyInstanceUid), HIGHLIGHT_MS);
  }

  #noteMovement(exams: readonly SharedExam[]): void {
    for (const { uploadId, lastMovedAt } of exams) {
      if (uploadId !== null && lastMovedAt !== null) this.#moved(uploadId, lastMovedAt);
    }
  }

  #moved(uploadId: string, at: string): void {
    const moment = Date.parse(at) + this.#skew;
    this.#movedAt.set(uploadId, Math.max(moment, this.#movedAt.get(uploadId) ?? 0));
  }

  async #refused(): Promise<void> {
    if (this.closed) return;
    this.#clear();
    const { shareId, expiresAt } = this.inbox;
    const { attendedAt } = this.attendance;
    const signedInTo = await api()
      .access.me.query()
      .then((me) => me.shareId)
      .catch(() => null);
    const expiry = Date.parse(expiresAt) + this.#skew;
    this.closing ??= closingOf({ now: Date.now(), attendedAt, expiresAt: expiry, shareId, signedInTo });
  }

  #close(reason: Closing): void {
    this.#clear();
    this.closing = reason;
  }

  #clear(): void {
    this.closed = true;
    this.exams = [];
  }
}
