import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ComparableRun, ComparedRun, ProbedRun, RankedGroup } from '../../src/protocol/comparison.ts';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
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
  color: i === 8 ? '#8844cc' : (i * 5) % 12,
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
    itemsPerStep: 10,
    curves: {
      trainLoss: { points: steps.flatMap((step) => [step, loss(step) + 0.1 * Math.sin(step)]), seconds },
      validationLoss: { points: steps.flatMap((step) => [step, loss(step)]), seconds },
    },
  };
}

const PROBE_STEPS = [1, 500, 1000, 2000];

/** Probes of a run, whose gradient reaches further with each step. */
function probesOf({ id }: ComparableRun, i: number, step: number | null): ProbedRun {
  const shown = step ?? 1000;
  const curve = (factor: number) =>
    Array.from({ length: 51 }, (_, lag) => Math.exp((-lag * 500) / shown / (2 + 3 * (3 - (i % 3)))) * factor ** lag);
  return {
    id,
    steps: PROBE_STEPS,
    flow: { step: shown, median: curve(1), low: curve(0.98), high: curve(1.02) },
    first: null,
  };
}

/** Two groups: the last run reads another text. */
function rankingOf(runs: readonly ComparableRun[]): RankedGroup[] {
  const group = (text: string, ranked: readonly ComparableRun[]): RankedGroup => ({
    basis: { task: 'character language model', data: text, vocabulary: '50', unit: 'nats per character' },
    equalStep: ranked.length > 1 ? 1500 : 2000,
    runs: ranked.map(({ id, loss }) => ({
      id,
      best: loss === null ? null : { step: 1400, loss },
      last: loss === null ? null : { step: 2000, loss: loss + 0.05 },
      atEqualStep: loss === null ? null : loss + 0.01,
    })),
  });
  const other = runs.filter(({ id }) => id === 'run-8');
  return [
    group(
      'hamlet.txt',
      runs.filter((run) => !other.includes(run)),
    ),
    ...(other.length > 0 ? [group('macbeth.txt', other)] : []),
  ];
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
    await shown.panel.comparable({ runs: [...RUNS], chosen: runs.map(({ id }) => id), ranking: rankingOf(runs) });
    for (const run of runs) await shown.panel.compared(curvesOf(run, RUNS.indexOf(run)));
    await showProbes(shown, runs, null);
    await shown.idle();
    await shown.idle();
  }

  async function showProbes(shown: PanelPage, runs: readonly ComparableRun[], step: number | null): Promise<void> {
    await shown.panel.comparedProbes(runs.map((run) => probesOf(run, RUNS.indexOf(run), step)));
  }

  const heads = (shown: PanelPage, chart: string) =>
    shown.page.locator(`[data-chart="${chart}"] thead th`).allTextContents();

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const folder = resolve(import.meta.dirname, '../../out/screenshots/compare');
      await mkdir(folder, { recursive: true });
      const shown = await open(9, { theme });
      for (const width of [300, 400, 900, 1400]) {
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

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open(9, { pseudo: true });
    for (const table of await shown.page.locator('[data-tool=table]:visible').all()) await table.click();
    assert.deepEqual(
      await pseudoProblems(shown, 'compare', ['macbeth.txt', ...RUNS.map(({ name, summary }) => `${name} ${summary}`)]),
      [],
    );
  });

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
    const ranked = shown.page.locator('.ranking tbody tr');
    const ranking = await Promise.all((await ranked.all()).map(async (row) => row.getAttribute('data-run')));
    assert.deepEqual(ranking, ['2026-11-23-hamlet', 'run-2', 'run-7']);
    assert.match(
      (await ranked.first().locator('td').allInnerTexts()).join(' | '),
      /1\.400.*1,400 \| 1\.410 \| 1\.450.*2,000/,
    );
  });

  it('ranks runs on different texts in groups, and says in what they differ', async () => {
    const shown = await open(3);
    assert.equal(await shown.page.locator('.ranking table').count(), 1);
    assert.equal(await shown.page.locator('.ranking > .verdict').innerText(), '');
    await compare(
      shown,
      RUNS.filter((_, i) => [0, 1, 8].includes(i)),
    );
    assert.equal(await shown.page.locator('.ranking table').count(), 2);
    assert.match(await shown.page.locator('.ranking > .verdict').innerText(), /data/);
    assert.match((await shown.page.locator('.ranking caption').allInnerTexts()).join(), /hamlet\.txt.*macbeth\.txt/);
  });

  it('moves the probes of all runs with one slider, by the keyboard, and keeps its place', async () => {
    const shown = await open(3);
    const runs = RUNS.slice(0, 3);
    const reach = shown.page.locator('.compare > .verdict');
    const best = shown.page.getByRole('button', { name: 'Best step' });
    assert.deepEqual(shown.asked.comparedSteps, [null]);
    assert.equal(await best.getAttribute('aria-pressed'), 'true');
    assert.match(await reach.innerText(), /lag 50.*LSTM 1x100 .*0\.1 .*step 1,000.*GRU.*RNN.*lag 47/);
    const slider = shown.page.getByRole('slider', { name: 'Step of the probes' });
    await slider.focus();
    await shown.page.keyboard.press('Home');
    await shown.page.keyboard.press('ArrowRight');
    await eventually(async () => assert.deepEqual(shown.asked.comparedSteps.slice(1), [1, 500]));
    await showProbes(shown, runs, 500);
    await shown.idle();
    assert.equal(await best.getAttribute('aria-pressed'), 'false');
    assert.match(await reach.innerText(), /step 500/);
    await shown.page.reload();
    await shown.idle();
    await shown.showRun(trainingRun(400));
    assert.equal(shown.asked.comparedSteps.at(-1), 500);
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

  it('compares the runs that another page has selected, and keeps them', async () => {
    const shown = await open(2);
    const runs = ['run-4', 'run-8', 'run-1'];
    await shown.panel.openComparison(runs);
    await eventually(() => assert.deepEqual(shown.asked.compared.at(-1), runs));
    await compare(
      shown,
      RUNS.filter(({ id }) => runs.includes(id)),
    );
    const color = await shown.page.evaluate(
      `getComputedStyle(document.querySelectorAll('.run-legend .swatch')[2]).color`,
    );
    assert.equal(color, 'rgb(136, 68, 204)', 'the color that the user has chosen for the run');
    await shown.page.reload();
    await shown.idle();
    await shown.showRun(trainingRun(400));
    assert.deepEqual(shown.asked.compared.at(-1), runs);
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
