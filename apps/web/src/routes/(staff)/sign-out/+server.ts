import { redirect } from '@sveltejs/kit';
import { askStaffAuth } from '#lib/desk/staff-session.server.ts';
import { signIn } from '#lib/paths.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, cookies }) => {
  await askStaffAuth('sign-out', { visitor: request, cookies, body: {} });
  redirect(303, signIn());
};
