/** Runs `work` soon after it is asked for, once for many askings, and never twice at the same time. */
export function seldom(work: () => Promise<void>, pauseMs: number): { ask(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let working = false;
  let stopped = false;

  async function run() {
    timer = undefined;
    working = true;
    try {
      await work();
    } finally {
      working = false;
      if (again) ask();
    }
  }

  let again = false;
  function ask() {
    again = working;
    if (working || stopped) return;
    timer ??= setTimeout(run, pauseMs);
  }
  return {
    ask,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
