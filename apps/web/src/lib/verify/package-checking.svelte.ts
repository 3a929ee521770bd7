import type { PickedFile } from '#lib/ui/dropped-files.ts';
import type { PackageCheck, Progress } from './check-package.ts';
import type { PublishedKey } from './signature.ts';
import type { CheckAnswer, CheckQuestion } from './worker-messages.ts';

const KEYS = '/.well-known/filmpost-signing-key';

/** One page's checking of packages, one after another. */
export class PackageChecking {
  stage: 'choosing' | 'checking' | 'checked' | 'refused' = $state('choosing');
  progress: Progress | null = $state(null);
  check: PackageCheck | null = $state.raw(null);
  /** Why nothing was checked; null when there is no list of files. */
  sentence: string | null = $state(null);
  name = $state('');
  #worker: Worker | null = null;

  async begin(picked: PickedFile[]): Promise<void> {
    this.stop();
    this.stage = 'checking';
    this.progress = null;
    this.name = nameOf(picked);
    const worker = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' });
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<CheckAnswer>) => this.#told(data);
    worker.onerror = () =>
      this.#told({ kind: 'refused', sentence: 'This browser could not check the files. Reload the page.' });
    const keys = await publishedKeys();
    if (this.#worker === worker) worker.postMessage({ picked, keys } satisfies CheckQuestion);
  }

  /** Ends what is under way, and returns to the choice. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.stage = 'choosing';
  }

  #told(answer: CheckAnswer): void {
    if (answer.kind === 'progress') {
      this.progress = answer.progress;
      return;
    }
    this.#worker?.terminate();
    this.#worker = null;
    this.stage = answer.kind;
    if (answer.kind === 'checked') this.check = answer.check;
    else this.sentence = answer.sentence;
  }
}

/** Null when they cannot be had: then files are compared all the same. */
async function publishedKeys(): Promise<PublishedKey[] | null> {
  try {
    const response = await fetch(KEYS);
    if (!response.ok) return null;
    const { keys }: { keys: PublishedKey[] } = await response.json();
    return keys;
  } catch {
    return null;
  }
}

/** The file, or the folder, that was chosen. */
function nameOf(picked: readonly PickedFile[]): string {
  return picked[0]?.path.split('/')[0] ?? '';
}
