import { orNotFound } from '#lib/desk/or-not-found.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { request } = await orNotFound(locals.api.requests.find({ requestId: params.requestId }));
  return { request };
};
