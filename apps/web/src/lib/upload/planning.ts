import { breathe } from '#lib/ui/breathe.ts';
import { type Decision, filesToSend } from './manifest.ts';
import { type Pack, planPacks } from './packs.ts';

/** The packs in which what was decided travels. */
export async function packsOf(decision: Decision): Promise<Pack[]> {
  const files = filesToSend(decision);
  // Each takes a moment where there are tens of thousands.
  await breathe();
  return planPacks(files);
}
