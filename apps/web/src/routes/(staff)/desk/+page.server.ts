import { redirect } from '@sveltejs/kit';
import { desk, deskRequests, signIn } from '#lib/paths.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { staff } = await locals.api.access.me();
  if (!staff) redirect(303, signIn(desk()));
  const first = staff.memberships[0];
  if (first) redirect(303, deskRequests(first.slug));
  return { name: staff.name };
};
