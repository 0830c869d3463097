/**
 * Processor time of loading and activating the built extension, with a `vscode` that does nothing:
 * `npm run build -- --production && node test/bench/activation.ts [dist]`. Each round is a new process.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from '../../scripts/lib/paths.ts';

const ROUNDS = 7;
const [folder = join(root, 'dist'), round] = process.argv.slice(2);
if (round === undefined) await measureAll();
else await measure();

async function measureAll(): Promise<void> {
  const times: number[] = [];
  for (let at = 0; at < ROUNDS; at++) {
    const script = [fileURLToPath(import.meta.url), folder, String(at)];
    const { stdout } = await promisify(execFile)(process.execPath, script);
    times.push(Number(stdout));
  }
  const sorted = times.toSorted((a, b) => a - b);
  console.log(`activation: ${sorted[0]} to ${sorted.at(-1)} ms of processor time in ${ROUNDS} processes`);
}

async function measure(): Promise<void> {
  const registered = () => ({ dispose: () => undefined });
  const vscode = {
    EventEmitter: class {
      readonly event = registered;
    },
    commands: { registerCommand: registered },
    window: {
      createTreeView: () => ({ onDidChangeSelection: registered }),
      registerWebviewViewProvider: registered,
      registerWebviewPanelSerializer: registered,
      tabGroups: { all: [] },
    },
    l10n: {},
  };
  const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));
  const packageJSON = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as unknown;
  const start = process.cpuUsage();
  const { activate } = createRequire(import.meta.url)(join(folder, 'extension.cjs')) as {
    activate: (context: unknown) => unknown;
  };
  activate({
    extension: { packageJSON },
    extensionUri: {},
    subscriptions: [],
    workspaceState: { get: (_: string, fallback: unknown) => fallback },
  });
  const { user, system } = process.cpuUsage(start);
  console.log(((user + system) / 1000).toFixed(1));
}
