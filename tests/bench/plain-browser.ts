import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { browserProgram, quietArguments } from '../world/browser.ts';

/** A Chromium of its own with one page. */
export interface PlainBrowser extends AsyncDisposable {
  pid: number;
  goto(url: string): Promise<void>;
  /** Runs in every page before anything of its own does. */
  beforehand(script: () => void): Promise<void>;
  setCookie(cookie: { name: string; value: string; url: string }): Promise<void>;
  /** The value of an expression; of a promise, once it settles. */
  evaluate<Result>(expression: string): Promise<Result>;
  /** Settles when the expression is true; asked ten times a second. */
  becomes(expression: string): Promise<void>;
  /** Puts what lies at this path into the first element that the selector finds. */
  choose(selector: string, folder: string): Promise<void>;
  send<Result>(method: string, params?: object): Promise<Result>;
}

interface Answer {
  id?: number;
  result?: object;
  error?: { message: string };
}

/**
 * Chromium without anybody who listens to its network. Playwright has each page report what it sends, which costs
 * several times as much as sending it (60 CPU seconds a gigabyte were seen), and no clerk's browser does so.
 *
 * @param proxy as `--proxy-server` takes it; everything goes through it then, this machine's own addresses too
 */
export async function plainBrowser({ proxy }: { proxy?: string | undefined } = {}): Promise<PlainBrowser> {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'filmpost-profile-'));
  const { executable, env } = await browserProgram();
  const options = [
    ...quietArguments,
    '--headless=new',
    // Pages that draw no pictures of their own: software in place of graphics hardware costs more than drawing without.
    '--disable-gpu',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--window-size=1280,800',
    ...(proxy ? [`--proxy-server=${proxy}`, '--proxy-bypass-list=<-loopback>'] : []),
    'about:blank',
  ];
  const browser = spawn(executable, options, { env, stdio: 'ignore' });
  // The file is there before anything is written into it.
  const socket = await soon(() => {
    const [port = ''] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
    return pageSocket(port);
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer: Answer = JSON.parse(String(data));
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let count = 0;
  const send = async <Result>(method: string, params: object = {}): Promise<Result> => {
    const id = ++count;
    const answer = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    // Its shape is the protocol's.
    return answer.result as Result;
  };
  const evaluate = async <Result>(expression: string): Promise<Result> => {
    const { result, exceptionDetails } = await send<{
      result: { value: Result };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
    return result.value;
  };
  const becomes = async (expression: string) => {
    while (!(await evaluate<boolean>(`Boolean(${expression})`).catch(() => false)))
      await new Promise((resolve) => setTimeout(resolve, 100));
  };
  await send('Page.enable');
  return {
    pid: browser.pid ?? 0,
    send,
    evaluate,
    becomes,
    async goto(url) {
      await send('Page.navigate', { url });
      await becomes(`location.href.startsWith(${JSON.stringify(url)}) && document.readyState === 'complete'`);
    },
    async beforehand(script) {
      await send('Page.addScriptToEvaluateOnNewDocument', { source: `(${script.toString()})()` });
    },
    async setCookie(cookie) {
      await send('Network.setCookie', cookie);
    },
    async choose(selector, folder) {
      const { root } = await send<{ root: { nodeId: number } }>('DOM.getDocument');
      const { nodeId } = await send<{ nodeId: number }>('DOM.querySelector', {
        nodeId: root.nodeId,
        selector,
      });
      await send('DOM.setFileInputFiles', { files: [folder], nodeId });
    },
    async [Symbol.asyncDispose]() {
      const ended = once(browser, 'exit');
      socket.close();
      // It keeps nothing, and with a page that sends it takes its time to end on a kinder signal.
      browser.kill('SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function pageSocket(port: string): Promise<WebSocket> {
  const targets: { type: string; webSocketDebuggerUrl: string }[] = await (
    await fetch(`http://127.0.0.1:${port}/json`)
  ).json();
  const page = targets.find(({ type }) => type === 'page');
  if (!page) throw new Error('no page yet');
  return new WebSocket(page.webSocketDebuggerUrl);
}

/** What this gives as soon as it does not throw. */
async function soon<Result>(look: () => Result | Promise<Result>): Promise<Result> {
  const patience = performance.now() + 30_000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
