import { readFileSync } from 'node:fs';

/** A second Ctrl-C within this many milliseconds is the same one, delivered by the terminal and by npm. */
const ECHO = 1_500;
const PARENT_CHECK = 500;

/**
 * One signal for everything that asks us to stop: Ctrl-C, SIGTERM, a closed terminal, and an npm that was killed
 * without a chance to pass that on. A person who asks again later does not want to wait any more.
 */
export function askedToLeave(): AbortSignal {
  const leaving = new AbortController();
  let since = 0;
  const leave = () => {
    if (since && Date.now() - since > ECHO) process.exit(130);
    since ||= Date.now();
    leaving.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, leave);
  if (process.env.npm_lifecycle_event) onParentGone(leave);
  return leaving.signal;
}

/** npm runs scripts through `sh -c`; on Linux it shows who is behind that shell. */
function npmProcess(): string {
  try {
    const shell = readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0');
    // The fields after the name in parentheses: state, then the parent's pid (man 5 proc_pid_stat).
    const fields = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').replace(/^.*\)/s, '').trim();
    return shell[1] === '-c' ? `${process.ppid} ${fields.split(' ')[1]}` : `${process.ppid}`;
  } catch {
    return `${process.ppid}`;
  }
}

function onParentGone(leave: () => void): void {
  const before = npmProcess();
  const timer = setInterval(() => {
    if (npmProcess() === before) return;
    clearInterval(timer);
    leave();
  }, PARENT_CHECK);
  timer.unref();
}

/** Settles when the signal is given, with `true`. */
export function given(signal: AbortSignal): Promise<true> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(true);
    signal.addEventListener('abort', () => resolve(true), { once: true });
  });
}
