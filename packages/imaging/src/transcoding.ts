/** Stored instances as files in Explicit VR Little Endian, for those who can read nothing else. */

import type { ExplicitForm } from './explicit-form.ts';
import { imagingProcesses } from './processes.ts';
import type { StoredInstance } from './stored-file.ts';

export type { ExplicitForm, FramesToDecode } from './explicit-form.ts';

/**
 * Where the bytes of an instance in Explicit VR Little Endian come from (PS3.5 A.2), worked out in a bounded process.
 * @throws NoPicture: as `decodeFrame`; `damaged` also for a file that is cut off
 */
export async function explicitFormOf(instance: StoredInstance): Promise<ExplicitForm> {
  return imagingProcesses().run<'explicit'>({ kind: 'explicit', instance });
}
