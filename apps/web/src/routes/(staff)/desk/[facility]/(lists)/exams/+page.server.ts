import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, parent }) => {
  await parent();
  return { exams: await locals.api.archive.list({ facility: params.facility }) };
};
