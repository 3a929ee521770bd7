/** How long an orderly stop may take before the process ends anyway, in milliseconds. */
const PATIENCE = 8_000;

/**
 * Ends this process in order when it is told to (SIGTERM, Ctrl-C) and when the process that started it is gone,
 * even by kill -9: the channel between the two then closes. `stop` is called once, whatever comes how often.
 */
export function exitWithParent(stop: () => Promise<void>): void {
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(1), PATIENCE).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
  process.on('disconnect', leave);
  // It may have gone while we were still loading; only who was started with a channel has `send`.
  if (process.send && !process.connected) leave();
}
