import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser } from '@playwright/test';

/**
 * `any`: a Chromium or Chrome of this machine, and the one that comes with the packages where there is none.
 * `packaged`: the latter without looking around.
 */
export type BrowserOrigin = 'any' | 'packaged';

/** Asks nobody on the internet for anything. */
export const quietArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Draws WebGL in software. */
const drawingArguments = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

/** A browser for tests; works on a machine where nobody installed one. Close it when done. */
export async function launchBrowser({ origin = 'any' }: { origin?: BrowserOrigin } = {}): Promise<Browser> {
  const { executable, env } = await browserProgram({ origin });
  return chromium.launch({ executablePath: executable, args: [...quietArguments, ...drawingArguments], env });
}

/** The program that `launchBrowser` starts, and the environment it needs. */
export async function browserProgram({ origin = 'any' }: { origin?: BrowserOrigin } = {}): Promise<{
  executable: string;
  env: NodeJS.ProcessEnv;
}> {
  const installed = origin === 'any' ? await installedBrowser() : undefined;
  if (installed) return { executable: installed, env: speaking(process.env) };
  const folder = await packagedBrowser();
  return { executable: join(folder, 'chromium'), env: speaking(await packagedEnvironment(folder)) };
}

/** `kill -9`, as when a computer loses its power; settles when it is gone. */
export async function killBrowser(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const main = processInfo.find(({ type }) => type === 'browser');
  if (!main) throw new Error('The browser does not say which process it is.');
  const gone = new Promise<void>((resolve) => browser.once('disconnected', () => resolve()));
  process.kill(main.id, 'SIGKILL');
  await gone;
}

/** Without a UTF-8 locale Chromium cannot open files whose names are not ASCII, and takes them for empty ones. */
function speaking(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, LC_ALL: 'C.UTF-8' };
}

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const macPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

async function installedBrowser(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const places = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...macPlaces];
  for (const place of places) if (await exists(place, constants.X_OK)) return place;
  return undefined;
}

async function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

const packagedScript = `
  import chromium, { inflate } from '@sparticuz/chromium';
  await chromium.executablePath();
  await inflate(process.argv[1]);
`;

/**
 * Unpacks the packaged Chromium once and returns its folder. The package unpacks into the temporary folder and
 * takes whatever lies there for complete, so a process of its own gets an empty one, renamed when it is.
 */
async function packagedBrowser(): Promise<string> {
  const root = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const folder = join(tmpdir(), `filmpost-chromium-${version}`);
  if (await exists(folder)) return folder;
  await mkdir(tmpdir(), { recursive: true });
  const unpacking = await mkdtemp(`${folder}-`);
  const libraries = join(root, 'bin', 'al2023.tar.br');
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', packagedScript, libraries], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: unpacking },
  });
  await writeFile(join(unpacking, 'fonts', 'fonts.conf'), fontsOf(folder));
  await rename(unpacking, folder).catch(async (failure: Error) => {
    await rm(unpacking, { recursive: true, force: true });
    if (!(await exists(folder))) throw failure;
  });
  return folder;
}

/** The package's own font list names the folders of one hosting service. */
function fontsOf(folder: string): string {
  const places = `<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${places}</fontconfig>\n`;
}

/** Bare machines lack the libraries for certificates, and some the fonts; both came with the package. */
async function packagedEnvironment(folder: string): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) environment[name] = value;
  const libraries = [join(folder, 'al2023', 'lib'), environment.LD_LIBRARY_PATH];
  environment.LD_LIBRARY_PATH = libraries.filter(Boolean).join(delimiter);
  if (!(await exists('/etc/fonts/fonts.conf'))) environment.FONTCONFIG_PATH = join(folder, 'fonts');
  return environment;
}
