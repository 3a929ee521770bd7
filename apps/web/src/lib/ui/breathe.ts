interface Scheduling {
  yield?: () => Promise<void>;
}

/** Lets the page answer whoever clicks or types before long work goes on (Prioritized Task Scheduling API). */
export function breathe(): Promise<void> {
  const { scheduler }: { scheduler?: Scheduling } = globalThis;
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}
