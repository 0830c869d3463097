import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { MILESTONES } from '../../src/host/views/milestones.ts';
import {
  closeEditors,
  extension,
  openLab,
  runPressingEnter,
  training,
  until,
  untilState,
  writeText,
} from './support.ts';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly markdown: string };
  readonly completionEvents: readonly string[];
}

describe('walkthrough', function () {
  this.timeout(120_000);
  let lab: Lab;
  let steps: readonly Step[];

  before(async () => {
    lab = await openLab();
    const { contributes } = extension().packageJSON as { contributes: { walkthroughs: [{ steps: Step[] }] } };
    steps = contributes.walkthroughs[0].steps;
  });

  it('has a page, buttons, a picture of its own and a completion event for every step', async () => {
    const commands = new Set(await vscode.commands.getCommands(true));
    assert.equal(steps.length, 6);
    const pictures = new Set<string>();
    for (const { id, description, media, completionEvents } of steps) {
      const page = join(extension().extensionPath, media.markdown);
      const picture = join(dirname(page), /!\[[^\]]+\]\(([^)]+\.png)\)/.exec(await readFile(page, 'utf8'))?.[1] ?? '');
      assert.ok((await stat(picture)).size < 150_000, `${id}: ${picture} is too large`);
      pictures.add(picture);
      const buttons = [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, name = '']) => name);
      assert.ok(buttons.length > 0, `${id} has no button`);
      for (const button of buttons) assert.ok(commands.has(button), `${id}: no command "${button}"`);
      const [kind, name = ''] = completionEvents[0]?.split(':') ?? [];
      const fires =
        kind === 'onView'
          ? commands.has(`${name}.focus`)
          : kind === 'onContext' && MILESTONES.some((milestone) => name === `sequenceLab.${milestone}`);
      assert.ok(fires, `${id}: nothing fires ${completionEvents[0] ?? ''}`);
    }
    assert.equal(pictures.size, steps.length);
  });

  it('completes its steps by what happens, not by commands that were only called', async () => {
    const { reached } = lab.milestones;
    const review = await writeText('review.txt', 'The acting is superb, and the plot is a joy to follow.\n');
    await vscode.window.showTextDocument(vscode.Uri.file(review));
    const answers = await vscode.commands.executeCommand<unknown[] | undefined>('sequenceLab.classifySentiment');
    assert.equal(answers?.length, 1);
    assert.ok(reached.has('sentenceClassified'));
    const started = lab.runs.start(await training('first.txt', { steps: 40 }));
    await started.ready;
    await untilState(started.run, 'completed');
    await until('a run has completed', () => reached.has('runCompleted'));
    lab.panels.show(started.run, 'gates');
    await until('the gates are on screen', () => reached.has('gatesSeen'));
    await vscode.commands.executeCommand('sequenceLab.openCourse');
    await vscode.commands.executeCommand('sequenceLab.showWordPipeline');
    await until('a lesson is open', () => reached.has('lessonOpened'));
    const other = lab.runs.start({
      ...(await training('first.txt')),
      parent: { run: started.run.id, reason: 'again', changes: {} },
    });
    await other.ready;
    lab.panels.show(other.run, 'compare');
    await until('two runs are compared', () => reached.has('comparisonOpened'));
    await untilState(other.run, 'completed');
  });

  it('opens a sample text, which can be trained on', async () => {
    await closeEditors();
    assert.equal(await runPressingEnter('sequenceLab.openSampleText'), 'ferry.txt');
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /ferry\.txt$/);
  });

  it('shows the effect of clipping: the same task, network and seed is learned only with it', async () => {
    const ids = (await vscode.commands.executeCommand<string[] | undefined>('sequenceLab.showWhatClippingDoes')) ?? [];
    const [clipped, unclipped] = ids.map((id) => lab.runs.run(id));
    assert.ok(clipped && unclipped);
    assert.deepEqual([clipped.state, unclipped.state], ['completed', 'completed']);
    const { training, ...network } = clipped.config;
    assert.deepEqual(
      { ...unclipped.config, training: { ...unclipped.config.training, clipNorm: training.clipNorm } },
      { training, ...network },
    );
    assert.ok((clipped.latest.validationLoss ?? NaN) < 0.2, `clipped: ${clipped.latest.validationLoss}`);
    assert.ok((unclipped.latest.validationLoss ?? NaN) > 1, `not clipped: ${unclipped.latest.validationLoss}`);
  });
});
