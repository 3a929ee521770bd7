import type { Reroute } from '@sveltejs/kit/hooks';

/** `/VIEW` is printed in capitals, and typed as people like (features 50, X9). */
export const reroute: Reroute = ({ url }) => (/^\/view\/?$/i.test(url.pathname) ? '/view' : undefined);
