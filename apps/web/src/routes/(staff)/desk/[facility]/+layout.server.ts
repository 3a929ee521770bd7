import { error, redirect } from '@sveltejs/kit';
import { signIn } from '#lib/paths.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, params, url }) => {
  const { staff } = await locals.api.access.me();
  if (!staff) redirect(303, signIn(url.pathname));
  const membership = staff.memberships.find(({ slug }) => slug === params.facility);
  if (!membership) error(404);
  return {
    facility: membership.slug,
    facilityName: membership.facilityName,
    person: {
      name: staff.name,
      role: membership.role === 'clerk' ? 'Clerk' : 'Administrator',
      administrates: membership.role === 'administrator',
    },
    elsewhere: staff.memberships
      .filter(({ slug }) => slug !== membership.slug)
      .map(({ slug, facilityName }) => ({ slug, facilityName })),
  };
};
