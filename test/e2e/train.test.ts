import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder, root } from '../../scripts/lib/paths.ts';
import { Curves } from '../../src/runs/series/curves.ts';
import { decimate } from '../../src/runs/series/decimate.ts';
import type { MetricEvent } from '../../src/protocol/events.ts';
import type { SeriesName } from '../../src/protocol/metrics.ts';
import { verdictLabels } from '../../src/protocol/verdictLabels.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { actUntil, eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { assertNames } from '../harness/facts.ts';
import { packageText } from '../harness/packageText.ts';
import { say } from '../../src/phrases/phrase.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');

/** The status bar's item of a run of `smallRun`. */
const RUN_ITEM = /LSTM \d+x\d+ · (?:paused · )?\d+\/1000000/;
const suite = { files: { 'rhyme.txt': rhyme }, settings: smallRun };

/** The packaged extension in a real workbench, with the actions of a user. */
describeInWorkbench('training in the workbench', { ...suite, emptied: true }, (bench) => {
  it('trains an open file from the palette, stops, and resumes after a reload of the window', async () => {
    const workbench = await bench().open();
    const { home } = bench();
    const lab = new Lab(workbench);
    await lab.start();

    await until('the step counter moves', async () => (await lab.step()) >= 45);
    const before = await lab.step();
    await until('it moves on', async () => (await lab.step()) > before);
    await until('a sample is shown', async () => (await (await lab.frame()).locator('.samples pre').count()) > 0);
    for (const theme of ['dark', 'light', 'hc'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(join(screenshots, `training-${theme}.png`));
    }
    await workbench.setTheme('dark');
    await eventually(async () => assert.match(await workbench.statusBar(), RUN_ITEM));

    await lab.press('stop', 'stopped');
    const run = await onlyRun(home);
    await eventually(async () => assert.equal((await readRecord(run)).state, 'stopped'));
    await assertChartsEqualLog(lab, await readMetrics(run));
    const stoppedAt = (await readRecord(run)).progress.step;

    await workbench.reload();
    await until(
      'the panel is back with its run',
      async () => (await lab.state()) === 'stopped' && (await lab.step()) === stoppedAt,
    );
    await assertChartsEqualLog(lab, await readMetrics(run));
    await workbench.screenshot(join(screenshots, 'reloaded.png'));

    await lab.press('resume', 'running');
    await until('the run continues', async () => (await lab.step()) > stoppedAt + 200);
    await lab.press('stop', 'stopped');
    const steps = await stepsOf(run);
    assert.deepEqual(
      steps,
      Array.from(steps, (_, index) => index + 1),
    );
    await assertChartsEqualLog(lab, await readMetrics(run));
    const record = await readRecord(run);
    assert.ok(
      (record.progress.validationLoss ?? Infinity) < (record.baselines['unigram'] ?? NaN),
      'the run has learned more than letter counts',
    );
    await workbench.screenshot(join(screenshots, 'resumed.png'));
    assert.deepEqual(await runsIn(home), [record.id]);
  });

  it('says that a reload of the window interrupted the training, and continues at a click', async () => {
    const workbench = await bench().open();
    const { home } = bench();
    const lab = new Lab(workbench);
    await lab.start();
    await until('the step counter moves', async () => (await lab.step()) >= 45);
    await workbench.reload();

    const run = await onlyRun(home);
    await until('the run is interrupted', async () => (await readRecord(run)).state === 'interrupted');
    const { message, progress } = await readRecord(run);
    assert.ok(message);
    assert.ok(progress.step >= 45);
    await until('the panel is back with its run', async () => (await lab.state()) === 'interrupted');
    assert.equal(await lab.step(), progress.step, 'the checkpoint is that of the last step');
    assert.ok((await (await lab.frame()).locator('.messages').innerText()).includes(say(message)));
    await workbench.screenshot(join(screenshots, 'interrupted.png'));

    const question = await workbench.notification('rhyme.txt');
    await actUntil(
      'the run continues',
      async () => question.getByText('Continue', { exact: true }).click({ timeout: 5000 }),
      async () => (await lab.state()) === 'running',
    );
    await until('it trains on', async () => (await lab.step()) > progress.step + 50);
    await lab.press('stop', 'stopped');
    const steps = await stepsOf(run);
    assert.deepEqual(
      steps,
      Array.from(steps, (_, index) => index + 1),
    );
  });

  it('continues when the panel is closed, and reopens the panel from the status bar', async () => {
    const workbench = await bench().open();
    const { home } = bench();
    const lab = new Lab(workbench);
    await lab.start();
    await until('training', async () => (await lab.step()) > 3);
    await workbench.runCommand('View: Close Editor');
    const run = await onlyRun(home);
    const before = (await readMetrics(run)).length;
    await until('the run continues', async () => (await readMetrics(run)).length > before + 10);
    await workbench.clickStatusBar(RUN_ITEM, async () => (await lab.state()) === 'running');
    await lab.press('pause', 'paused');
    const held = (await stepsOf(run)).length;
    const sampledAfter = async () => (await lab.frame()).locator('.loss .sample-head').allInnerTexts();
    const written = (await sampledAfter()).length;
    await actUntil(
      'a sample is written while the run is paused',
      async () => (await lab.frame()).locator('.sampling button[type=submit]').click({ timeout: 5000 }),
      async () => (await sampledAfter()).length > written,
    );
    assertNames((await sampledAfter())[0], held.toLocaleString('en'));
    assert.equal((await stepsOf(run)).length, held);
    await eventually(async () => assert.equal(await lab.step(), held));
    await lab.press('unpause', 'running');
    await until('it continues', async () => (await lab.step()) > held);
    await lab.press('stop', 'stopped');
  });

  it('moves a run to the trash, and brings it back', async () => {
    const workbench = await bench().open();
    const { home } = bench();
    const lab = new Lab(workbench);
    await lab.start();
    await until('training', async () => (await lab.step()) > 3);
    await lab.press('stop', 'stopped');
    await workbench.openView('Sequence Lab');
    const row = workbench.page.locator('.sidebar .monaco-list-row', { hasText: 'rhyme.txt' });
    await until('only the new run is listed', async () => (await row.count()) === 1);
    const runs = await runsIn(home);
    assert.equal(runs.length, 1);
    await workbench.contextMenu(row, packageText('commands.deleteRun'), async () => (await runsIn(home)).length === 0);
    const notice = await workbench.notification('rhyme.txt');
    await notice.getByRole('button', { name: 'Undo' }).click();
    await eventually(async () => assert.deepEqual(await runsIn(home), runs));
    await row.waitFor();
  });

  it('says what is wrong with an unusable file before it trains, and leaves no files behind', async () => {
    await writeFile(join(bench().folder, 'short.txt'), 'too short');
    const workbench = await bench().open();
    await workbench.openFile('short.txt');
    await workbench.runCommand(packageText('commands.trainLstmOnFile'));
    const problem = workbench.quickPickRows.filter({ has: workbench.page.locator('.codicon-error') }).first();
    await eventually(async () => assertNames(await problem.innerText(), 'short.txt', '9'));
    await workbench.screenshot(join(screenshots, 'too-short.png'));
    await problem.click();
    await workbench.notification('short.txt');
    await eventually(async () => assert.deepEqual(await runsIn(bench().home), []));
  });
});

describeInWorkbench('training with settings of its own in the workbench', { ...suite, fresh: true }, (bench) => {
  describe('in Restricted Mode', () => {
    const restricted = async (backend: string): Promise<{ workbench: Workbench; lab: Lab }> => {
      const settings = {
        ...smallRun,
        'sequenceLab.backend': backend,
        'security.workspace.trust.startupPrompt': 'never',
      };
      const workbench = await bench().open({ restricted: true, settings });
      const lab = new Lab(workbench);
      await until('the workbench is restricted', async () => /Restricted Mode/.test(await workbench.statusBar()));
      await lab.start();
      return { workbench, lab };
    };

    it('trains on the bundled backend', async () => {
      const { workbench, lab } = await restricted('auto');
      await until('it trains', async () => (await lab.step()) > 5);
      await eventually(async () => assertNames(await (await lab.frame()).locator('header.run').innerText(), 'wasm'));
      await workbench.screenshot(join(screenshots, 'restricted.png'));
    });

    it('does not load native TensorFlow, and reports it', async () => {
      const { workbench } = await restricted('tensorflow');
      await workbench.notification('TensorFlow');
      await workbench.screenshot(join(screenshots, 'restricted-tensorflow.png'));
      await eventually(async () => assert.deepEqual(await runsIn(bench().home), []));
    });
  });

  it('trains on WebGPU if configured, and reports the device', async () => {
    const { home } = bench();
    // The layout of an npm installation.
    await mkdir(join(home, 'webgpu', 'node_modules'), { recursive: true });
    await symlink(join(root, 'node_modules', 'webgpu'), join(home, 'webgpu', 'node_modules', 'webgpu'));
    const tiny = {
      'sequenceLab.data.sequenceLength': 6,
      'sequenceLab.model.units': 8,
      'sequenceLab.sampling.every': 0,
      'sequenceLab.probes.every': 0,
    };
    const workbench = await bench().open({ settings: { ...smallRun, ...tiny, 'sequenceLab.backend': 'webgpu' } });
    const lab = new Lab(workbench);
    await lab.start();
    await until('it trains', async () => (await lab.step()) > 2);
    await eventually(async () =>
      assert.match(await (await lab.frame()).locator('header.run').innerText(), /[\d.]+ [kMG]B.* webgpu/),
    );
    await workbench.screenshot(join(screenshots, 'webgpu.png'));
  });
});

const defaults = {
  files: {
    'ferry.txt': readFileSync(join(root, 'media', 'samples', 'ferry.txt'), 'utf8'),
    'large.txt': rhyme.repeat(Math.ceil(2_000_000 / rhyme.length)).slice(0, 2_000_000),
  },
  settings: { 'sequenceLab.backend': 'wasm' },
  emptied: true,
};

describeInWorkbench('training with the default settings in the workbench', defaults, (bench) => {
  it('ends by itself on a short text, says why, and keeps, shows and samples the model with the best validation loss', async () => {
    const workbench = await bench().open();
    const lab = new Lab(workbench);
    await lab.start('ferry.txt');
    await until('the run has ended', async () => (await lab.state()) === 'completed', 600_000);
    const run = await onlyRun(bench().home);
    const { progress, message, config } = await readRecord(run);
    const metrics = await readMetrics(run);
    const losses = metrics.flatMap((event) => (event.event === 'validation' ? (event.loss ?? Infinity) : []));
    const best = Math.min(...losses);
    assert.ok(progress.step < config.training.steps, `ended at step ${progress.step}`);
    assertNames(message ?? '', progress.step, progress.kept?.step ?? NaN);
    assert.ok((progress.kept?.loss ?? Infinity) <= 1.05 * best, `${progress.kept?.loss} of ${best}`);
    assert.equal(metrics.findLast(({ event }) => event === 'sample')?.step, progress.kept?.step);
    const [found] = progress.learning?.findings ?? [];
    assert.equal(found?.verdict, 'overfitting');

    const header = (await lab.frame()).locator('header .learning');
    await eventually(async () => assert.equal(await header.innerText(), say(verdictLabels.overfitting)));
    await workbench.openView('Sequence Lab');
    const row = workbench.page.locator('.sidebar .monaco-list-row', { hasText: 'ferry.txt' }).first();
    await eventually(async () => assertNames(await row.innerText(), best.toFixed(2), say(verdictLabels.overfitting)));
    await workbench.screenshot(join(screenshots, 'first-run.png'));
  });

  it('draws the first point soon after the settings are confirmed, at the default sizes on a large file', async () => {
    const workbench = await bench().open();
    const lab = new Lab(workbench);
    await lab.showSettings('large.txt');
    // VS Code takes seconds for the first webview of a window, which loads while the user reads the settings.
    await until('the panel is loaded', async () => (await (await lab.frame()).locator('main').innerText()) !== '');
    const accepted = performance.now();
    await lab.acceptSettings();
    await until('a point is on the curve', async () => (await lab.step()) >= 1);
    console.log(
      `      first point ${((performance.now() - accepted) / 1000).toFixed(2)} s after the settings were accepted, on a file of 2 MB, backend wasm`,
    );
    await lab.press('stop', 'stopped');
  });
});

/** The steps that a run has logged. */
async function stepsOf(run: string): Promise<number[]> {
  return (await readMetrics(run)).flatMap(({ event, step }) => (event === 'step' ? step : []));
}

/** The names of the run folders in a store. */
async function runsIn(home: string): Promise<string[]> {
  return readdir(join(home, 'runs')).catch(() => []);
}

/** The points in the panel are those of `metrics.jsonl`, decimated in the same way. */
async function assertChartsEqualLog(lab: Lab, metrics: readonly MetricEvent[]): Promise<void> {
  const curves = new Curves();
  for (const event of metrics) curves.add(event);
  const lines: [chart: string, column: number, series: SeriesName][] = [
    ['loss', 0, 'trainLoss'],
    ['loss', 1, 'validationLoss'],
    ['gradientNorm', 0, 'gradientNorm'],
    ['gradientNorm', 1, 'clippedGradientNorm'],
  ];
  for (const [chart, column, series] of lines) {
    await eventually(async () =>
      assert.deepEqual(await lab.points(chart, column), decimate(curves.series[series]), `${chart}: ${series}`),
    );
  }
}
