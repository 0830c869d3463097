import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackages } from '../../scripts/lib/debian.ts';
import { cacheFolder } from '../../scripts/lib/paths.ts';
import { isReachable } from '../../src/native/install.ts';
import { run } from '../../scripts/lib/run.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import type { Report } from './counts.ts';
import { type ExtensionTests, testVariables } from './extensionHost.ts';
import { followEvents } from './followEvents.ts';
import { bundleTests, packTests } from './testBundle.ts';

const VERSION = '1.139.1';
const DOWNLOADS = 'https://update.code.visualstudio.com/';
const ELECTRON_NEEDS = ['xvfb', 'libnss3', 'libgtk-3-0', 'libgbm1', 'libasound2', 'libxkbfile1', 'libsecret-1-0'];

/** Starts an X server without a screen and returns its display; a machine that has a display uses that. */
async function openDisplay(): Promise<{ display: string | undefined; close: () => void }> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] !== undefined) {
    return { display: process.env['DISPLAY'], close: () => undefined };
  }
  await ensureDebianPackages(ELECTRON_NEEDS, 'to start desktop VS Code without a screen');
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x900x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = (await once(server.stdout, 'data')) as [Buffer];
  return { display: `:${number.toString().trim()}`, close: () => server.kill() };
}

/**
 * Runs the same tests as `runInExtensionHost` in desktop VS Code, whose extension host is an Electron process.
 *
 * @throws Unavailable if VS Code cannot be downloaded
 */
export async function runInDesktop(options: ExtensionTests): Promise<Report> {
  if (!(await isReachable(DOWNLOADS))) throw new Unavailable('desktop VS Code cannot be downloaded here');
  const program = await downloadAndUnzipVSCode({ version: VERSION, cachePath: join(cacheFolder, 'vscode') });
  const [cli, ...cliWords] = resolveCliArgsFromVSCodeExecutablePath(program);
  if (cli === undefined) throw new Error(`${program} has no command line`);
  const home = await mkdtemp(join(tmpdir(), 'sequence-lab-desktop-'));
  const { display, close } = await openDisplay();
  try {
    const bundle = join(home, 'bundle');
    const folder = join(home, 'workspace');
    await mkdir(folder);
    await bundleTests(options.tests, bundle);
    const folders = ['--user-data-dir', join(home, 'user-data'), '--extensions-dir', join(home, 'extensions')];
    const install = [...options.vsix, await packTests(bundle)].flatMap((file) => ['--install-extension', file]);
    await run(cli, [...cliWords, ...folders, ...install], { quiet: true });
    const programArguments = [
      ...folders,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--disable-gpu',
      '--no-sandbox',
      folder,
    ];
    const env = { ...process.env, ...testVariables(home, options.grep), DISPLAY: display };
    const editor = spawn(program, programArguments, { env, stdio: 'ignore' });
    try {
      return await followEvents(join(home, 'events.jsonl'), options);
    } finally {
      editor.kill();
    }
  } finally {
    close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
