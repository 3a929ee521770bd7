import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, params, parent }) => {
  await parent();
  const { facility } = params;
  // First the cursor, then the lists: an event told meanwhile is heard twice, never missed.
  const cursor = await locals.api.facilities.cursor({ facility });
  const [requests, uploads, shares] = await Promise.all([
    locals.api.requests.list({ facility }),
    locals.api.uploads.list({ facility }),
    locals.api.shares.list({ facility }),
  ]);
  return { cursor, requests, uploads, shares };
};
