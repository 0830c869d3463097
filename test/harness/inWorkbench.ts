import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCodeServer } from '../../scripts/lib/codeServer.ts';
import { outFolder } from '../../scripts/lib/paths.ts';
import { vsixFile } from '../../scripts/lib/product.ts';
import { packForWeb } from '../../scripts/lib/webVsix.ts';
import { CodeServer, type CodeServerOptions } from './codeServer.ts';
import { prepareOrSkip } from './prepareOrSkip.ts';
import { Workbench } from './workbench.ts';

/** Number of characters of the extension host's log to print after a failure. */
const LOG_TAIL = 4000;

export interface WorkbenchSuite {
  /** The files of the folder that the workbench opens, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly windowSize?: { readonly width: number; readonly height: number };
  /** True if each test opens a new workbench; otherwise all tests share one. */
  readonly fresh?: boolean;
  /** True if the tests that share a workbench start without open editors and without runs, whatever the one before did. */
  readonly emptied?: boolean;
  /** True to run the extension in the extension host of the browser, without Node. It has its run store there. */
  readonly web?: boolean;
  /** Installs what the tests need on top of code-server; throws `Unavailable` if it cannot. */
  readonly prepare?: () => Promise<unknown>;
}

/** Packs the built extension for a browser, and returns the path of the VSIX. */
async function webVsix(): Promise<string> {
  const path = join(outFolder, 'web', 'sequence-lab-web.vsix');
  await packForWeb(path);
  return path;
}

/** Packaged extension in a workbench with a separate server, a fresh folder and a fresh run store. */
export class Bench {
  /** The folder of the run store. */
  readonly home: string;
  /** The folder that the workbench opens. */
  readonly folder: string;
  readonly #suite: WorkbenchSuite;
  #server: CodeServer | undefined;
  #workbench: Workbench | undefined;

  private constructor(suite: WorkbenchSuite, home: string, folder: string) {
    this.#suite = suite;
    this.home = home;
    this.folder = folder;
  }

  static async make(suite: WorkbenchSuite): Promise<Bench> {
    const home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-folder-'));
    for (const [name, content] of Object.entries(suite.files)) await writeFile(join(folder, name), content);
    return new Bench(suite, home, folder);
  }

  /** Starts the server and opens the workbench, unless a test before this one has. */
  async open(options: Partial<CodeServerOptions> = {}): Promise<Workbench> {
    if (this.#workbench) return this.#workbench;
    this.#server = await CodeServer.start({
      folder: this.folder,
      vsix: [this.#suite.web === true ? await webVsix() : vsixFile],
      env: { SEQUENCE_LAB_HOME: this.home },
      settings: { ...this.#suite.settings, ...(this.#suite.web === true && { 'extensions.webWorker': true }) },
      ...options,
    });
    this.#workbench = await Workbench.open(this.#server, this.#suite.windowSize);
    return this.#workbench;
  }

  /** The workbench, after `open`. */
  get workbench(): Workbench {
    assert.ok(this.#workbench, 'the workbench is not open');
    return this.#workbench;
  }

  /** The server of the workbench, after `open`. */
  get server(): CodeServer {
    assert.ok(this.#server, 'the workbench is not open');
    return this.#server;
  }

  /** Closes what is open, except editors. */
  async reset(): Promise<void> {
    await this.#workbench?.reset();
  }

  /** Closes all editors and removes all runs, which no longer train. */
  async empty(): Promise<void> {
    await this.#workbench?.closeEditors();
    const runs = join(this.home, 'runs');
    // The folder itself stays: the extension watches it.
    for (const run of await readdir(runs).catch(() => []))
      await rm(join(runs, run), { recursive: true, force: true, maxRetries: 5 });
  }

  /** Saves a screenshot and prints the end of the extension host's log. */
  async describeFailure(picture: string): Promise<void> {
    await this.#workbench?.screenshot(picture);
    console.log((await this.#server?.extensionHostLog())?.slice(-LOG_TAIL));
  }

  async dispose(): Promise<void> {
    await this.#workbench?.close();
    await this.#server?.dispose();
    for (const made of [this.home, this.folder]) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Defines a mocha suite for the packaged extension in a workbench. Each test starts without open menus, dialogs,
 * notifications or quick picks. After a failed test, tests that start without editors and runs get a new workbench.
 *
 * @param tests defines the tests; the function it gets returns the bench of the running test
 */
export function describeInWorkbench(title: string, suite: WorkbenchSuite, tests: (bench: () => Bench) => void): void {
  describe(title, function () {
    this.timeout(600_000);
    let current: Bench | undefined;

    async function dispose(): Promise<void> {
      await current?.dispose();
      current = undefined;
    }

    before(async function () {
      await prepareOrSkip(this, async () => {
        await ensureCodeServer();
        await suite.prepare?.();
      });
      current = await Bench.make(suite);
    });

    beforeEach(async () => {
      current ??= await Bench.make(suite);
      await current.reset();
      if (suite.emptied === true) await current.empty();
    });

    afterEach(async function () {
      const failed = this.currentTest?.state === 'failed' ? this.currentTest : undefined;
      if (failed) {
        const name = failed.fullTitle().replaceAll(/[^\w]+/g, '-');
        await current?.describeFailure(join(outFolder, 'screenshots', 'failures', `${name.slice(0, 100)}.png`));
      }
      if (suite.fresh === true || (suite.emptied === true && failed)) await dispose();
    });

    after(dispose);

    tests(() => {
      assert.ok(current);
      return current;
    });
  });
}
