import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { exitWithParent } from '@filmpost/config/parent.ts';
import { createServer, type PagesHandler } from '@filmpost/api/server.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';

const settings = environment();
if (!settings.databaseUrl) throw new Error('DATABASE_URL is not set: start the web server with npm start.');
const { databaseUrl } = settings;
const viewerDirectory = path.join(import.meta.dirname, '../../.build/viewer');

const { exchange, close } = await openExchange({ ...settings, databaseUrl });
const server = await createServer(exchange, {
  databaseUrl,
  viewerDirectory,
  uploadMaxBytes: settings.uploadMaxBytes,
  instanceMaxBytes: settings.instanceMaxBytes,
  trustedProxies: settings.trustProxy,
  sockets: { perAddress: settings.socketsPerAddress },
});

// SvelteKit's server code lives in a bundle of its own; this is how its hooks reach the procedures.
globalThis.filmpost = {
  callerFor: server.callerFor,
  staffAuth: { handler: exchange.staffAuth.handler, origin: exchange.publicUrl },
};
server.setPages(settings.development ? await developmentPages() : await builtPages());

async function builtPages(): Promise<PagesHandler> {
  process.env.PROTOCOL_HEADER = 'x-forwarded-proto';
  const build: { handler: PagesHandler } = await import(path.join(import.meta.dirname, 'build/handler.js'));
  return build.handler;
}

async function developmentPages(): Promise<PagesHandler> {
  const vite = await import('vite');
  const development = await vite.createServer({
    root: import.meta.dirname,
    // Vite's default loader writes a temporary module that node --watch takes for a change, and restarts for ever.
    configLoader: 'native',
    server: { middlewareMode: true, hmr: { server: server.http } },
    appType: 'custom',
  });
  return development.middlewares;
}

await new Promise<void>((resolve) => server.http.listen(settings.port, settings.host, resolve));
exitWithParent(async () => {
  await server.close();
  await close();
});
