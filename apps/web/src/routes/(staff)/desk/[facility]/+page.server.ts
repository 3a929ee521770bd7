import { redirect } from '@sveltejs/kit';
import { deskRequests } from '#lib/paths.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params }) => redirect(303, deskRequests(params.facility));
