import { access } from './routers/access.ts';
import { archive } from './routers/archive.ts';
import { facilities } from './routers/facilities.ts';
import { packages } from './routers/packages.ts';
import { requests } from './routers/requests.ts';
import { shares } from './routers/shares.ts';
import { uploads } from './routers/uploads.ts';
import { createCallerFactory, router } from './trpc.ts';

/** Every procedure of the product, by room. */
export const appRouter = router({ access, archive, facilities, packages, requests, shares, uploads });
export type AppRouter = typeof appRouter;

/** Calls procedures without a network: the same road for server-rendered pages and tests. */
export const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
