import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { writeRunArchive } from '../../src/runs/archive/writeArchive.ts';
import { extension, openLab, runFolders, training, until, untilState, writeText, fixtureText } from './support.ts';

const ID = 'sequence-lab.sequence-lab';

/** Replaces functions of the extension's window while it works, such as dialogs, which a test cannot answer. */
async function replacing(functions: Readonly<Record<string, unknown>>, work: () => unknown): Promise<void> {
  // Each extension has its own objects; VS Code chooses them by the path of the file that requires them.
  const { window } = createRequire(join(extension().extensionPath, 'package.json'))('vscode') as typeof vscode;
  const before = Object.keys(functions).map((name) => [name, Object.getOwnPropertyDescriptor(window, name)] as const);
  for (const [name, value] of Object.entries(functions))
    Object.defineProperty(window, name, { value, configurable: true, writable: true });
  try {
    await work();
  } finally {
    for (const [name, descriptor] of before) if (descriptor) Object.defineProperty(window, name, descriptor);
  }
}

describe('archives, configurations and links', function () {
  this.timeout(120_000);
  let lab: Lab;
  let run: RunModel;

  before(async () => {
    lab = await openLab();
    const started = lab.runs.start(await training('archived.txt', { steps: 5 }));
    run = started.run;
    await started.ready;
    await untilState(run, 'completed');
  });

  it('imports the runs of an archive once', async () => {
    const archive = join(await mkdtemp(join(tmpdir(), 'sequence-lab-archive-')), 'runs.zip');
    assert.deepEqual((await writeRunArchive([run.folder], archive)).written, [run.id]);
    const { id } = run;
    await lab.runs.delete(id);
    assert.ok(!(await runFolders(lab)).includes(id));
    await vscode.commands.executeCommand('sequenceLab.importArchive', vscode.Uri.file(archive));
    await until('the run is listed', () => lab.runs.run(id)?.state === 'completed');
    const before = await runFolders(lab);
    await vscode.commands.executeCommand('sequenceLab.importArchive', vscode.Uri.file(archive));
    assert.deepEqual(await runFolders(lab), before);
  });

  it('starts the run of a configuration file', async () => {
    const text = await writeText('config.txt', fixtureText);
    const file = join(dirname(text), 'mine.sequence-lab.json');
    const config = { data: { train: 'config.txt' }, model: { units: 4 }, training: { steps: 2 } };
    await writeFile(file, JSON.stringify(config));
    await vscode.commands.executeCommand('sequenceLab.trainFromConfiguration', vscode.Uri.file(file));
    await until('it has ended', () =>
      lab.runs.runs.some((each) => each.sourcePath === text && each.state === 'completed'),
    );
  });

  /** A configuration in the first folder of the workspace. @returns its link, and a function that writes it */
  async function linked(name: string) {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(folder, 'the window has no folder');
    const file = join(folder, `${name}.sequence-lab.json`);
    const write = async (steps: number) => {
      await writeFile(join(folder, `${name}.txt`), fixtureText);
      const config = { data: { train: `${name}.txt` }, model: { units: 4 }, training: { steps } };
      await writeFile(file, JSON.stringify(config));
    };
    const query = `config=${name}.sequence-lab.json`;
    const remove = async () => Promise.all([file, join(folder, `${name}.txt`)].map(async (path) => rm(path)));
    return { link: vscode.Uri.from({ scheme: 'vscode', authority: ID, path: '/open', query }), write, remove };
  }

  it('starts what the question of a link has shown, not what its file has become', async () => {
    const { link, write, remove } = await linked('bound');
    await write(2);
    const questions: unknown[][] = [];
    await replacing(
      {
        showWarningMessage: async (...args: unknown[]) => {
          questions.push(args);
          await write(3);
          return args.at(-1);
        },
      },
      async () => lab.openLink(link),
    );
    assert.equal(questions.length, 1);
    const ofLink = () => lab.runs.runs.find(({ sourcePath }) => sourcePath?.endsWith('bound.txt'));
    await until('it has ended', () => ofLink()?.state === 'completed');
    assert.equal(ofLink()?.config.training.steps, 2);
    await remove();
  });

  it('starts nothing if the question of a link is dismissed', async () => {
    const { link, write, remove } = await linked('dismissed');
    await write(2);
    const before = await runFolders(lab);
    await replacing({ showWarningMessage: async () => Promise.resolve(undefined) }, async () => lab.openLink(link));
    assert.deepEqual(await runFolders(lab), before);
    await remove();
  });

  it('shows no error for an export or import that is canceled, and leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-archive-'));
    const [target, archive] = [join(folder, 'canceled.zip'), join(folder, 'runs.zip')];
    await writeRunArchive([run.folder], archive);
    const errors: unknown[] = [];
    const canceled = new vscode.CancellationTokenSource();
    const progress = { report: () => undefined };
    await replacing(
      {
        showSaveDialog: async () => Promise.resolve(vscode.Uri.file(target)),
        showErrorMessage: async (...args: unknown[]) => Promise.resolve(void errors.push(args)),
        showInformationMessage: async () => Promise.resolve(undefined),
        withProgress: async (_: unknown, work: (...args: unknown[]) => Promise<unknown>) => {
          const working = work(progress, canceled.token);
          canceled.cancel();
          return working;
        },
      },
      async () => {
        await vscode.commands.executeCommand('sequenceLab.exportArchive', run.id);
        await vscode.commands.executeCommand('sequenceLab.importArchive', vscode.Uri.file(archive));
      },
    );
    assert.deepEqual([errors, await readdir(folder)], [[], ['runs.zip']]);
    const beside = await readdir(dirname(lab.runs.folder));
    assert.deepEqual(
      beside.filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('starts nothing for a link that is not understood', async () => {
    const before = await runFolders(lab);
    for (const query of ['sample=nothing', 'config=../x.sequence-lab.json', 'config=missing.sequence-lab.json'])
      await lab.openLink(vscode.Uri.from({ scheme: 'vscode', authority: ID, path: '/open', query }));
    assert.deepEqual(await runFolders(lab), before);
  });
});
