import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab.ts';
import { extension, openLab } from './support.ts';

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

  it('has a page, a button and a completion event for every step', async () => {
    const commands = new Set(await vscode.commands.getCommands(true));
    assert.ok(steps.length > 0);
    for (const { id, description, media, completionEvents } of steps) {
      assert.ok(existsSync(join(extension().extensionPath, media.markdown)), `${id}: ${media.markdown} is missing`);
      const button = /\(command:([\w.]+)\)/.exec(description)?.[1] ?? '';
      assert.ok(commands.has(button), `${id}: no command "${button}"`);
      const [kind, name = ''] = completionEvents[0]?.split(':') ?? [];
      assert.ok(
        kind === 'onView' ? commands.has(`${name}.focus`) : commands.has(name),
        `${id}: nothing fires ${completionEvents[0] ?? ''}`,
      );
    }
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
