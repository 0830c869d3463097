import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { root } from '../../scripts/lib/paths.ts';
import { webOptions } from '../../scripts/lib/webPlatform.ts';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' };

/** The content of a file, or the names in a folder as JSON. */
async function contentOf(path: string): Promise<Buffer | string> {
  return (await stat(path)).isDirectory() ? JSON.stringify(await readdir(path)) : readFile(path);
}

/** Starts a worker of a program of the tests, by number. */
const START = `(number, script) => {
  globalThis.started ??= new Map();
  started.set(number, new Worker(script, { type: 'module' }));
}`;

/** Waits for the answer of a worker, which answers one call at a time. */
const CALL = `(number, args) => new Promise((resolve, reject) => {
  const worker = started.get(number);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    if ('log' in data) return console.log(data.log);
    if ('error' in data) reject(new Error(data.error));
    else resolve(data.result);
  };
  worker.postMessage(args);
})`;

/** Ends a worker, without waiting until it has ended. */
const END = `(number) => {
  started.get(number).terminate();
  started.delete(number);
}`;

/** A worker that answers calls, one at a time, until it is ended. */
export interface StartedWorker<Args, Result> {
  call(args: Args): Promise<Result>;
  end(): Promise<void>;
}

/** What a page has of its worker. */
interface Poster {
  postMessage(message: unknown): void;
}

/** A worker of the page. */
export interface PageWorker {
  post(message: unknown): Promise<void>;
  terminate(): Promise<void>;
}

/**
 * Runs programs in dedicated workers of Chromium, bundled for browsers. A program calls `answerCall` of
 * `test/web/answerCall.ts`. Files remain in the browser until it is closed.
 */
export class BrowserWorkers {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #context: BrowserContext;
  readonly #scripts: Map<string, Uint8Array>;
  #page: Page;
  /** Number of workers that were started. */
  #started = 0;

  /**
   * @param isolated whether the page is isolated from other origins, so that its threads share memory
   * @param webgpu whether it has a GPU, which is emulated in software
   * @throws Unavailable if there is no Chromium
   */
  static async open({ isolated = false, webgpu = false } = {}): Promise<BrowserWorkers> {
    const scripts = new Map<string, Uint8Array>();
    const server = createServer((request, response) => {
      const path = normalize(decodeURIComponent(request.url ?? '/'));
      const answer = async () => scripts.get(path) ?? (path === '/' ? '<p>' : contentOf(join(root, path)));
      // Isolated from other origins, so that threads can share memory.
      if (isolated) {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      }
      response.setHeader('content-type', TYPES[extname(path)] ?? (path === '/' ? 'text/html' : 'text/plain'));
      void answer().then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchChromium({ webgpu });
    const context = await browser.newContext();
    const workers = new BrowserWorkers(browser, server, context, scripts, await context.newPage());
    await workers.reload();
    return workers;
  }

  private constructor(
    browser: Browser,
    server: Server,
    context: BrowserContext,
    scripts: Map<string, Uint8Array>,
    page: Page,
  ) {
    this.#browser = browser;
    this.#server = server;
    this.#context = context;
    this.#scripts = scripts;
    this.#page = page;
  }

  /** Bundles a program, or what the options say, and returns a function that calls it in a new worker. */
  async program<Args, Result>(source: string | undefined, options: BuildOptions = {}) {
    const script = await this.script(source, options);
    return async (args: Args): Promise<Result> => {
      const worker = await this.#start<Args, Result>(script);
      const result = await worker.call(args);
      await worker.end();
      return result;
    };
  }

  /** As `program`; the function that it returns starts a worker for several calls. */
  async workers<Args, Result>(source: string): Promise<() => Promise<StartedWorker<Args, Result>>> {
    const script = await this.script(source);
    return async () => this.#start(script);
  }

  /** Bundles a program, or what the options say. @returns its path on the server */
  async script(source: string | undefined, options: BuildOptions = {}): Promise<string> {
    const { outputFiles } = await build({
      ...webOptions,
      absWorkingDir: root,
      entryPoints: source === undefined ? [] : [source],
      outdir: 'out/web',
      write: false,
      ...options,
    });
    const script = `/bundle-${this.#scripts.size}.js`;
    this.#scripts.set(script, outputFiles?.[0]?.contents ?? new Uint8Array());
    return script;
  }

  /**
   * Starts a worker that stays, in the page.
   * @param script path of a bundle on the server
   * @param receive called with each of its messages
   * @param fail called with an error that it does not catch
   */
  async start(
    script: string,
    receive: (message: unknown) => void,
    fail: (reason: string) => void,
  ): Promise<PageWorker> {
    const page = this.#page;
    const name = `worker${++this.#started}`;
    await page.exposeFunction(`${name}Message`, receive);
    await page.exposeFunction(`${name}Error`, fail);
    await page.evaluate(`
      const worker = (globalThis.${name} = new Worker(${JSON.stringify(script)}, { type: 'module' }));
      worker.onmessage = ({ data }) => ${name}Message(data);
      worker.onerror = ({ message }) => ${name}Error(message);`);
    return {
      post: async (message) =>
        page.evaluate(
          ([key, data]) => (globalThis as unknown as Record<string, Poster>)[key as string]?.postMessage(data),
          [name, message],
        ),
      terminate: async () => page.evaluate(`${name}.terminate()`),
    };
  }

  async #start<Args, Result>(script: string): Promise<StartedWorker<Args, Result>> {
    const number = this.#started++;
    const evaluate = async (program: string, ...values: unknown[]) =>
      this.#page.evaluate(`(${program})(${values.map((value) => JSON.stringify(value)).join(', ')})`);
    await evaluate(START, number, script);
    return {
      call: async (args) => (await evaluate(CALL, number, args)) as Result,
      end: async () => {
        await evaluate(END, number);
      },
    };
  }

  /** Sets the bytes that the origin of the page may store; without a number, those of Chromium. */
  async limitStorage(quotaSize?: number): Promise<void> {
    const session = await this.#context.newCDPSession(this.#page);
    const origin = new URL(this.#page.url()).origin;
    await session.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize !== undefined && { quotaSize }) });
  }

  /** Closes the page, which ends all of its workers, and opens it again. */
  async reload(): Promise<void> {
    await this.#page.close();
    this.#page = await this.#context.newPage();
    this.#page.on('console', (message) => console.log(message.text()));
    const { port } = this.#server.address() as AddressInfo;
    await this.#page.goto(`http://127.0.0.1:${port}/`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}
