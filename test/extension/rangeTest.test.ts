import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { rangeTestOf } from '../../src/config/rangeTest.ts';
import type { Lab } from '../../src/host/lab.ts';
import { capabilitiesOf } from '../../src/host/runs/capabilities.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openLab, openPanels, training, until, untilState, withoutEditors } from './support.ts';

describe('a range test in the editor', function () {
  this.timeout(400_000);
  withoutEditors();
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });

  it('trains the run with growing rates, shows the panel, and is at its end', async () => {
    const { run, ready } = lab.runs.start(await training('tested.txt'));
    await ready;
    await untilState(run, 'completed');
    const before = await stat(join(run.folder, 'run.json'));

    const id = await vscode.commands.executeCommand<string>('sequenceLab.testLearningRates', run.id);
    const test = lab.runs.run(id);
    assert.ok(test && id !== run.id);
    await until('its panel is open', () => openPanels('tested.txt').length === 1);
    await until(`the test has ended (${test.state})`, () => ['completed', 'diverged'].includes(test.state));

    const { config, parent, state, progress, source } = await readRecord(test.folder);
    assert.deepEqual(config, rangeTestOf(run.config));
    assert.deepEqual([parent?.run, source?.path], [run.id, run.sourcePath]);
    assert.equal(state, test.state);
    const rates = (await readMetrics(test.folder)).flatMap((event) =>
      event.event === 'step' ? [event.learningRate ?? NaN] : [],
    );
    assert.equal(rates.length, progress.step);
    assert.ok(rates.length >= 20 && rates.every((rate, i) => i === 0 || rate > (rates[i - 1] ?? NaN)));
    assert.ok(capabilitiesOf(test, false).every((capability) => !/^resume/.test(capability)));
    assert.equal((await stat(join(run.folder, 'run.json'))).mtimeMs, before.mtimeMs);
  });
});
