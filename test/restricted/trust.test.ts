import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { trainerSettings } from '../../src/host/settings.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import { CANARY, HARMLESS, hostileSettings } from './hostileWorkspace.ts';
import { serverDefinitions } from '../../src/host/agents/serverDefinitions.ts';
import { callTool, extension, small, fixtureText, openLab, until, untilState } from '../extension/support.ts';

/** Commands on a run whose backend is native code; each would load it, or write what it computes. */
const ON_NATIVE_RUN = ['resumeRun', 'runAgain', 'trainFurther', 'generateTextAtCursor', 'exportPage', 'exportRuns'];

/** Whether a command line is one that this extension starts. VS Code itself searches files with ripgrep. */
function isOurs([program = '', ...args]: readonly string[]): boolean {
  const name = basename(program);
  return (
    name === 'git' || args.some((each) => /trainerProcess|cli\.js/.test(each)) || (name === 'node' && args[0] === '-p')
  );
}

/** Nothing of a workspace that the user does not trust runs, loads native code, or names a program. */
describe('Restricted Mode', function () {
  this.timeout(240_000);
  let lab: Lab;
  let folder: string;

  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false, 'the workspace is restricted');
    folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    lab = await openLab();
  });

  const canary = () => existsSync(join(folder, CANARY));

  /** Trainers, terminals and other programs that this extension host has started. */
  async function started(): Promise<string[]> {
    const own = String(process.pid);
    const found = (await readdir('/proc')).map(async (id) => {
      const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      const command = (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).split('\0');
      return parent === own && isOurs(command) ? [command.join(' ')] : [];
    });
    return (await Promise.all(found)).flat();
  }

  /** Runs a command to its end, or for a second if it waits for the user, and returns the programs that it started. */
  async function programsOf(command: string, ...args: unknown[]): Promise<string[]> {
    const seen = new Set<string>();
    const over = Promise.resolve(vscode.commands.executeCommand(`sequenceLab.${command}`, ...args));
    let isOver = false;
    void over
      .catch(() => undefined)
      .finally(() => {
        isOver = true;
      });
    for (let i = 0; i < 20 && !(isOver && i > 5); i++) {
      for (const each of await started()) seen.add(each);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await sleep(50);
    }
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    return [...seen];
  }

  async function trained(name: string): Promise<RunModel> {
    const path = join(folder, name);
    await writeFile(path, fixtureText);
    const config = parseRunConfig({ ...small, training: { ...small.training, steps: 5 }, backend: 'wasm' });
    const { run, ready } = lab.runs.start({ config, name, source: { kind: 'file', path } });
    // Otherwise, an empty list of programs would show nothing.
    await until('its trainer is seen', async () => (await started()).length > 0, 5);
    await ready;
    await untilState(run, 'completed');
    await until('its trainer has ended', () => lab.runs.liveRun(run.id) === undefined);
    return run;
  }

  for (const name of Object.keys(hostileSettings('')))
    it(`takes no ${name} from the workspace`, () => {
      const settings = vscode.workspace.getConfiguration('sequenceLab');
      assert.notDeepEqual(settings.get(name), hostileSettings(folder)[name]);
    });

  it('takes a setting of the workspace that names no program', () => {
    assert.equal(vscode.workspace.getConfiguration('sequenceLab').get(HARMLESS.name), HARMLESS.value);
  });

  it('uses none of them', () => {
    const { isolation, nodePath, backends } = trainerSettings();
    assert.deepEqual([isolation, nodePath, backends.tensorflowPath], ['process', '', '']);
    assert.ok(!backends.home.startsWith(folder));
    assert.equal(backends.workspace, undefined, 'Git is not asked: a repository may name programs');
  });

  it('trains on the bundled backend, without a program of the workspace', async () => {
    const run = await trained('text.txt');
    assert.equal(run.view.backend?.name, 'wasm');
    assert.ok(!canary());
  });

  it('refuses a configuration of the workspace that names native code', async () => {
    const uri = vscode.Uri.file(join(folder, 'native.sequence-lab.json'));
    assert.deepEqual(await programsOf('trainFromConfiguration', uri), []);
    assert.ok(lab.runs.live.length === 0 && !canary());
  });

  describe('a sweep of the workspace', () => {
    const sweepFile = async (name: string, backend: string | undefined) => {
      await writeFile(join(folder, 'sweep.txt'), fixtureText);
      const { backend: none, ...others } = small;
      assert.ok(none);
      const base = {
        ...others,
        data: { ...small.data, train: 'sweep.txt' },
        training: { ...small.training, steps: 4 },
        ...(backend !== undefined && { backend }),
      };
      const path = join(folder, `${name}.sequence-lab-sweep.json`);
      await writeFile(path, JSON.stringify({ base, fields: { 'model.units': { values: [4, 6] } } }));
      return vscode.Uri.file(path);
    };

    it('trains on the bundled backend, whatever "auto" would choose', async () => {
      const uri = await sweepFile('auto', undefined);
      const id = await vscode.commands.executeCommand<string>('sequenceLab.startSweep', uri);
      await until('the sweep has ended', () => !lab.sweeps.running.includes(id));
      const runs = lab.runs.runs.filter(({ sweep }) => sweep?.id === id);
      assert.deepEqual(
        runs.map(({ state, view }) => [state, view.backend?.name]),
        [
          ['completed', 'wasm'],
          ['completed', 'wasm'],
        ],
      );
      assert.ok(!canary());
    });

    it('is refused if it names native code', async () => {
      const uri = await sweepFile('native', 'tensorflow');
      assert.deepEqual(await programsOf('startSweep', uri), []);
      assert.deepEqual([lab.sweeps.running, lab.runs.live], [[], []]);
    });
  });

  for (const command of ['installNativeTensorflow', 'removeNativeTensorflow', 'startSweepOnSlurm'])
    it(`does not ${command}`, async () => {
      assert.deepEqual(await programsOf(command), []);
      assert.equal(vscode.window.terminals.length, 0);
    });

  describe('the tools of agents', () => {
    it('read, and start nothing', async () => {
      await callTool('list_runs', {});
      const generated = { set: { 'task.name': 'adding' }, steps: 2 };
      for (const [name, input] of [
        ['start_training', generated],
        ['start_training', { path: 'text.txt', steps: 2 }],
        ['start_sweep', { sweep: {} }],
        ['stop_run', { run: 'any' }],
        ['resume_run', { run: 'any' }],
      ] as const)
        await assert.rejects(callTool(name, input), /not trusted/);
      assert.deepEqual([await started(), lab.sweeps.running, lab.runs.live], [[], [], []]);
    });

    it('are offered by a server that starts nothing', () => {
      const [server] = serverDefinitions(extension().extensionUri);
      assert.ok(server?.args.includes('--untrusted'));
    });
  });

  it('lists the backends without loading them', async () => {
    assert.deepEqual(await programsOf('showBackends'), []);
  });

  describe('with a run on native code', () => {
    let native: RunModel;

    before(async () => {
      const { folder: stored, id } = await trained('native.txt');
      const path = join(stored, 'run.json');
      await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"wasm"', '"tensorflow"'));
      await lab.runs.refresh();
      const found = lab.runs.run(id);
      assert.ok(found);
      assert.equal(found.view.backend?.name, 'tensorflow');
      native = found;
    });

    for (const command of ON_NATIVE_RUN)
      it(`starts no program for ${command}`, async () => {
        await vscode.window.showTextDocument(vscode.Uri.file(join(folder, 'native.txt')));
        assert.deepEqual(await programsOf(command, native), []);
        assert.equal(lab.runs.live.length, 0);
      });

    for (const [tool, passage] of Object.entries({ read_gates: { text: 'cat' }, classify_text: { texts: ['cat'] } }))
      it(`opens no model of it for ${tool}`, async () => {
        await assert.rejects(callTool(tool, { run: native.id, ...passage }));
        assert.deepEqual(await started(), []);
      });

    it('opens no model of it for the tabs of the panel', async () => {
      await assert.rejects(
        lab.inspection.inspectors.ask(native, () => Promise.resolve()),
        { name: 'HelpfulError' },
      );
    });

    after('nothing of the workspace has run', () => assert.ok(!canary()));
  });
});
