import path from 'node:path';

/** Folders and files of this checkout that more than one script needs, all absolute. */
export const repository = path.resolve(import.meta.dirname, '..');
export const webApp = path.join(repository, 'apps/web');
export const webServer = path.join(webApp, 'server.ts');
export const workerMain = path.join(repository, 'apps/worker/main.ts');
/** What building leaves behind; may be deleted at any time while nothing runs. */
export const buildFolder = path.join(repository, '.build');
export const viewerFolder = path.join(buildFolder, 'viewer');
