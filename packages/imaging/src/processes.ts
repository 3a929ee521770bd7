import { type ChildProcess, fork } from 'node:child_process';
import os from 'node:os';
import { NoPicture } from './refusals.ts';
import type { Answers, Bounds, Reply, Task } from './tasks.ts';

const MEBIBYTE = 1024 * 1024;
/** Pages of 64 KiB: what one codec may take, whatever a codestream claims. */
const CODEC_PAGES = 16_384;

/** It reads files and has its watch; it writes nothing, starts nothing and loads no native code. */
const MAY = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-fs-write=/proc/self/oom_score_adj',
  '--allow-worker',
];

export interface ProcessSettings extends Bounds {
  /** Processes at the same time. */
  most: number;
  /** Tasks that may wait for one; the next is refused as busy. */
  waiting: number;
  /** How long a process without work is kept, in milliseconds. */
  idleMs: number;
}

export const SETTINGS: ProcessSettings = {
  // Never one alone: while it is lost to a hostile frame, others want pictures too.
  most: Math.max(2, Math.min(4, os.availableParallelism() - 1)),
  waiting: 64,
  timeMs: 20_000,
  idleMs: 20_000,
  memoryBytes: 1536 * MEBIBYTE,
};

interface Waiting {
  task: Task;
  settle(reply: Reply): void;
}

/**
 * The processes in which strangers' pixels are decoded (threats T10). A frame that hangs, swells or crashes its codec
 * costs one of them and a refusal; the process that serves people never touches it.
 */
export class ImagingProcesses {
  readonly #settings: ProcessSettings;
  readonly #queue: Waiting[] = [];
  /** Those without work, the latest last, each with the clock that ends it. */
  readonly #idle = new Map<ChildProcess, NodeJS.Timeout>();
  readonly #alive = new Set<ChildProcess>();

  constructor(settings: Partial<ProcessSettings> = {}) {
    this.#settings = { ...SETTINGS, ...settings };
  }

  /** Ids of the living processes. */
  get pids(): number[] {
    return [...this.#alive].flatMap(({ pid }) => pid ?? []);
  }

  /** Does a task in the next free process. @throws NoPicture */
  async run<K extends Task['kind']>(task: Extract<Task, { kind: K }>): Promise<Answers[K]> {
    if (this.#queue.length >= this.#settings.waiting) throw new NoPicture('busy');
    const reply = await new Promise<Reply>((settle) => {
      this.#queue.push({ task, settle });
      this.#next();
    });
    if ('refused' in reply) throw new NoPicture(reply.refused);
    // A child answers a task with the answer of its kind.
    return reply.answer as Answers[K];
  }

  /** Ends all of them at once; tasks under way are refused. */
  close(): void {
    for (const child of this.#alive) child.kill('SIGKILL');
  }

  #next(): void {
    if (this.#queue.length === 0) return;
    const child = this.#wake() ?? (this.#alive.size < this.#settings.most ? this.#start() : null);
    const waiting = child && this.#queue.shift();
    if (waiting) this.#work(child, waiting);
  }

  #work(child: ChildProcess, { task, settle }: Waiting): void {
    let outcome: Reply = { refused: 'died' };
    const tooSlow = setTimeout(() => {
      outcome = { refused: 'too-slow' };
      child.kill('SIGKILL');
    }, this.#settings.timeMs);
    const finish = (reply: Reply | null) => {
      clearTimeout(tooSlow);
      child.off('message', answered).off('exit', ended).off('error', ended);
      if (reply) this.#rest(child);
      settle(reply ?? outcome);
      this.#next();
    };
    const answered = (reply: Reply) => finish(reply);
    const ended = () => finish(null);
    child.on('message', answered).on('exit', ended).on('error', ended);
    // One that is gone by now says so by its exit.
    child.send(task, () => {});
  }

  /** The process that has rested for the shortest time; the others come nearer to their end. */
  #wake(): ChildProcess | null {
    const latest = [...this.#idle].at(-1);
    if (!latest) return null;
    const [child, clock] = latest;
    clearTimeout(clock);
    this.#idle.delete(child);
    child.ref();
    child.channel?.ref();
    return child;
  }

  /** Idle ones keep neither this process alive nor their own memory for long. */
  #rest(child: ChildProcess): void {
    child.unref();
    child.channel?.unref();
    const end = () => {
      this.#idle.delete(child);
      child.kill('SIGKILL');
    };
    this.#idle.set(child, setTimeout(end, this.#settings.idleMs).unref());
  }

  #start(): ChildProcess {
    const child = fork(new URL('./child.ts', import.meta.url), [String(this.#settings.memoryBytes)], {
      // Nothing of this process's environment: there are secrets in it.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [...MAY, '--max-old-space-size=256', `--wasm-max-mem-pages=${CODEC_PAGES}`],
    });
    this.#alive.add(child);
    child.on('error', () => this.#gone(child)).on('exit', () => this.#gone(child));
    return child;
  }

  #gone(child: ChildProcess): void {
    this.#alive.delete(child);
    clearTimeout(this.#idle.get(child));
    this.#idle.delete(child);
    child.kill('SIGKILL');
  }
}

let shared: ImagingProcesses | null = null;
/** The ones this process uses, started when first needed; they end with it. */
export function imagingProcesses(): ImagingProcesses {
  return (shared ??= new ImagingProcesses());
}
