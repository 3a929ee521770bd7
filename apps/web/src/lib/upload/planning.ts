import { breathe } from '#lib/ui/breathe.ts';
import type { DiscReader } from './disc-reader.ts';
import { type Decision, filesToSend } from './manifest.ts';
import { type Pack, planPacks } from './packs.ts';

/** The packs in which what was decided travels. */
export async function packsOf(decision: Decision): Promise<Pack[]> {
  const files = filesToSend(decision);
  // Each takes a moment where there are tens of thousands.
  await breathe();
  return planPacks(files);
}

/** Digests of the files that are sent first; none when the disc does not give them up. */
export async function beginningOf(
  decision: Decision,
  reader: Pick<DiscReader, 'seal'>,
): Promise<readonly string[]> {
  const [first] = await packsOf(decision);
  const read = first && (await reader.seal(first).catch(() => null));
  return read?.digests ?? [];
}
