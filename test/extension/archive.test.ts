import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import { writeRunArchive } from '../../src/runs/archive/writeArchive.ts';
import { openLab, runFolders, training, until, untilState, writeText, fixtureText } from './support.ts';

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

  it('starts nothing for a link that is not understood', async () => {
    const before = await runFolders(lab);
    for (const query of ['sample=nothing', 'config=../x.sequence-lab.json', 'config=missing.sequence-lab.json'])
      await lab.openLink(
        vscode.Uri.from({ scheme: 'vscode', authority: 'sequence-lab.sequence-lab', path: '/open', query }),
      );
    assert.deepEqual(await runFolders(lab), before);
  });
});
