import type { Granted } from '../../access/gate/schema.ts';
import type { Exchange } from '../../exchange.ts';
import { CannotBeDone } from '../../facilities/commands.ts';
import { type Trx, atOnce } from '../../transaction.ts';
import { uploadCan } from '../rules.ts';
import { knownFiles } from './queries.ts';
import { MOST_FILES } from './rules.ts';
import { type FileOnDisc, type KnownFiles, type VerifiedFile, filesOnDisc } from './schema.ts';

type Writer = Granted<'upload:write'>;

/**
 * Writes down which files come next, and says which of them need not come. From now on the upload is not complete
 * before each of the others is verified on the disk.
 *
 * @throws CannotBeDone when the upload takes nothing more
 */
export async function announceFiles(
  exchange: Exchange,
  granted: Writer,
  input: readonly FileOnDisc[],
): Promise<KnownFiles> {
  const files = filesOnDisc.parse(input);
  if (files.length === 0) return { here: [], elsewhere: [] };
  return exchange.db.transaction().execute(async (trx) => {
    // Held until commit, so that nobody finishes or withdraws the upload between the look and the rows.
    const upload = await trx
      .selectFrom('upload')
      .select(['id', 'kind', 'facilityId', 'requestId', 'state'])
      .where('id', '=', granted.uploadId)
      .forKeyShare()
      .executeTakeFirstOrThrow();
    if (!uploadCan('announce', upload.state)) throw new CannotBeDone('This upload is closed already.');
    await refuseEndless(trx, upload.id);
    const known = await knownFiles(
      trx,
      upload,
      files.map(({ sha256 }) => Buffer.from(sha256, 'hex')),
    );
    const needless = new Set([...known.here, ...known.elsewhere]);
    const coming = files.filter(({ sha256 }) => !needless.has(sha256));
    await insertFiles(trx, upload.id, { files: coming.map(inBytes), state: 'announced' });
    return known;
  });
}

const inBytes = ({ sha256, size }: FileOnDisc): VerifiedFile => ({
  sha256: Buffer.from(sha256, 'hex'),
  size,
});

async function refuseEndless(trx: Trx, uploadId: string): Promise<void> {
  const beyond = await trx
    .selectFrom('uploadFile')
    .select('uploadId')
    .where('uploadId', '=', uploadId)
    .offset(MOST_FILES)
    .limit(1)
    .executeTakeFirst();
  if (beyond)
    throw new CannotBeDone('This upload has as many files as one can have. Begin another for the rest.');
}

async function insertFiles(
  trx: Trx,
  uploadId: string,
  { files, state }: { files: readonly VerifiedFile[]; state: 'announced' | 'verified' },
): Promise<void> {
  const once = new Map(files.map((file) => [file.sha256.toString('hex'), file]));
  // In one order for everybody: two workers that verify the same files would otherwise wait for each other for ever.
  const rows = [...once]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { sha256, size }]) => ({ uploadId, sha256, size, state }));
  for (const some of atOnce(rows)) {
    await trx
      .insertInto('uploadFile')
      .values(some)
      .onConflict((conflict) =>
        state === 'verified'
          ? conflict.columns(['uploadId', 'sha256']).doUpdateSet({ state })
          : conflict.doNothing(),
      )
      .execute();
  }
}

/** These files lie on the disk, and their digests are what their sender said. */
export async function verifyFiles(trx: Trx, uploadId: string, files: readonly VerifiedFile[]): Promise<void> {
  await insertFiles(trx, uploadId, { files, state: 'verified' });
}

/** These bytes are not what their content key says: whoever offers the same content again shall send it again. */
export async function disownBytes(trx: Trx, blobIds: readonly string[]): Promise<void> {
  if (blobIds.length === 0) return;
  await trx.updateTable('blob').set({ contentKey: null }).where('id', 'in', blobIds).execute();
}

/** Files that nobody will send any more: a window that was closed announced them, or a disc gave them up. */
export async function forgetFiles(
  exchange: Exchange,
  granted: Writer,
  digests: readonly string[],
): Promise<void> {
  if (digests.length === 0) return;
  await exchange.db
    .deleteFrom('uploadFile')
    .where('uploadId', '=', granted.uploadId)
    .where('state', '=', 'announced')
    .where(
      'sha256',
      'in',
      digests.map((digest) => Buffer.from(digest, 'hex')),
    )
    .execute();
}

/** Everything announced is verified: what was damaged on the way has come again, and is no file of the disc's bill. */
export async function forgetDamage(trx: Trx, uploadId: string): Promise<void> {
  await trx
    .deleteFrom('setAside')
    .where('uploadId', '=', uploadId)
    .where('reason', 'in', ['damaged-on-the-way', 'malformed-pack'])
    .execute();
}
