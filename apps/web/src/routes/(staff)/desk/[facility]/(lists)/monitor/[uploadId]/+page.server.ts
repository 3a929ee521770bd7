import { orNotFound } from '#lib/desk/or-not-found.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { upload } = await orNotFound(locals.api.uploads.find({ uploadId: params.uploadId }));
  return { upload };
};
