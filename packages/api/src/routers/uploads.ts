import { admit } from '@filmpost/exchange/access/gate/commands.ts';
import { examsOfUpload } from '@filmpost/exchange/archive/queries.ts';
import { latestSequence } from '@filmpost/exchange/events/queries.ts';
import { setAsideSentence } from '@filmpost/exchange/ingest/rules.ts';
import {
  announce,
  confirmUpload,
  finishUpload,
  openRequestUpload,
  openStaffUpload,
  withdrawUpload,
} from '@filmpost/exchange/intake/commands.ts';
import {
  listUploads,
  setAsideFiles,
  storedPacks,
  uploadProgress,
} from '@filmpost/exchange/intake/queries.ts';
import { announceFiles, forgetFiles } from '@filmpost/exchange/intake/manifest/commands.ts';
import { unverifiedFiles } from '@filmpost/exchange/intake/manifest/queries.ts';
import { digests, filesOnDisc } from '@filmpost/exchange/intake/manifest/schema.ts';
import { reportUploads } from '@filmpost/exchange/intake/monitor/commands.ts';
import {
  monitorTotals,
  monitoredModalities,
  monitoredUploads,
} from '@filmpost/exchange/intake/monitor/queries.ts';
import { monitorFilter, monitorStretch } from '@filmpost/exchange/intake/monitor/schema.ts';
import { sendersOf } from '@filmpost/exchange/intake/senders/queries.ts';
import { statedSender } from '@filmpost/exchange/intake/senders/schema.ts';
import { manifest } from '@filmpost/exchange/intake/schema.ts';
import { z } from 'zod';
import { type Following, cursorInput, follow, since, sinceInput, unattended } from '../live/follow.ts';
import { type CallContext, procedure, router } from '../trpc.ts';

const facility = z.string().max(60);
const uploadId = z.uuid();
const monitored = z.object({
  facility,
  filter: monitorFilter.prefault({}),
  stretch: monitorStretch.prefault({}),
});
const one = procedure.input(z.object({ uploadId }));

async function writing(ctx: CallContext, subject: { uploadId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'upload:write', subject });
}

async function watching(ctx: CallContext, subject: { uploadId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'upload:watch', subject });
}

async function reading(ctx: CallContext, subject: { uploadId: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'upload:read', subject });
}

async function administering(ctx: CallContext, subject: { facility: string }) {
  return admit(ctx.exchange, await ctx.visitor(), { capability: 'facility:administer', subject });
}

async function following(ctx: CallContext, subject: { uploadId: string }): Promise<Following> {
  const prove = () => watching(ctx, subject);
  const { actor } = await prove();
  return {
    topic: `upload:${subject.uploadId}`,
    prove,
    // A PIN can give and read nothing: it learns that bytes arrived, not what others sent.
    tells: (event) => actor.kind !== 'uploader' || event.kind === 'upload.changed',
  };
}

export const uploads = router({
  /** Opens the upload of the request this browser has entered, or continues the one under way. */
  openForRequest: procedure
    .input(z.object({ sender: statedSender }).optional())
    .mutation(async ({ ctx, input }) => {
      const granted = await admit(ctx.exchange, await ctx.visitor(), {
        capability: 'request:fulfil',
        subject: {},
      });
      return openRequestUpload(ctx.exchange, granted, input?.sender);
    }),
  /** Opens an upload of the staff, or continues the visitor's own with one of these files in it. */
  openForStaff: procedure
    .input(z.object({ facility, digests: digests.default([]) }))
    .mutation(async ({ ctx, input }) => {
      const granted = await admit(ctx.exchange, await ctx.visitor(), {
        capability: 'facility:work',
        subject: { facility: input.facility },
      });
      return openStaffUpload(ctx.exchange, granted, input.digests);
    }),
  /** What of this upload is stored, by content: the same disc goes on from there, in any browser. */
  stored: one.query(async ({ ctx, input }) => storedPacks(ctx.exchange, await writing(ctx, input))),
  /** Writes down which files come next and says which need not: only within the request, or the own facility. */
  announceFiles: procedure
    .input(z.object({ uploadId, files: filesOnDisc }))
    .mutation(async ({ ctx, input }) =>
      announceFiles(ctx.exchange, await writing(ctx, { uploadId: input.uploadId }), input.files),
    ),
  /** What was announced and is not verified on the disk. */
  unverified: one.query(async ({ ctx, input }) => unverifiedFiles(ctx.exchange, await writing(ctx, input))),
  /** These announced files will not come any more. */
  forgetFiles: procedure
    .input(z.object({ uploadId, digests }))
    .mutation(async ({ ctx, input }) =>
      forgetFiles(ctx.exchange, await writing(ctx, { uploadId: input.uploadId }), input.digests),
    ),
  announce: procedure
    .input(z.object({ uploadId, manifest }))
    .mutation(async ({ ctx, input }) =>
      announce(ctx.exchange, await writing(ctx, { uploadId: input.uploadId }), input.manifest),
    ),
  finish: one.mutation(async ({ ctx, input }) => finishUpload(ctx.exchange, await writing(ctx, input))),
  confirm: one.mutation(async ({ ctx, input }) => confirmUpload(ctx.exchange, await writing(ctx, input))),
  withdraw: one.mutation(async ({ ctx, input }) => withdrawUpload(ctx.exchange, await writing(ctx, input))),
  /** An upload as it stands. A PIN session learns counts and reasons and no patient. */
  find: one.query(async ({ ctx, input }) => {
    const granted = await watching(ctx, input);
    const cursor = String(await latestSequence(ctx.exchange, `upload:${granted.uploadId}`));
    return { upload: await uploadProgress(ctx.exchange, granted), cursor };
  }),
  /** The exams of an upload with their patients: for the facility's staff, never for a PIN session. */
  exams: one.query(async ({ ctx, input }) => examsOfUpload(ctx.exchange, await reading(ctx, input))),
  /** What arrived and became no part of an exam, with the reason in words; for staff, since names tell of patients. */
  setAside: one.query(async ({ ctx, input }) => {
    const files = await setAsideFiles(ctx.exchange, await reading(ctx, input));
    return files.map((file) => ({ ...file, sentence: setAsideSentence(file.reason) }));
  }),
  /** Who sends, in their own words; for the staff who asked, never for another sender. */
  senders: one.query(async ({ ctx, input }) => sendersOf(ctx.exchange, await reading(ctx, input))),
  list: procedure.input(z.object({ facility })).query(async ({ ctx, input }) => {
    const granted = await admit(ctx.exchange, await ctx.visitor(), {
      capability: 'facility:work',
      subject: input,
    });
    return listUploads(ctx.exchange, granted);
  }),
  /** The Live Upload Monitor of a facility's administrator: a stretch of the list, and sums over all of it. */
  monitor: procedure.input(monitored).query(async ({ ctx, input }) => {
    const granted = await administering(ctx, input);
    const [uploads, totals] = await Promise.all([
      monitoredUploads(ctx.exchange, granted, input),
      monitorTotals(ctx.exchange, granted, input.filter),
    ]);
    return { uploads, totals };
  }),
  /** The monitor's uploads, to be kept. */
  report: procedure
    .input(monitored)
    .mutation(async ({ ctx, input }) => reportUploads(ctx.exchange, await administering(ctx, input), input)),
  /** The modalities that the monitor's filter offers. */
  monitoredModalities: procedure.input(z.object({ facility })).query(async ({ ctx, input }) => {
    const granted = await administering(ctx, input);
    return monitoredModalities(ctx.exchange, granted);
  }),
  follow: procedure
    .input(z.object({ uploadId, ...cursorInput }))
    .subscription(async ({ ctx, input, signal }) =>
      follow(ctx, await following(ctx, input), { ...input, signal }),
    ),
  since: procedure
    .input(z.object({ uploadId, ...sinceInput }))
    .query(async ({ ctx, input, signal }) =>
      since(ctx, await following(unattended(ctx), input), { ...input, signal }),
    ),
});
