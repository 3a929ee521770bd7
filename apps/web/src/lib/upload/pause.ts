const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * Waits before another try, longer from try to try, and not a moment longer once the browser is back online, the
 * page is looked at again, or nobody wants the outcome any more.
 */
export function pauseBefore(attempt: number, signal: AbortSignal): Promise<void> {
  const wait = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(done, wait * (0.75 + Math.random() / 2));
    globalThis.addEventListener?.('online', done, { signal: over.signal });
    signal.addEventListener('abort', done, { signal: over.signal });
  });
}
