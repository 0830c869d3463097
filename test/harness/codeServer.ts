import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCodeServer } from '../../scripts/lib/codeServer.ts';
import { run } from '../../scripts/lib/run.ts';

export interface CodeServerOptions {
  /** The folder that the workbench opens. */
  folder: string;
  /** Extensions to install, as VSIX files. */
  vsix: readonly string[];
  /** Variables for the server, and so for the extension host. */
  env?: NodeJS.ProcessEnv;
  /** User settings on top of those that keep a test quiet. */
  settings?: Record<string, unknown>;
  /** True to leave Workspace Trust on, so that the folder opens in Restricted Mode. */
  restricted?: boolean;
  /** Asked for before the workbench opens; without it anyone on this machine may enter. */
  password?: string;
}

/** No welcome pages, no chat, no update checks: nothing that covers the workbench or calls out. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.confirmBeforeClose': 'never',
  'git.enabled': false,
};

const OWN_LOGS = /remoteexthost\.log$|sequence-lab.*\.log$/;
const START_TIMEOUT = 60_000;

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal ends a process without its exit handlers unless somebody listens. */
const leave = (): void => process.exit(130);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Writes settings and installs extensions under `home`; returns the words that every call of code-server begins with.
 */
async function prepare(program: string, home: string, { vsix, settings }: CodeServerOptions): Promise<string[]> {
  const folders = ['--user-data-dir', join(home, 'user-data'), '--extensions-dir', join(home, 'extensions')];
  const base = [
    program,
    ...folders,
    '--config',
    join(home, 'config.yaml'),
    '--disable-telemetry',
    '--disable-update-check',
  ];
  await mkdir(join(home, 'user-data', 'User'), { recursive: true });
  const settingsFile = join(home, 'user-data', 'User', 'settings.json');
  await writeFile(settingsFile, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
  await writeFile(join(home, 'config.yaml'), '');
  const install = vsix.flatMap((file) => ['--install-extension', file]);
  if (install.length > 0) await run(process.execPath, [...base, ...install], { quiet: true });
  return base;
}

/** A VS Code of its own, served to a browser from fresh folders on a free port of the loopback address. */
export class CodeServer implements AsyncDisposable {
  readonly url: string;
  /** `User/settings.json`, `logs/` and what extensions store. */
  readonly userData: string;
  /** What the workbench asks for before it opens, if it asks. */
  readonly password: string | undefined;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  readonly #home: string;
  readonly #child: ChildProcess;
  /** For a process that ends without dispose(): nothing it started may stay behind. */
  readonly #abandon = (): void => {
    this.#signal('SIGKILL');
    rmSync(this.#home, { recursive: true, force: true });
  };

  private constructor(url: string, home: string, child: ChildProcess, password?: string) {
    this.url = url;
    this.password = password;
    this.#home = home;
    this.userData = join(home, 'user-data');
    this.#child = child;
    this.ended = once(child, 'close');
    process.once('exit', this.#abandon);
    for (const signal of ENDING_SIGNALS) process.off(signal, leave).once(signal, leave);
  }

  /**
   * Starts it and waits until it answers.
   *
   * @throws Error with the last lines of its log if it ends or stays silent for a minute
   */
  static async start(options: CodeServerOptions): Promise<CodeServer> {
    const program = await ensureCodeServer();
    const home = await mkdtemp(join(tmpdir(), 'sequence-lab-code-'));
    const base = await prepare(program, home, options);
    const port = await freePort();
    const words = ['--bind-addr', `127.0.0.1:${port}`, '--auth', options.password === undefined ? 'none' : 'password'];
    if (options.restricted !== true) words.push('--disable-workspace-trust');
    const child = spawn(process.execPath, [...base, ...words, '--disable-getting-started-override', options.folder], {
      env: {
        ...process.env,
        ...options.env,
        ...(options.password === undefined ? {} : { PASSWORD: options.password }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that dispose() can end the extension host and the trainers with it.
      detached: true,
    });
    const log = createWriteStream(join(home, 'code-server.log'));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const server = new CodeServer(`http://127.0.0.1:${port}`, home, child, options.password);
    try {
      await server.#answers();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  async #answers(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT;
    while (Date.now() < deadline && this.#child.exitCode === null) {
      const answer = await fetch(`${this.url}/healthz`).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(100);
    }
    const log = await readFile(join(this.#home, 'code-server.log'), 'utf8');
    const why =
      this.#child.exitCode === null ? 'did not answer within a minute' : `ended with code ${this.#child.exitCode}`;
    throw new Error(`code-server ${why}:\n${log.split('\n').slice(-20).join('\n')}`);
  }

  /** What the extension hosts of this server have logged, and our own extensions with them. */
  async extensionHostLog(): Promise<string> {
    const logs = join(this.userData, 'logs');
    const files = (await readdir(logs, { recursive: true })).filter((file) => OWN_LOGS.test(file)).sort();
    const texts = await Promise.all(
      files.map(async (file) => `== ${file}\n${await readFile(join(logs, file), 'utf8')}`),
    );
    return texts.join('\n');
  }

  /** Copies every log to `folder`, for a person to read after a failure. */
  async keepLogs(folder: string): Promise<void> {
    await cp(join(this.userData, 'logs'), folder, { recursive: true });
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Ends the server with every process it started, and removes its folders. */
  async dispose(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#signal('SIGTERM');
      const over = await Promise.race([this.ended.then(() => true), sleep(3000).then(() => false)]);
      if (!over) this.#signal('SIGKILL');
    }
    this.#signal('SIGKILL');
    process.off('exit', this.#abandon);
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}
