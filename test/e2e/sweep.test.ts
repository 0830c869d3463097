import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { readRecord } from '../../src/runs/record.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { rhyme } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { actUntil, until } from '../harness/until.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');

/** Settings of the run that the sweep is started from. */
const SMALL = [
  ...['model.units=8', 'data.sequenceLength=16', 'training.batchSize=16', 'training.patience=0'],
  ...['training.steps=40', 'training.validateEvery=20', 'probes.every=40', 'sampling.every=0'],
];

describeInWorkbench('a sweep in the workbench', { files: { 'rhyme.txt': rhyme } }, (bench) => {
  it('of 12 trials is started from a run, its rows move, and the best run is opened', async () => {
    const { home, folder } = bench();
    const settings = SMALL.flatMap((setting) => ['--set', setting]);
    await run(process.execPath, [commandLine, 'train', join(folder, 'rhyme.txt'), '--backend', 'wasm', ...settings], {
      env: { SEQUENCE_LAB_HOME: home },
      quiet: true,
    });
    const workbench = await bench().open();
    const { page } = workbench;
    // The command is offered once the runs are known.
    await workbench.openView('Sequence Lab');
    await until('the run is listed', async () => (await page.locator('.sidebar .monaco-list-row').count()) > 0);
    await workbench.runCommand(packageText('commands.sweepFromRun'));

    await workbench.quickPick('Choose fields...');
    const form = await workbench.panelFrame('Sweep from');
    const field = (path: string) => form.locator(`[data-field="${path}"]`);
    // The learning rate is selected; the number of units is added.
    await field('training.learningRate').locator('[data-part=values]').fill('0.003, 0.01, 0.03, 0.1');
    await field('model.units').locator('.head input').check();
    await field('model.units').locator('[data-part=values]').fill('4, 8, 12');
    await until('12 trials are counted', async () => (await form.locator('.total').innerText()).startsWith('12 '));
    await until('the cost is estimated', async () => (await form.locator('.cost li').count()) > 0);
    await workbench.screenshot(join(screenshots, 'sweepForm.png'));
    await form.locator('[data-do=start]').click();

    const frame = await workbench.panelFrame('Runs');
    const rows = frame.locator('.rows .row:not(.group)');
    const finished = async () => rows.filter({ hasText: 'completed' }).count();
    await until('rows of trials appear', async () => (await rows.count()) > 0);
    await until('a trial has ended while others are to come', async () => (await finished()) > 0);
    await until('all trials have ended', async () => (await finished()) === 12);
    await frame.locator('[data-plot=map]').click();
    await workbench.screenshot(join(screenshots, 'sweep.png'));

    const store = join(home, 'runs');
    const records = await Promise.all((await readdir(store)).map((id) => readRecord(join(store, id))));
    const trials = records.filter(({ sweep }) => sweep !== null);
    assert.deepEqual(
      trials.map(({ sweep }) => sweep?.trial ?? 0).sort((a, b) => a - b),
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    assert.equal(
      new Set(trials.map(({ config }) => [config.model.units, config.training.learningRate].join())).size,
      12,
    );
    const best = trials.reduce((a, b) => ((a.progress.kept?.loss ?? NaN) <= (b.progress.kept?.loss ?? NaN) ? a : b));
    const notification = await workbench.notification(String(best.config.training.learningRate));
    await actUntil(
      'the best run is open',
      async () => notification.getByRole('button', { name: 'Open Best Run' }).click({ timeout: 5000 }),
      async () => (await page.locator('.tab', { hasText: String(best.config.training.learningRate) }).count()) > 0,
    );
  });

  it('of learning rates is started in three answers, and can be opened as a file', async () => {
    const workbench = await bench().open();
    await workbench.openView('Sequence Lab');
    // Without a panel, whose run would be taken.
    await workbench.closeEditors();
    const runs = workbench.page.locator('.sidebar .monaco-list-row');
    await until('the runs are listed', async () => (await runs.count()) > 1);
    await workbench.runCommand(packageText('commands.sweepFromRun'));
    await workbench.quickPickByTyping('lr 0.03', /lr 0\.03/);
    await workbench.quickPick('Learning rates');
    await until('the number of seeds is asked', async () => (await workbench.quickInput.innerText()).includes('seeds'));
    await workbench.page.keyboard.press('Enter');
    await workbench.quickPick('Open as a sweep file');
    await until('the file is open', async () => (await workbench.editorText()).includes('"training.learningRate"'));
    const text = await workbench.editorText();
    for (const part of ['"from"', '"points": 9', '"scale": "log"', '0.3']) assert.ok(text.includes(part), part);
  });
});
