import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, parent }) => {
  await parent();
  const exams = await locals.api.archive.list({ facility: params.facility });
  // Older than the list reaches: the viewer still shows it, only the bar above it says less.
  return { exam: exams.find(({ studyInstanceUid }) => studyInstanceUid === params.studyInstanceUid) ?? null };
};
