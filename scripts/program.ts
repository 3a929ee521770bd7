import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';

/** Something that runs beside us until it is stopped or ends by itself. */
export interface Running {
  pid: number;
  /** Settles with the reason in words, such as `exit code 1` or `SIGKILL`. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

export interface NodeProgram {
  /** The file Node runs, absolute. */
  file: string;
  env: NodeJS.ProcessEnv;
  /** Options for Node itself. */
  options?: readonly string[];
  /** Gets less of a busy processor than others. */
  givesWay?: boolean;
  /** Milliseconds between asking it to stop and ending it. */
  patience?: number;
}

/** Linux only: the kernel passes a signal on when the parent is gone. Elsewhere exitWithParent has to notice. */
function deathSignal(): string[] {
  const words = ['setpriv', '--pdeathsig', 'TERM'];
  const works =
    process.platform === 'linux' && spawnSync('setpriv', [...words.slice(1), 'true']).status === 0;
  return works ? words : [];
}

/** How much nicer than us: a third of what we get when both want the processor. Linux heeds it within a session. */
const NICER_BY = 5;
const NICEST = 19;

/** Starts a program with our own Node, in a process group of its own so that Ctrl-C reaches us alone. */
export function runNode({
  file,
  env,
  options = [],
  givesWay = false,
  patience = 5_000,
}: NodeProgram): Running {
  const words = [...deathSignal(), process.execPath, '--enable-source-maps', ...options, file];
  const child = spawn(words[0] ?? '', words.slice(1), {
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // Whoever was started nice themselves may not make anybody less so.
  if (givesWay && child.pid !== undefined)
    os.setPriority(child.pid, Math.min(NICEST, os.getPriority() + NICER_BY));
  const exited = once(child, 'exit').then(
    ([code, signal]) => (signal ? String(signal) : `exit code ${code}`),
    (error: unknown) => String(error),
  );
  const stop = async () => {
    child.kill('SIGTERM');
    const hurry = setTimeout(() => child.kill('SIGKILL'), patience);
    await exited;
    clearTimeout(hurry);
  };
  return { pid: child.pid ?? 0, exited, stop };
}
