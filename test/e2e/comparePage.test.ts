import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ComparableRun, ComparedRun } from '../../src/protocol/comparison.ts';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';

/** Synthetic runs that converge to different losses at different rates; the gradient of the RNN vanishes first. */
const RUNS: readonly ComparableRun[] = Array.from({ length: 9 }, (_, i) => ({
  id: i === 0 ? trainingRun(1).view.id : `run-${i}`,
  name: 'hamlet.txt',
  label: `${['LSTM', 'GRU', 'RNN'][i % 3] ?? ''} 1x${100 + i}`,
  summary: `${['LSTM', 'GRU', 'RNN'][i % 3] ?? ''} 1x${100 + i}, one-hot, T=50, B=16, seed 1`,
  createdAt: '2026-11-23T00:00:00.000Z',
  state: 'completed',
  step: 2000,
  loss: 1.4 + i / 10,
}));

function curvesOf(run: ComparableRun, i: number): ComparedRun {
  const steps = Array.from({ length: 200 }, (_, k) => (k + 1) * 10);
  const seconds = steps.map((step) => step * 0.004 * (1 + i / 3));
  const loss = (step: number) => (run.loss ?? 0) + 2 * Math.exp(-step / (150 + 40 * i));
  return {
    id: run.id,
    curves: {
      trainLoss: { points: steps.flatMap((step) => [step, loss(step) + 0.1 * Math.sin(step)]), seconds },
      validationLoss: { points: steps.flatMap((step) => [step, loss(step)]), seconds },
    },
    lastStep: { step: 2000, curve: Array.from({ length: 51 }, (_, lag) => Math.exp(-lag / (2 + 3 * (3 - (i % 3))))) },
  };
}

/** The tab "Compare" in a real browser. */
describeInBrowser('the comparison in the panel', bundlePanel, (pages) => {
  async function open(chosen: number, options: PageOptions = {}): Promise<PanelPage> {
    const shown = await PanelPage.open(pages, options);
    await shown.showRun(trainingRun(400));
    await shown.panel.openTab('compare');
    await compare(shown, RUNS.slice(0, chosen));
    return shown;
  }

  async function compare(shown: PanelPage, runs: readonly ComparableRun[]): Promise<void> {
    await shown.panel.comparable({ runs: [...RUNS], chosen: runs.map(({ id }) => id) });
    for (const run of runs) await shown.panel.compared(curvesOf(run, RUNS.indexOf(run)));
    await shown.idle();
    await shown.idle();
  }

  const heads = (shown: PanelPage, chart: string) =>
    shown.page.locator(`[data-chart="${chart}"] thead th`).allTextContents();

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const folder = resolve(import.meta.dirname, '../../out/screenshots/compare');
      await mkdir(folder, { recursive: true });
      const shown = await open(9, { theme });
      for (const width of [300, 900, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        assert.equal(
          await shown.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
          0,
          `at ${width} px`,
        );
        await shown.page.screenshot({ path: resolve(folder, `${theme}-${width}.png`), fullPage: true });
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('has a line for each run on every chart, and updates as runs are added and removed', async () => {
    const shown = await open(3);
    for (const chart of ['comparedBySteps', 'comparedBySeconds', 'comparedLastStep'])
      assert.equal((await heads(shown, chart)).length, 4);
    await shown.page.locator('.compared-runs select').selectOption('run-7');
    await shown.page.locator('[data-remove=run-1]').click();
    await shown.idle();
    assert.deepEqual(shown.asked.compared, [
      null,
      ['2026-11-23-hamlet', 'run-1', 'run-2', 'run-7'],
      ['2026-11-23-hamlet', 'run-2'],
    ]);
    await compare(
      shown,
      RUNS.filter((_, i) => [0, 2, 7].includes(i)),
    );
    assert.deepEqual(
      (await heads(shown, 'comparedBySteps')).slice(1).map((head) => head.slice(0, 10)),
      ['LSTM 1x100', 'RNN 1x102', 'GRU 1x107'],
    );
    assert.match(await shown.page.locator('.compare > .verdict').innerText(), /LSTM 1x100 1\.400 .*2,000.*RNN/);
  });

  it('shows the training loss, smoothed, over steps and over seconds', async () => {
    const shown = await open(2);
    const cell = (chart: string, column: number) =>
      shown.page.locator(`[data-chart="${chart}"] tbody tr:first-child > *`).nth(column).innerText();
    for (const chart of ['comparedBySteps', 'comparedBySeconds'])
      await shown.page.locator(`[data-chart="${chart}"]`).locator('[data-tool=table]').click();
    const validationLoss = await cell('comparedBySteps', 1);
    await shown.page.locator('#compared-loss').selectOption('trainLoss');
    await eventually(async () => {
      assert.notEqual(await cell('comparedBySteps', 1), validationLoss);
      assert.equal(await cell('comparedBySteps', 1), await cell('comparedBySeconds', 1));
    });
    assert.equal(await cell('comparedBySteps', 0), '10');
  });

  it('keeps the selected runs across a reload', async () => {
    const shown = await open(3);
    await shown.page.locator('[data-remove=run-2]').click();
    await shown.idle();
    await shown.page.reload();
    await shown.idle();
    await shown.showRun(trainingRun(400));
    assert.deepEqual(shown.asked.compared.at(-1), ['2026-11-23-hamlet', 'run-1']);
  });
});
