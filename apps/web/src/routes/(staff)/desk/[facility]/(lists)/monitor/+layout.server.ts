import { error } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

/** Unknown to whoever does not administer the facility; what it shows is admitted once more when it is asked for. */
export const load: LayoutServerLoad = async ({ parent }) => {
  const { person } = await parent();
  if (!person.administrates) error(404);
};
