import { fail, redirect } from '@sveltejs/kit';
import { ownPath } from '#lib/desk/own-path.ts';
import { askStaffAuth } from '#lib/desk/staff-session.server.ts';
import { desk } from '#lib/paths.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { staff } = await locals.api.access.me();
  if (staff) redirect(303, ownPath(url.searchParams.get('next')) ?? desk());
};

const WRONG = 'This e-mail address and password do not belong together here. Check both and try again.';
const TOO_OFTEN = 'Too many tries in a short time. Wait a minute, then try again.';

export const actions: Actions = {
  default: async ({ request, cookies, url }) => {
    const form = await request.formData();
    const email = String(form.get('email') ?? '').trim();
    const password = String(form.get('password') ?? '');
    const answer = await askStaffAuth('sign-in/email', {
      visitor: request,
      cookies,
      body: { email, password },
    });
    if (answer.status === 429) return fail(429, { email, error: TOO_OFTEN });
    if (!answer.ok) return fail(400, { email, error: WRONG });
    redirect(303, ownPath(url.searchParams.get('next')) ?? desk());
  },
};
