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

/** Waits for the answer of a worker that runs a program of the tests. */
const CALL = `(script, args) => new Promise((resolve, reject) => {
  const worker = new Worker(script, { type: 'module' });
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    if ('log' in data) return console.log(data.log);
    worker.terminate();
    if ('error' in data) reject(new Error(data.error));
    else resolve(data.result);
  };
  worker.postMessage(args);
})`;

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
  /** Number of workers that stay. */
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
    return async (args: Args): Promise<Result> =>
      this.#page.evaluate(`(${CALL})(${JSON.stringify(script)}, ${JSON.stringify(args)})`);
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
