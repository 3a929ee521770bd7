import { dicomwebRetrieve } from './dicomweb-retrieve.ts';
import { type QidoOptions, qido } from './qido.ts';

type Options = QidoOptions & { part?: string };

/** DICOMweb beside its floors: searches, series metadata and frames; one part or all. */
export async function dicomweb({ part, ...options }: Options): Promise<void> {
  if (part !== undefined && !['qido', 'metadata', 'frames'].includes(part)) {
    throw new Error('--part is qido, metadata or frames.');
  }
  if (part === undefined || part === 'qido') await qido(options);
  if (part !== 'qido') await dicomwebRetrieve({ ...options, part });
}
