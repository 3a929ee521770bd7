import { execFileSync } from 'node:child_process';

const GIBIBYTE = 1024 ** 3;

/**
 * Uses so much memory once and gives it back. A virtual machine gets memory from its host page by page as it first touches
 * it, and hands it in when it does not; who is the first to touch a gigabyte of files pays up to two seconds of processor
 * for the host. Touched beforehand, everybody measured finds the same.
 */
export function touchMemory(gibibytes: number): void {
  const source = `const all = []; while (all.length < ${gibibytes}) all.push(Buffer.alloc(${GIBIBYTE}, 1));`;
  execFileSync(process.execPath, ['-e', source]);
}
