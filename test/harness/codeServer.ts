import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCodeServer } from '../../scripts/lib/codeServer.ts';
import { run } from '../../scripts/lib/run.ts';
import { freePorts } from './freePorts.ts';
import { processesOfGroup, type ShownProcess } from './processes.ts';

export interface CodeServerOptions {
  /** Folder that the workbench opens. */
  folder: string;
  /** Extensions to install, as VSIX files. */
  vsix: readonly string[];
  /** Environment variables of the server and the extension host. */
  env?: NodeJS.ProcessEnv;
  /** User settings in addition to `QUIET_SETTINGS`. */
  settings?: Record<string, unknown>;
  /** True to leave Workspace Trust on, so that the folder opens in Restricted Mode. */
  restricted?: boolean;
  /** Display language, such as `de`; VS Code itself stays English in it. */
  language?: string;
  /** Password of the workbench; without it, every user of this machine has access. */
  password?: string;
}

/** Disables welcome pages, chat and update checks, which would cover the workbench or use the network. */
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
const START_TIMEOUT = 120_000;

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signal handler: without one, a signal ends the process without running its exit handlers. */
const leave = (): void => process.exit(130);

async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  assert.ok(port);
  return port;
}

/** The common arguments of all calls of code-server. */
function commonArguments(program: string, home: string, extensions: string): string[] {
  const folders = ['--user-data-dir', join(home, 'user-data'), '--extensions-dir', extensions];
  return [program, ...folders, '--config', join(home, 'config.yaml'), '--disable-telemetry', '--disable-update-check'];
}

/** Folders with installed extensions, by the paths of their VSIX files. */
const installed = new Map<string, Promise<string>>();

/** Installs extensions, once per process: servers share the folder, in which they only read. */
async function install(program: string, vsix: readonly string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-extensions-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  const extensions = join(home, 'extensions');
  await mkdir(extensions);
  await writeFile(join(home, 'config.yaml'), '');
  const files = vsix.flatMap((file) => ['--install-extension', file]);
  if (files.length > 0)
    await run(process.execPath, [...commonArguments(program, home, extensions), ...files], { quiet: true });
  return extensions;
}

function installedOnce(program: string, vsix: readonly string[]): Promise<string> {
  const key = vsix.join('\n');
  const known = installed.get(key) ?? install(program, vsix);
  installed.set(key, known);
  return known;
}

/**
 * Writes settings under `home`, and installs the extensions. Returns the common arguments of all calls of code-server.
 */
async function prepare(
  program: string,
  home: string,
  { vsix, settings, language }: CodeServerOptions,
): Promise<string[]> {
  await mkdir(join(home, 'user-data', 'User'), { recursive: true });
  const settingsFile = join(home, 'user-data', 'User', 'settings.json');
  await writeFile(settingsFile, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
  await writeFile(join(home, 'config.yaml'), '');
  if (language !== undefined) await addLanguage(language, join(home, 'user-data'));
  return commonArguments(program, home, await installedOnce(program, vsix));
}

/**
 * Writes a language pack without translations of VS Code, and the server's record of it. With it, the server accepts
 * the language, and loads the translations of extensions.
 */
async function addLanguage(language: string, userData: string): Promise<void> {
  const vscode = join(userData, `language-${language}.json`);
  const extensions = [{ extensionIdentifier: { id: `tests.language-pack-${language}` }, version: '1.0.0' }];
  const packs = { [language]: { hash: language, label: language, extensions, translations: { vscode } } };
  await writeFile(vscode, JSON.stringify({ contents: {} }));
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify(packs));
}

/** Separate VS Code, served to a browser from fresh folders on a free port of the loopback address. */
export class CodeServer implements AsyncDisposable {
  readonly url: string;
  /** Folder with `User/settings.json`, `logs/` and the storage of extensions. */
  readonly userData: string;
  /** Password of the workbench, if it has one. */
  readonly password: string | undefined;
  /** Resolves when the server has ended for any reason. */
  readonly ended: Promise<unknown>;
  readonly #home: string;
  readonly #child: ChildProcess;
  /** Exit handler for a process that ends without dispose(): ends its child processes. */
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
   * @throws Error with the last lines of its log if it ends or stays silent for two minutes
   */
  static async start(options: CodeServerOptions): Promise<CodeServer> {
    const program = await ensureCodeServer();
    const home = await mkdtemp(join(tmpdir(), 'sequence-lab-code-'));
    const base = await prepare(program, home, options);
    const port = await freePort();
    const args = ['--bind-addr', `127.0.0.1:${port}`, '--auth', options.password === undefined ? 'none' : 'password'];
    if (options.restricted !== true) args.push('--disable-workspace-trust');
    if (options.language !== undefined) args.push('--locale', options.language);
    const child = spawn(process.execPath, [...base, ...args, '--disable-getting-started-override', options.folder], {
      env: {
        ...process.env,
        ...options.env,
        ...(options.password === undefined ? {} : { PASSWORD: options.password }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A separate process group, so that dispose() also ends the extension host and the trainers.
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
      this.#child.exitCode === null ? 'did not answer within two minutes' : `ended with code ${this.#child.exitCode}`;
    throw new Error(`code-server ${why}:\n${log.split('\n').slice(-20).join('\n')}`);
  }

  /** The running processes of this server: extension hosts, trainers and others. */
  async processes(): Promise<ShownProcess[]> {
    return this.#child.pid === undefined ? [] : processesOfGroup(this.#child.pid);
  }

  /** Pids of the extension hosts, one for each window. */
  async extensionHosts(): Promise<number[]> {
    return (await this.processes()).flatMap(({ pid, command }) => (/--type=extensionHost/.test(command) ? pid : []));
  }

  /** Pids of the processes that train or read a model. */
  async trainers(): Promise<number[]> {
    return (await this.processes()).flatMap(({ pid, command }) => (/trainerProcess\.js/.test(command) ? pid : []));
  }

  /** Log of the extension hosts of this server, including the extensions under test. */
  async extensionHostLog(): Promise<string> {
    const logs = join(this.userData, 'logs');
    const files = (await readdir(logs, { recursive: true })).filter((file) => OWN_LOGS.test(file)).sort();
    const texts = await Promise.all(
      files.map(async (file) => `== ${file}\n${await readFile(join(logs, file), 'utf8')}`),
    );
    return texts.join('\n');
  }

  /** Copies all logs to `folder`, to read after a failure. */
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
