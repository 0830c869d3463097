import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/lib/paths.ts';
import { vsixFile } from '../../scripts/lib/product.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { Curves } from '../../src/host/series/curves.ts';
import { decimate } from '../../src/host/series/decimate.ts';
import type { MetricEvent } from '../../src/protocol/events.ts';
import type { SeriesName } from '../../src/protocol/panel.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { CodeServer, type CodeServerOptions } from '../harness/codeServer.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { until } from '../harness/until.ts';
import { Workbench } from '../harness/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots/workbench');

/** The packaged extension in a real workbench, used as a user uses it. */
describe('training in the workbench', function () {
  this.timeout(600_000);
  let home: string;
  let folder: string;
  let server: CodeServer | undefined;
  let workbench: Workbench | undefined;

  async function open(options: Partial<CodeServerOptions> = {}): Promise<Workbench> {
    server = await CodeServer.start({
      folder,
      vsix: [vsixFile],
      env: { SEQUENCE_LAB_HOME: home },
      settings: smallRun,
      ...options,
    });
    workbench = await Workbench.open(server);
    return workbench;
  }

  before(async function () {
    await mkdir(screenshots, { recursive: true });
    try {
      await (await import('../../scripts/lib/codeServer.ts')).ensureCodeServer();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.log(`training in the workbench: ${error.message}`);
      this.skip();
    }
  });

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-folder-'));
    await writeFile(join(folder, 'rhyme.txt'), rhyme);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench?.screenshot(join(screenshots, 'failure.png'));
      console.log((await server?.extensionHostLog())?.slice(-4000));
    }
    await workbench?.close();
    await server?.dispose();
    for (const made of [home, folder]) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  });

  it('open a file, train from the palette, stop, reload the window, resume', async () => {
    const { page } = await open();
    const lab = new Lab(workbench!);
    await lab.start();

    await until('the step counter moves', async () => (await lab.step()) >= 45);
    const before = await lab.step();
    await until('it moves on', async () => (await lab.step()) > before);
    await until('a sample is shown', async () => (await (await lab.frame()).locator('.samples pre').count()) > 0);
    for (const theme of ['dark', 'light', 'hc'] as const) {
      await workbench?.setTheme(theme);
      await sleep(500);
      await workbench?.screenshot(join(screenshots, `training-${theme}.png`));
    }
    await workbench?.setTheme('dark');
    assert.match(await page.locator('.part.statusbar').innerText(), /LSTM \d+\/1000000/);

    await lab.press('Stop');
    await until('the run has stopped', async () => (await lab.state()) === 'stopped');
    const run = await onlyRun(home);
    assert.equal((await readRecord(run)).state, 'stopped');
    await assertChartsEqualLog(lab, await readMetrics(run));
    const stoppedAt = (await readRecord(run)).progress.step;

    await workbench?.reload();
    await until(
      'the panel is back with its run',
      async () => (await lab.state()) === 'stopped' && (await lab.step()) === stoppedAt,
    );
    await assertChartsEqualLog(lab, await readMetrics(run));
    await workbench?.screenshot(join(screenshots, 'reloaded.png'));

    await lab.press('Resume');
    await until('the run goes on', async () => (await lab.step()) > stoppedAt + 200);
    await lab.press('Stop');
    await until('it has stopped again', async () => (await lab.state()) === 'stopped');
    const metrics = await readMetrics(run);
    const steps = metrics.flatMap(({ event, step }) => (event === 'step' ? step : []));
    assert.deepEqual(
      steps,
      Array.from(steps, (_, index) => index + 1),
    );
    await assertChartsEqualLog(lab, metrics);
    const record = await readRecord(run);
    assert.ok(
      (record.progress.validationLoss ?? Infinity) < (record.baselines['unigram'] ?? NaN),
      'the run has learned more than letter counts',
    );
    await workbench?.screenshot(join(screenshots, 'resumed.png'));
    assert.deepEqual(await readdir(join(home, 'runs')), [record.id]);
  });

  it('goes on when the panel is closed, and the status bar brings it back', async () => {
    const { page } = await open();
    const lab = new Lab(workbench!);
    await lab.start();
    await until('training', async () => (await lab.step()) > 3);
    await workbench?.runCommand('View: Close Editor');
    const run = await onlyRun(home);
    const before = (await readMetrics(run)).length;
    await until('the run goes on', async () => (await readMetrics(run)).length > before + 10);
    await page.locator('.part.statusbar .statusbar-item', { hasText: /LSTM \d+\/1000000/ }).click();
    await until('the panel is back', async () => (await lab.state()) === 'running');
    await lab.press('Pause');
    await until('the run is held', async () => (await lab.state()) === 'paused');
    const held = await lab.step();
    await sleep(1000);
    assert.equal(await lab.step(), held);
    await lab.press('Continue');
    await until('it goes on', async () => (await lab.step()) > held);
  });

  it('draws the first point soon after Enter, at the default sizes on a large file', async () => {
    // The first page of a window takes VS Code itself seconds; it loads while the settings are being read.
    const reading = 2000;
    await writeFile(join(folder, 'rhyme.txt'), rhyme.repeat(Math.ceil(2_000_000 / rhyme.length)).slice(0, 2_000_000));
    await open({ settings: { 'sequenceLab.backend': 'wasm' } });
    const lab = new Lab(workbench!);
    const accepted = await lab.start('rhyme.txt', reading);
    await until('a point is on the curve', async () => (await lab.step()) >= 1);
    console.log(
      `      first point ${((performance.now() - accepted) / 1000).toFixed(2)} s after Enter, ${reading / 1000} s after the settings were shown, on a file of 2 MB, backend wasm`,
    );
  });

  describe('in Restricted Mode', () => {
    const restricted = async (backend: string): Promise<Lab> => {
      const settings = {
        ...smallRun,
        'sequenceLab.backend': backend,
        'security.workspace.trust.startupPrompt': 'never',
      };
      await open({ restricted: true, settings });
      const lab = new Lab(workbench!);
      await until('the workbench is restricted', async () =>
        /Restricted Mode/.test((await workbench?.statusBar.innerText()) ?? ''),
      );
      await lab.start();
      return lab;
    };

    it('trains on the bundled backend', async () => {
      const lab = await restricted('auto');
      await until('it trains', async () => (await lab.step()) > 5);
      assert.match(await (await lab.frame()).locator('header.run').innerText(), /wasm backend/);
      await workbench?.screenshot(join(screenshots, 'restricted.png'));
    });

    it('does not load native TensorFlow, and says so', async () => {
      await restricted('tensorflow');
      await workbench?.notification('Native TensorFlow does not run in Restricted Mode');
      await workbench?.screenshot(join(screenshots, 'restricted-tensorflow.png'));
      assert.deepEqual(await readdir(join(home, 'runs')).catch(() => []), []);
    });
  });

  it('trains on WebGPU, chosen by hand, and names the device', async () => {
    // As npm installs it there.
    await mkdir(join(home, 'webgpu', 'node_modules'), { recursive: true });
    await symlink(join(root, 'node_modules', 'webgpu'), join(home, 'webgpu', 'node_modules', 'webgpu'));
    const tiny = {
      'sequenceLab.data.sequenceLength': 6,
      'sequenceLab.model.units': 8,
      'sequenceLab.sampling.every': 0,
      'sequenceLab.probes.every': 0,
    };
    await open({ settings: { ...smallRun, ...tiny, 'sequenceLab.backend': 'webgpu' } });
    const lab = new Lab(workbench!);
    await lab.start();
    await until('it trains', async () => (await lab.step()) > 2);
    const header = (await lab.frame()).locator('header.run');
    await until('it tells the memory taken of the GPU', async () =>
      /, [\d.]+ [kMG]B of its memory, webgpu backend/.test(await header.innerText()),
    );
    await workbench?.screenshot(join(screenshots, 'webgpu.png'));
  });

  it('says what is wrong with a file it cannot train on, and leaves nothing behind', async () => {
    await writeFile(join(folder, 'short.txt'), 'too short');
    await open();
    const lab = new Lab(workbench!);
    await lab.start('short.txt');
    await workbench?.notification('is too short');
    await workbench?.screenshot(join(screenshots, 'too-short.png'));
    assert.deepEqual(await readdir(join(home, 'runs')).catch(() => []), []);
  });
});

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
    assert.deepEqual(await lab.points(chart, column), decimate(curves[series]), `${chart}: ${series}`);
  }
}
