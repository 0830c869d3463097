import assert from 'node:assert/strict';
import { parseRunConfig } from '../../src/config/parse.ts';
import { applicableTo } from '../../src/protocol/applicableTo.ts';
import type { Report } from '../../src/protocol/report.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { phrase } from '../../src/phrases/phrase.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { assertNames } from '../harness/facts.ts';
import { forecastAfterTheData } from '../harness/forecastBlock.ts';
import { takePicture } from '../harness/pictures.ts';

const applies = applicableTo(parseRunConfig({ task: { name: 'classification' } }));

const LANGUAGES = [
  'Arabic',
  'Chinese',
  'Czech',
  'Dutch',
  'English',
  'French',
  'German',
  'Greek',
  'Irish',
  'Italian',
  'Japanese',
  'Korean',
  'Polish',
  'Portuguese',
  'Russian',
  'Scottish',
  'Spanish',
  'Vietnamese',
];
const TAGS = ['DET', 'NOUN', 'VERB', 'ADJ', 'ADP', 'PRON', 'PUNCT'];

/** Synthetic report with a block of every kind, in realistic sizes. */
const REPORT: Report = {
  step: 1200,
  blocks: [
    {
      kind: 'table',
      title: 'Classes',
      columns: [phrase('class'), phrase('texts'), phrase('precision'), phrase('recall'), 'F1'],
      rows: LANGUAGES.slice(0, 6).map((name, i) => [name, 100 + i, 0.8 + i / 100, 0.7, 0.75]),
      note: phrase(
        'Mean over the classes of F1, the harmonic mean of precision (how many answers of a class are right) and recall (how much of the class is found). Every class counts equally, however rare it is.',
      ),
    },
    {
      kind: 'table',
      title: phrase('Validation texts'),
      columns: [phrase('text'), phrase('true class'), phrase('predicted class'), phrase('probability'), ''],
      rows: [
        [
          '<b>never</b> markup, and a sentence that is long enough to need a second line on a narrow panel',
          'Irish',
          'Scottish',
          0.51,
          phrase('wrong'),
        ],
      ],
      note: phrase('Texts to whose true class the model gave the lowest probability.'),
    },
    {
      kind: 'confusion',
      title: phrase('Confusion matrix'),
      rowAxis: phrase('true class'),
      columnAxis: phrase('predicted class'),
      classes: LANGUAGES,
      counts: LANGUAGES.flatMap((name, i) =>
        LANGUAGES.map((_, j) => (name === 'Russian' ? 40 : 1) * (i === j ? 60 + i : (i * 7 + j * 3) % 11)),
      ),
      unit: phrase('texts'),
      note: phrase(
        'Number of validation items of each true class (rows) that got each answer (columns). Right answers are on the diagonal.',
      ),
    },
    {
      kind: 'forecast',
      title: phrase('Forecast of {0} after the last row', 'load'),
      column: 'load',
      unit: 'MW',
      firstRow: 101,
      truth: Array.from({ length: 72 }, (_, t) => 50 + 10 * Math.sin((2 * Math.PI * t) / 24)),
      times: Array.from({ length: 96 }, (_, t) =>
        new Date(Date.UTC(2023, 0, 5, t)).toISOString().slice(0, 16).replace('T', ' '),
      ),
      horizon: 24,
      season: 24,
      interval: [0.1, 0.9],
      origins: [
        {
          at: 71,
          values: Array.from({ length: 24 }, (_, t) => 50 + 10 * Math.sin((2 * Math.PI * t) / 24)),
          low: Array.from({ length: 24 }, (_, t) => 48 - t / 8 + 10 * Math.sin((2 * Math.PI * t) / 24)),
          high: Array.from({ length: 24 }, (_, t) => 52 + t / 8 + 10 * Math.sin((2 * Math.PI * t) / 24)),
        },
      ],
      note: phrase('The interval is from quantile {0} to {1}, as the model has learned them.', 0.1, 0.9),
    },
    {
      kind: 'forecast',
      title: phrase('Forecasts of {0}', 'tide'),
      column: 'tide',
      firstRow: 1561,
      truth: Array.from({ length: 440 }, (_, t) => 3 + 2 * Math.sin(t / 8)),
      horizon: 5,
      season: 50,
      origins: Array.from({ length: 40 }, (_, i) => ({
        at: 49 + 10 * i,
        values: Array.from({ length: 120 }, (__, k) => 3 + 2 * Math.exp(-k / 60) * Math.sin((50 + 10 * i + k) / 8)),
      })),
      errors: {
        model: [0.05, 0.08, 0.11, 0.14, 0.17],
        lastValue: [0.2, 0.4, 0.6, 0.8, 1],
        season: [0.3, 0.31, 0.32, 0.33, 0.34],
        mean: [1.4, 1.4, 1.41, 1.41, 1.41],
      },
      note: '',
    },
    {
      kind: 'matrix',
      title: phrase('Trellis'),
      rowAxis: phrase('tag'),
      columnAxis: phrase('word'),
      rows: TAGS,
      columns: ['the', 'old', 'man', 'the', 'boats', '.'],
      values: TAGS.flatMap((_, i) => [0, 1, 2, 3, 4, 5].map((j) => ((i + j) % 4) / 4)),
      unit: phrase('probability'),
      path: [0, 1, 2, 0, 1, 6],
      note: phrase('Viterbi path'),
    },
    {
      kind: 'graph',
      title: phrase('States'),
      nodes: TAGS.map((name, i) => ({
        name,
        note: phrase('begins a sentence with probability {0}', (i / 20).toFixed(2)),
      })),
      edges: TAGS.flatMap((_, i) => TAGS.map((__, j) => ({ from: i, to: j, weight: ((i * 5 + j * 3) % 7) / 21 }))),
      note: phrase('Each state is a tag. Arrows show transition probabilities of at least {0}.', 0.05),
    },
  ],
};

/** The tab "Results" in a real browser. */
describeInBrowser('the results in the panel', bundlePanel, (pages) => {
  async function open(report: Report | null, options: PageOptions = {}): Promise<PanelPage> {
    const shown = await PanelPage.open(pages, options);
    await shown.showRun(trainingRun(400, { applies }));
    await shown.panel.openTab('results');
    await shown.panel.results(report);
    await shown.idle();
    await shown.idle();
    return shown;
  }

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`render in the theme ${theme}, are accessible and do not overflow`, async () => {
      const shown = await open(REPORT, { theme });
      for (const width of [300, 900, 1400]) {
        await shown.page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        assert.equal(await overflow(shown), 0, `at ${width} px`);
        await takePicture(shown.page, `results/${theme}-${width}.png`);
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('fit in a pseudo-locale, in which every text is translated', async () => {
    const shown = await open(REPORT, { pseudo: true });
    await shown.page.locator('.details summary').click();
    const problems = await pseudoProblems(shown, 'results', ['Classes', 'tide', 'load', 'MW', ...LANGUAGES]);
    const empty = await open(null, { pseudo: true });
    assert.deepEqual([...problems, ...(await pseudoProblems(empty, 'results-empty'))], []);
  });

  it('are below a header that lists the layers of the model', async () => {
    const shown = await open(null);
    await shown.page.locator('.details summary').click();
    assert.match(await shown.page.locator('.details pre').innerText(), /lstm_1 {2}\[batch, timeSteps, 100\]/);
    assert.deepEqual(await accessibilityProblems(shown), []);
    assert.equal(await overflow(shown), 0);
  });

  it('explain what is shown, and when', async () => {
    const shown = await open(null);
    assert.match(await shown.page.locator('.results > .empty-tab').innerText(), /\b50\b/);
    assert.deepEqual(await accessibilityProblems(shown), []);
    await shown.panel.show({ ...trainingRun(400).view, applies, state: 'completed' });
    await shown.idle();
    assert.doesNotMatch(await shown.page.locator('.results > .empty-tab').innerText(), /\d|^$/);
  });

  it('show text of a report as text, in tables that can be saved', async () => {
    const shown = await open(REPORT);
    assert.equal(await shown.page.locator('.results b').count(), 0);
    assertNames(await shown.page.locator('.results > .about').innerText(), '1,200');
    await shown.page.locator('section[aria-label=Classes] [data-tool=csv]').click();
    await shown.idle();
    assert.match(shown.asked.files[0]?.content ?? '', /^class,texts,precision,recall,F1\nArabic,100,0\.8,0\.7,0\.75\n/);
  });

  it('read a matrix with the keyboard, including marked cells', async () => {
    const shown = await open(REPORT);
    const map = shown.page.getByRole('application', { name: 'Trellis' });
    await map.focus();
    await map.press('ArrowDown');
    await map.press('ArrowRight');
    await map.press('ArrowDown');
    await shown.idle();
    const said = await shown.page.getByRole('region', { name: 'Trellis', exact: true }).getByRole('status').innerText();
    assert.match(said, /^tag NOUN, word old, 0\.5, ./);
  });

  it('read a confusion matrix with share, count, recall and precision, and color it by count on request', async () => {
    const shown = await open(REPORT);
    const block = shown.page.getByRole('region', { name: 'Confusion matrix', exact: true });
    const map = block.getByRole('application');
    await map.focus();
    await map.press('ArrowRight');
    await map.press('ArrowRight');
    await shown.idle();
    assert.match(
      await block.getByRole('status').innerText(),
      /^true class Arabic, predicted class Chinese, 3 \(2\.\d %\), 3 of \d+ texts of Arabic, .*%, .*%$/,
    );
    const canvas = block.locator('.map > canvas');
    const byShare = await canvas.screenshot();
    const count = block.locator('[data-mode=count]');
    await count.focus();
    await count.press('Enter');
    await shown.idle();
    assert.equal(await count.getAttribute('aria-pressed'), 'true');
    assert.ok(!byShare.equals(await canvas.screenshot()));
  });

  it('draw forecasts over the truth from an origin that the keyboard moves', async () => {
    const shown = await open(REPORT);
    const block = shown.page.getByRole('region', { name: 'Forecasts of tide', exact: true });
    const origin = block.locator('input[type=range]');
    const status = block.locator('p.verdict[role=status]');
    const first = await status.innerText();
    assertNames(first, '1,990', 5);
    await origin.focus();
    await origin.press('Home');
    assertNames(await status.innerText(), '1,610');
    assertNames((await origin.getAttribute('aria-valuetext')) ?? '', '1,610');
    await shown.idle();
    const plot = block.locator('[data-chart=forecast] .plot');
    assert.deepEqual(
      [await plot.getAttribute('aria-valuemin'), await plot.getAttribute('aria-valuemax')],
      ['1570', '1630'],
    );
    await block.getByRole('button', { name: 'Continue from Forecasts' }).press('Enter');
    assertNames(await status.innerText(), 120);
    await shown.idle();
    assert.equal(await plot.getAttribute('aria-valuemax'), '1730');
    await block.getByRole('button', { name: 'Show All Rows' }).press('Enter');
    await shown.idle();
    assert.equal(await plot.getAttribute('aria-valuemin'), '1561');
    await plot.focus();
    await plot.press('Home');
    for (let i = 0; i < 60; i++) await plot.press('ArrowRight');
    assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^Row 1,\d{3}, .*\d, .*\d, .*\d$/);
  });

  for (const theme of ['dark', 'light'] as const) {
    it(`draw the forecast after the last row with its dates and interval in the ${theme} theme`, async () => {
      const shown = await open(REPORT, { theme });
      const block = forecastAfterTheData(shown.page);
      assertNames(
        await block.locator('p.verdict[role=status]').innerText(),
        24,
        '2023-01-08 00:00',
        '2023-01-08 23:00',
      );
      assert.equal(await block.locator('input[type=range]').isVisible(), false);
      assert.equal(await block.locator('[data-chart=forecastErrors]').count(), 0);
      const plot = block.locator('[data-chart=forecast] .plot');
      await shown.idle();
      const drawn = await plot.screenshot();
      await plot.focus();
      await plot.press('End');
      assertNames((await plot.getAttribute('aria-valuetext')) ?? '', '2023-01-08 23:00', 196);
      // The same forecast without its interval is another picture.
      const blocks = REPORT.blocks.map((each) =>
        each.kind === 'forecast' && !each.errors
          ? { ...each, origins: each.origins.map(({ at, values }) => ({ at, values })) }
          : each,
      );
      await plot.blur();
      await shown.panel.results({ ...REPORT, blocks });
      await shown.idle();
      assert.ok(!drawn.equals(await block.locator('[data-chart=forecast] .plot').screenshot()));
    });
  }

  it('keep the cursor of a map for the next report', async () => {
    const shown = await open(REPORT);
    const map = shown.page.getByRole('application', { name: 'Confusion matrix' });
    await map.focus();
    await map.press('End');
    await shown.panel.results({ ...REPORT, step: 1300 });
    await shown.idle();
    assert.equal(await shown.page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Confusion matrix');
    assert.match(await map.innerText(), /texts of the class/);
  });

  it('hide faint arrows of a diagram, but not in its table', async () => {
    const shown = await open(REPORT);
    const states = shown.page.getByRole('region', { name: 'States', exact: true });
    const arrows = async () => states.locator('.arrow').count();
    const before = await arrows();
    await states.getByRole('slider').fill('0.25');
    assert.ok((await arrows()) < before);
    assert.equal(await states.locator('tbody tr').count(), 49);
  });
});
