import assert from 'node:assert/strict';
import type { CheckpointReading, DifferenceHostFunctions, RunDifference } from '../../src/protocol/difference.ts';
import type { ComparableRun, ComparedRun, ProbedRun, RankedGroup } from '../../src/protocol/comparison.ts';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';
import { takePicture } from '../harness/pictures.ts';

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

/** A difference of two runs in everything that is compared. */
function differenceOf([a, b]: readonly [string, string]): RunDifference {
  const first = { step: 120, values: [2.5, 2.5000002] as [number, number], ulps: 1 };
  const quantity = { metric: 'trainLoss', name: null, compared: 2000, differing: 1880 } as const;
  return {
    runs: [a, b],
    config: [
      { field: 'model.cell', values: ['lstm', 'gru'] },
      { field: 'training.learningRate', values: [0.01, 0.005] },
    ],
    data: {
      names: ['hamlet.txt', 'hamlet.txt'],
      equal: false,
      files: [
        { role: 'train', sha256: ['ab'.repeat(32), 'cd'.repeat(32)], lines: { added: 3, removed: 1200, exact: true } },
      ],
    },
    trainers: [{ fact: 'backend', from: 0, values: ['wasm', 'webgpu'] }],
    steps: [2000, 1500],
    quantities: [
      { ...quantity, first, largest: { step: 1500, values: [1.25, 1.5], ulps: 1e6 } },
      { ...quantity, metric: 'validationLoss', differing: 0, first: null, largest: null },
      {
        ...quantity,
        metric: 'score',
        name: 'accuracy',
        first: { ...first, step: 200, values: [null, 1], ulps: null },
        largest: null,
      },
    ],
  };
}

/** Host functions that record what was asked. */
function madeUpDifferences() {
  const asked: unknown[] = [];
  const functions: DifferenceHostFunctions = {
    runDifference: (runs) => {
      asked.push(['difference', runs]);
      return differenceOf(runs);
    },
    compareData: (request) => void asked.push(['data', request]),
    checkpointSteps: () => [
      [100, 1900, 2000],
      [500, 1500],
    ],
    compareWeights: (request) => {
      asked.push(['weights', request]);
      return {
        changes: [
          { tensor: 'lstm_1/kernel', shape: [50, 400], norm: 1.5, relative: 0.25 },
          { tensor: 'dense/bias', shape: [50], norm: 0, relative: null },
        ],
        unmatched: ['gru_1/kernel'],
      };
    },
    compareReadings: ({ runs, steps, options }) => {
      asked.push(['readings', steps, options]);
      const reading = (place: 0 | 1): CheckpointReading => ({
        run: runs[place],
        step: steps[place],
        tokens: ['t', 'h', 'e', '\n'],
        surprisal: [null, 1.25 - place / 2, 0.5, 0.25],
        activations: ['input', 'forget'].map((activation, at) => ({
          layer: 'lstm_1',
          direction: 'forward',
          activation,
          means: [0.1, 0.2, 0.3, 0.4].map((mean) => mean + (at + place) / 10),
        })),
        written: place === 0 ? 'tteeh <b>hte</b>' : 'the cat sat',
      });
      const map = (place: 0 | 1) => ({
        units: 3,
        timeSteps: 4,
        low: 0,
        high: 1,
        values: Uint8Array.from({ length: 12 }, (_, at) => 20 * at + 30 * place),
        holes: null,
        order: [0, 1, 2],
        scores: [],
      });
      const place = { layer: 'lstm_1', direction: 'forward' };
      return {
        passage: options.passage ?? 'the\n',
        readings: [reading(0), reading(1)],
        maps: [
          { ...place, activation: 'input', maps: [map(0), map(1)] },
          { ...place, activation: 'forget', maps: [map(0), null] },
        ],
      };
    },
  };
  return { asked, functions };
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
      const shown = await open(9, { theme });
      for (const width of [300, 400, 900, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        assert.equal(
          await shown.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
          0,
          `at ${width} px`,
        );
        await takePicture(shown.page, `compare/${theme}-${width}.png`);
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
    const ranking = shown.page.locator('.ranking').first();
    assert.equal(await ranking.locator('table').count(), 1);
    assert.equal(await ranking.locator('> .verdict').innerText(), '');
    await compare(
      shown,
      RUNS.filter((_, i) => [0, 1, 8].includes(i)),
    );
    assert.equal(await ranking.locator('table').count(), 2);
    assert.match(await ranking.locator('> .verdict').innerText(), /data/);
    assert.match((await ranking.locator('caption').allInnerTexts()).join(), /hamlet\.txt.*macbeth\.txt/);
  });

  it('shows the difference of exactly two runs, and their data in a diff editor', async () => {
    const { asked, functions } = madeUpDifferences();
    const shown = await open(2, { difference: functions });
    const section = shown.page.locator('.difference');
    await eventually(async () => assert.match(await section.locator('.verdict').innerText(), /step 120 .*1,500/));
    const text = await section.innerText();
    for (const fact of ['model.cell', 'gru', 'webgpu', 'accuracy', '1,200', '2.5000002', '0.250 at step 1,500'])
      assert.ok(text.includes(fact), fact);
    await section.locator('[data-role=train]').click();
    const runs = ['2026-11-23-hamlet', 'run-1'];
    await eventually(() =>
      assert.deepEqual(asked, [
        ['difference', runs],
        ['data', { runs, role: 'train' }],
      ]),
    );
    await compare(shown, RUNS.slice(0, 2));
    assert.equal(asked.length, 2, 'unchanged runs are not read again');
    await compare(shown, RUNS.slice(0, 3));
    assert.equal(await section.isVisible(), false);
    assert.equal(await shown.page.locator('.checkpoints').isVisible(), false);
  });

  it('compares the weights of two checkpoints', async () => {
    const { asked, functions } = madeUpDifferences();
    const shown = await open(2, { difference: functions });
    const section = shown.page.locator('.checkpoints');
    await section.locator('select').first().selectOption('100');
    await section.locator('button').first().click();
    await eventually(async () => assert.match(await section.innerText(), /lstm_1\/kernel.*50 × 400.*1\.500.*0\.2500/));
    assert.match(await section.locator('.verdict').first().innerText(), /gru_1\/kernel/);
    assert.deepEqual(asked.at(-1), ['weights', { runs: ['2026-11-23-hamlet', 'run-1'], steps: [100, 1500] }]);
    await section.locator('.checkpoints-passage button').click();
    await eventually(async () => assert.match(await section.innerText(), /A 0\.667, B 0\.500/));
    assert.deepEqual(asked.at(-1), [
      'readings',
      [100, 1500],
      { passage: null, length: 200, temperature: 0.8, seed: 1 },
    ]);
    assert.equal(await section.locator('textarea').inputValue(), 'the\n', 'the passage that was read');
    assert.deepEqual(await section.locator('pre').allInnerTexts(), ['tteeh <b>hte</b>', 'the cat sat']);
    const maps = section.locator('.gate-map .map');
    const announced = async (place: number) => section.locator('.gate-map .unseen[role=status]').nth(place).innerText();
    for (const [place, own, other] of [
      [0, '0.08', '0.20'],
      [1, '0.20', '0.08'],
    ] as const) {
      await maps.nth(place).focus();
      await shown.page.keyboard.press('Home');
      await shown.page.keyboard.press('ArrowRight');
      await eventually(async () => {
        const text = await announced(place);
        assert.ok(text.includes(own) && text.includes(other), text);
      });
    }
    await section.locator('#compared-activation').selectOption('lstm_1 forward forget');
    assert.equal(await section.locator('.gate-map .empty:visible').count(), 1, 'one model has no forget gate');
    const second = section.locator('tbody tr', { hasText: /^h/ }).locator('td');
    assert.deepEqual(await second.allInnerTexts(), ['1.250', '0.750', '0.300', '0.400']);
    await compare(shown, RUNS.slice(0, 1));
    assert.equal(await shown.page.locator('.difference').isVisible(), false);
    await eventually(async () => assert.equal(await section.locator('#checkpoint-b').inputValue(), '1500'));
  });

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders a difference in the theme ${theme}, is accessible and does not overflow`, async () => {
      const shown = await open(2, { theme, difference: madeUpDifferences().functions });
      await shown.page.locator('.checkpoints button').first().click();
      await eventually(async () => assert.equal(await shown.page.locator('.checkpoints tbody tr').count(), 2));
      await shown.page.locator('.checkpoints-passage button').click();
      await eventually(async () => assert.equal(await shown.page.locator('.checkpoints pre').count(), 2));
      assert.equal(await shown.page.locator('.checkpoints .gate-map canvas').first().isVisible(), true);
      for (const width of [300, 400, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await shown.page.evaluate(over), 0, `at ${width} px`);
        await takePicture(shown.page, `difference/${theme}-${width}.png`);
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('fits with a difference in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open(2, { pseudo: true, difference: madeUpDifferences().functions });
    await shown.page.locator('.checkpoints button').first().click();
    await eventually(async () => assert.equal(await shown.page.locator('.checkpoints tbody tr').count(), 2));
    const names = [
      'nats per character model.cell training.learningRate lstm gru wasm webgpu backend train lstm_1/kernel dense/bias gru_1/kernel',
    ];
    assert.deepEqual(
      await pseudoProblems(shown, 'difference', [...names, ...RUNS.map(({ name, summary }) => `${name} ${summary}`)]),
      [],
    );
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
