import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { defaultDrawing } from '../../src/config/drawing.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { TabName } from '../../src/protocol/applicable.ts';
import { applicableTo } from '../../src/protocol/applicableTo.ts';
import { type RunAction, runState, type RunState } from '../../src/protocol/panel.ts';
import { describeThemes } from '../fixtures/panelPage/appearance.ts';
import { accessibilityProblems, chartColors, overflow, until } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { divergedRun, samples, startingRun, trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';
import { assertNames } from '../harness/facts.ts';
import { describeEmpty } from '../../webview/panel/describeRun.ts';
import { decodeAnimation } from '../harness/animations.ts';

/**
 * The panel's built page in a real browser, with its content security policy and a host that implements the protocol.
 */
describeInBrowser('the panel in a browser', bundlePanel, (pages) => {
  async function open(options: PageOptions = {}): Promise<PanelPage> {
    return PanelPage.open(pages, options);
  }

  const card = ({ page }: PanelPage, id: string) => page.locator(`[data-chart="${id}"]`);
  const tool = (within: Locator, name: 'log' | 'fit' | 'full' | 'table' | 'png' | 'svg' | 'csv' | 'picture') =>
    within.locator(`[data-tool=${name}]`);
  const action = ({ page }: PanelPage, name: RunAction) => page.locator(`.actions [data-action=${name}]`);
  const temperature = ({ page }: PanelPage) => page.locator('.temperature input[type=number]');
  const scheduled = applicableTo(parseRunConfig({ training: { schedule: 'cosine' } }));
  const speed = (shown: PanelPage) => card(shown, 'learningRate').locator('[data-shows=itemsPerSecond]');
  const plotOf = (within: Locator) => within.getByRole('slider');

  /** Exact numbers in the table of a chart. */
  async function table(within: Locator): Promise<(string | number | null)[][]> {
    return within.locator('.points').evaluate((region) => {
      interface Cell {
        querySelector(selector: string): { value: string } | null;
        textContent: string;
      }
      interface Region {
        querySelectorAll(selector: string): Iterable<{ cells: Iterable<Cell> }>;
      }
      const number = (cell: Cell) => {
        const data = cell.querySelector('data');
        if (!data) return Number(cell.textContent.replaceAll(',', ''));
        return data.value === '' ? '' : (JSON.parse(data.value) as number | null);
      };
      return [...(region as unknown as Region).querySelectorAll('tbody tr')].map((row) => [...row.cells].map(number));
    });
  }

  /** Runs in the states that look different. */
  const stages = {
    training: trainingRun(1480),
    completed: trainingRun(1480, { state: 'completed' }),
    diverged: divergedRun(),
    starting: startingRun,
  };

  describe('appearance', () => {
    describeThemes(open, stages, { folder: 'panel', widths: [300, 400, 900, 1400] });

    it('fits in a pseudo-locale, in which every text is translated', async () => {
      const shown = await open({ pseudo: true });
      const problems: string[] = [];
      for (const [name, run] of Object.entries(stages)) {
        await shown.showRun(run);
        if (name === 'training')
          for (const table of await shown.page.locator('[data-tool=table]:visible').all()) await table.click();
        problems.push(...(await pseudoProblems(shown, `panel-${name}`)));
      }
      assert.deepEqual(problems, []);
    });

    it('changes with the theme', async () => {
      const shown = await open();
      await shown.showRun(trainingRun());
      const before = await chartColors(shown, 'loss');
      await shown.page.evaluate(
        `document.documentElement.style.setProperty('--vscode-charts-blue', '#ff0000'); document.body.className = 'vscode-light';`,
      );
      await shown.idle();
      assert.ok((before['#3794ff'] ?? 0) > 50);
      assert.ok(((await chartColors(shown, 'loss'))['#ff0000'] ?? 0) > 50);
    });
  });

  describe('charts', () => {
    it('have a table with the exact points', async () => {
      const shown = await open();
      const run = trainingRun();
      await shown.showRun(run);
      await tool(card(shown, 'loss'), 'table').click();
      const rows = await table(card(shown, 'loss'));
      for (const [column, series] of (['trainLoss', 'validationLoss'] as const).entries()) {
        const points = rows.filter((row) => row[column + 1] !== '').flatMap((row) => [row[0], row[column + 1]]);
        assert.deepEqual(points, run.curves[series]?.points);
      }
      assert.ok(
        rows.some((row) => row[1] === null),
        'the value that is not finite is among them',
      );
    });

    it('apply changes, and update the open table', async () => {
      const shown = await open();
      await shown.showRun(startingRun);
      await shown.grow({ trainLoss: { keep: 0, points: [1, 4, 2, 3.9, 3, 3.8] } });
      await tool(card(shown, 'loss'), 'table').click();
      assert.deepEqual(await table(card(shown, 'loss')), [
        [1, 4, ''],
        [2, 3.9, ''],
        [3, 3.8, ''],
      ]);
      await shown.grow({
        trainLoss: { keep: 1, points: [4, 3.5] },
        validationLoss: { keep: 0, points: [4, null] },
      });
      await until(shown, `document.querySelectorAll('[data-chart="loss"] .points tbody tr').length === 2`);
      assert.deepEqual(await table(card(shown, 'loss')), [
        [1, 4, ''],
        [4, 3.5, null],
      ]);
    });

    it('show a single point', async () => {
      const shown = await open();
      await shown.showRun(startingRun);
      await shown.grow({ trainLoss: { keep: 0, points: [1, 4.1] } });
      await shown.idle();
      assert.ok(((await chartColors(shown, 'loss'))['#3794ff'] ?? 0) > 20);
    });

    it('explain why they are empty, and what is missing', async () => {
      const shown = await open();
      await shown.showRun(startingRun);
      const loss = card(shown, 'loss');
      assert.equal(await loss.locator('.empty').innerText(), describeEmpty('starting'));
      assert.ok(await tool(loss, 'png').isDisabled());
      await shown.showRun(trainingRun(10));
      assert.equal(await loss.locator('.empty').innerText(), '');
      assertNames(await loss.locator('.notes').innerText(), 50);
    });

    for (const values of [
      [0, 0],
      [-1, 0],
      [null, null],
      [0, null, 1e-320, 5, 1e300],
    ]) {
      it(`accept ${JSON.stringify(values)} on both kinds of axis`, async () => {
        const shown = await open();
        await shown.showRun(startingRun);
        await shown.grow({ gradientNorm: { keep: 0, points: values.flatMap((y, i) => [i + 1, y]) } });
        const norm = card(shown, 'gradientNorm');
        for (const press of ['full', 'log', 'full', 'log', 'fit'] as const) {
          await tool(norm, press).click();
          await shown.idle();
        }
        await plotOf(norm).focus();
        for (const key of ['End', 'ArrowLeft', '+', '-', 'Shift+ArrowUp', '0']) await plotOf(norm).press(key);
        await shown.idle();
        assert.deepEqual(shown.asked.reports, []);
      });
    }

    it('are read with the pointer and with the keyboard', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(400));
      const loss = card(shown, 'loss');
      await plotOf(loss).hover();
      assert.match(
        await loss.locator('.reading').innerText(),
        /^\D*\d+\s+\D+: [\d.]+ nats per character \(.* bits, .*\)/,
      );
      await plotOf(loss).press('End');
      const last = await plotOf(loss).getAttribute('aria-valuetext');
      assert.match(last ?? '', /\b400\b.* nats per character .* nats per character/);
      await plotOf(loss).press('ArrowLeft');
      assert.match((await plotOf(loss).getAttribute('aria-valuetext')) ?? '', /\b396\b/);
      await plotOf(loss).press('Escape');
      assert.ok(await loss.locator('.reading').isHidden());
    });

    it('zoom and pan the y axis alone', async () => {
      const shown = await open({ height: 600 });
      await shown.showRun(trainingRun(400));
      const loss = card(shown, 'loss');
      const box = await plotOf(loss).boundingBox();
      assert.ok(box);
      const pressed = (name: 'fit' | 'full') => tool(loss, name).getAttribute('aria-pressed');
      const { mouse } = shown.page;

      await mouse.move(box.x + 20, box.y + 100);
      await mouse.wheel(0, -300);
      assert.equal(await pressed('fit'), 'false', 'the wheel over the axis zooms');
      const zoomed = await savedRange(shown, 'loss');
      await mouse.down();
      await mouse.move(box.x + 20, box.y + 140);
      await mouse.up();
      const panned = await savedRange(shown, 'loss');
      assert.ok(panned.min > zoomed.min && panned.max > zoomed.max, 'dragging the axis down moves it up');

      await mouse.move(box.x + 200, box.y + 80);
      await mouse.down();
      await mouse.move(box.x + 260, box.y + 120);
      await mouse.up();
      const picked = await savedRange(shown, 'loss');
      assert.ok(picked.min > panned.min && picked.max < panned.max, 'dragging over the curves picks a part');

      await mouse.dblclick(box.x + 200, box.y + 80);
      assert.equal(await pressed('fit'), 'true', 'a double click fits');
      await mouse.wheel(0, 200);
      await until(shown, 'scrollY > 0');
      assert.equal(await pressed('fit'), 'true', 'a plain wheel over the curves scrolls the page');
      await tool(loss, 'full').click();
      assert.equal(await pressed('full'), 'true');
    });

    it('are saved as pictures and as CSV', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(150));
      for (const format of ['png', 'svg', 'csv'] as const) await tool(card(shown, 'loss'), format).click();
      await eventually(() => assert.deepEqual([shown.asked.files.length, shown.asked.csv], [2, 1]));
      const png = shown.asked.files.find(({ format }) => format === 'png');
      const svg = shown.asked.files.find(({ format }) => format === 'svg');
      assert.ok(png && svg);
      assertNames(png.name, 'hamlet.txt', 150);
      assert.deepEqual([...Buffer.from(png.content, 'base64').subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
      assert.equal(svg?.format, 'svg');
      const parsed = await shown.page.evaluate(
        `(() => { const svg = new DOMParser().parseFromString(${JSON.stringify(svg.content)}, 'image/svg+xml');
          return { errors: svg.querySelectorAll('parsererror').length, curves: svg.querySelectorAll('path').length }; })()`,
      );
      assert.deepEqual(parsed, { errors: 0, curves: 3 });
    });

    it('are animated through training at a size and length', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(150));
      await tool(card(shown, 'loss'), 'picture').click();
      const menu = card(shown, 'loss').locator('.picture-menu');
      for (const [i, value] of ['640', '360', '2'].entries()) await menu.locator('input').nth(i).fill(value);
      await menu.locator('[data-picture=animation]').click();
      await eventually(() => assert.equal(shown.asked.files.length, 1));
      const [file] = shown.asked.files;
      assertNames(file?.name ?? '', 'hamlet.txt', 150, '640x360');
      const { width, height, repetitions, milliseconds, hashes } = await decodeAnimation(
        shown.page,
        file?.content ?? '',
      );
      assert.deepEqual([width, height, repetitions], [640, 360, Infinity]);
      assert.equal(milliseconds.length, 30);
      assert.ok(Math.abs(milliseconds.reduce((sum, each) => sum + each, 0) - 2000) < 30, milliseconds.join());
      assert.equal(new Set(hashes).size, hashes.length);
    });

    it('draw once per frame, not while hidden, and not without changes', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(100));
      await shown.page.evaluate(`{
        globalThis.asked = 0;
        const original = requestAnimationFrame;
        globalThis.requestAnimationFrame = (run) => { globalThis.asked++; return original(run); };
        globalThis.hide = (hidden) => {
          Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        };
      }`);
      const framesAsked = () => shown.page.evaluate('globalThis.asked');
      await shown.idle();
      assert.equal(await framesAsked(), 0);

      const change = { keep: 100, points: [101, 2] };
      await shown.page.evaluate('globalThis.hide(true)');
      for (let i = 0; i < 5; i++) await shown.grow({ trainLoss: change });
      await shown.idle();
      assert.equal(await framesAsked(), 0, 'hidden');
      await shown.page.evaluate('globalThis.hide(false)');
      await shown.idle();
      assert.equal(await framesAsked(), 1, 'shown again');
    });

    it('share one slot: learning rate or speed', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(100, { applies: scheduled }));
      await speed(shown).click();
      assert.ok(await card(shown, 'learningRate').isHidden());
      assert.ok(await card(shown, 'itemsPerSecond').isVisible());
      await shown.idle();
      assert.ok(((await chartColors(shown, 'itemsPerSecond'))['#89d185'] ?? 0) > 50);
    });
  });

  describe('tabs', () => {
    const tab = ({ page }: PanelPage, name: string) => page.locator(`#tab-${name}`);
    const body = ({ page }: PanelPage, name: string) => page.locator(`#body-${name}`);
    const keysOf = (all: { getAttribute(name: string): string | null }[]) =>
      all.map((each) => each.getAttribute('data-metric'));
    const offered = async ({ page }: PanelPage) =>
      page.locator('[role=tab]:visible').evaluateAll((all) => all.map(({ id }) => id.replace('tab-', '')));

    it('are selected with pointer and keyboard, and reported to the host', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60));
      await tab(shown, 'gates').click();
      assert.ok(await body(shown, 'gates').isVisible());
      assert.equal(await shown.page.getByRole('tabpanel').count(), 1);
      await tab(shown, 'gates').press('ArrowRight');
      await tab(shown, 'explain').press('End');
      await tab(shown, 'compare').press('ArrowRight');
      await tab(shown, 'loss').press('ArrowLeft');
      await tab(shown, 'compare').press('Home');
      await shown.idle();
      assert.deepEqual(shown.asked.tabs, ['loss', 'gates', 'explain', 'compare', 'loss', 'compare', 'loss']);
      assert.equal(await tab(shown, 'loss').getAttribute('aria-selected'), 'true');
      assert.equal(await shown.page.evaluate('document.querySelectorAll("[role=tab][tabindex=\'0\']").length'), 1);
    });

    it('are selected by the host', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60));
      await shown.panel.openTab('compare');
      await shown.idle();
      assert.ok(await body(shown, 'compare').isVisible());
      assert.deepEqual(shown.asked.tabs, ['loss', 'compare']);
    });

    const ofTagger = applicableTo(parseRunConfig({ task: { name: 'tagging' }, model: { family: 'hidden-markov' } }));

    it('that do not apply to a run are absent, and the first tab of its task opens', async () => {
      const shown = await open({ width: 400 });
      const run = trainingRun(1, { applies: ofTagger, state: 'completed', steps: 5000 });
      await shown.showRun(run);
      assert.deepEqual(await offered(shown), ofTagger.tabs);
      assert.ok(await body(shown, 'results').isVisible());
      assert.equal(shown.asked.tabs.at(-1), 'results');
      await tab(shown, 'results').press('ArrowRight');
      await tab(shown, 'compare').press('ArrowRight');
      await shown.idle();
      assert.deepEqual(shown.asked.tabs.slice(-2), ['compare', 'loss']);
      const figures = await shown.page.locator('[data-metric]').evaluateAll(keysOf);
      assert.ok(figures.includes('trainLoss') && !figures.some((key) => /gradient|learningRate/i.test(key ?? '')));
      assert.equal(await shown.page.locator('[data-chart=gradientNorm]').count(), 0);
      assert.doesNotMatch(await shown.page.locator('.progress').innerText(), /5,000/);
      assert.equal(await shown.page.locator('.progress progress').getAttribute('value'), '1');
      assert.deepEqual(await accessibilityProblems(shown), []);
      assert.equal(await overflow(shown), 0);

      await shown.panel.openTab('gates');
      await shown.idle();
      assert.ok(await body(shown, 'loss').isVisible(), 'a tab that does not apply stays closed');
      await shown.showRun({ ...run, view: { ...run.view, id: 'another' } });
      assert.ok(await body(shown, 'loss').isVisible(), 'the selected tab stays');
      await shown.showRun(trainingRun(60));
      const { applies } = trainingRun(60).view;
      assert.deepEqual(await offered(shown), applies.tabs);
    });

    it('are restored after a reload, and draw their curves when they become visible', async () => {
      const shown: PanelPage = await open();
      const run = trainingRun(200);
      await shown.showRun(run);
      await tab(shown, 'compare').click();
      await shown.page.reload();
      await shown.idle();
      await shown.showRun(run);
      assert.deepEqual(shown.asked.tabs, ['loss', 'compare', 'compare']);
      assert.ok(await body(shown, 'compare').isVisible());
      await tab(shown, 'loss').click();
      await shown.idle();
      await shown.idle();
      assert.ok(((await chartColors(shown, 'loss'))['#3794ff'] ?? 0) > 50);
    });
  });

  describe('the run', () => {
    const afterTraining: RunAction[] = [
      'trainAgain',
      'generate',
      'compare',
      'runAgain',
      'copyConfiguration',
      'exportPage',
      'reveal',
    ];
    const expected: Record<RunState, RunAction[]> = {
      waiting: ['trainNext', 'leaveQueue'],
      starting: ['stop'],
      running: ['pause', 'stop'],
      paused: ['unpause', 'stop'],
      completed: ['resume', ...afterTraining],
      stopped: ['resume', ...afterTraining],
      diverged: ['resumeWithHalfLearningRate', 'resumeWithClipping', ...afterTraining],
      failed: [
        'resume',
        'resumeOnBundledBackend',
        'resumeWithHalfLearningRate',
        'resumeWithClipping',
        ...afterTraining,
      ],
      interrupted: ['resume', 'resumeOnBundledBackend', ...afterTraining],
      imported: ['generate', 'compare', 'copyConfiguration', 'exportPage', 'reveal'],
    };

    it('in the queue shows its place, and trains next unless it is the first one', async () => {
      const shown = await open();
      const buttons = async () =>
        shown.page
          .locator('.actions [data-action]')
          .evaluateAll((all) => all.map((each) => each.getAttribute('data-action')));
      for (const until of ['slot', 'continued', 'end'] as const) {
        await shown.showRun(trainingRun(0, { state: 'waiting', waits: { place: 3, until, run: 'GRU 1x100' } }));
        assert.match(await shown.page.locator('.progress-label').innerText(), until === 'end' ? /3.*GRU 1x100/ : /3/);
        assert.deepEqual(await buttons(), ['trainNext', 'leaveQueue']);
      }
      await shown.showRun(trainingRun(0, { state: 'waiting', waits: { place: 1, until: 'slot', run: '' } }));
      assert.deepEqual(await buttons(), ['leaveQueue']);
      assert.ok(await shown.page.locator('.sampling button[type=submit]').isDisabled());
      await shown.page.locator('.actions [data-action=leaveQueue]').click();
      await shown.idle();
      assert.deepEqual(shown.asked.actions, ['leaveQueue']);
    });

    it('has the buttons of its state', async () => {
      const shown = await open();
      for (const state of runState.options) {
        await shown.showRun(trainingRun(60, { state }));
        const buttons = await shown.page
          .locator('.actions [data-action]')
          .evaluateAll((all) => all.map((each) => each.getAttribute('data-action')));
        assert.deepEqual(buttons, expected[state], state);
      }
    });

    it('runs an action once, and shows the error of the host', async () => {
      const refusals: (() => void)[] = [];
      const shown = await open({
        answersLate: true,
        act: () => new Promise((_, reject) => refusals.push(() => reject(new Error('The trainer is gone.')))),
      });
      await shown.showRun(trainingRun(60));
      const pause = action(shown, 'pause');
      await pause.click();
      await pause.click({ force: true });
      assert.deepEqual(shown.asked.actions, ['pause']);
      refusals[0]?.();
      const alert = shown.page.getByRole('alert').filter({ hasText: 'The trainer is gone.' });
      await alert.waitFor();
      await alert.getByRole('button').click();
      assert.ok(await alert.isHidden());
      await pause.click();
      assert.equal(shown.asked.actions.length, 2);
    });

    it('has a menu of further actions, which Escape closes and the keyboard opens', async () => {
      const shown = await open({ width: 400 });
      await shown.showRun(trainingRun(60, { state: 'completed' }));
      const more = shown.page.locator('.actions .more');
      const isOpen = async () => (await more.getAttribute('aria-expanded')) === 'true';
      assert.ok(await action(shown, 'copyConfiguration').isHidden());
      await more.focus();
      await shown.page.keyboard.press('Enter');
      await action(shown, 'copyConfiguration').waitFor();
      assert.ok(await isOpen());
      assert.deepEqual(await accessibilityProblems(shown), []);
      const box = await shown.page.locator('.popover.menu').boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= 400);
      await shown.page.keyboard.press('Escape');
      assert.ok(!(await isOpen()));
      assert.ok(await more.evaluate((button) => button === button.ownerDocument.activeElement));
      await more.click();
      await action(shown, 'copyConfiguration').click();
      assert.deepEqual(shown.asked.actions, ['copyConfiguration']);
      assert.ok(!(await isOpen()));
    });

    it('keeps the focus in the action bar when its state changes', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60));
      await action(shown, 'pause').focus();
      await shown.panel.update(trainingRun(60, { state: 'paused' }).view);
      await shown.idle();
      assert.equal(await shown.page.evaluate('document.activeElement.dataset.action'), 'unpause');
    });

    it('adds the tabs and metrics that a program logs after the panel was opened, and keeps the selected tab', async () => {
      const shown = await open();
      const run = trainingRun(100);
      const { applies } = run.view;
      const tab = (name: TabName) => shown.page.locator(`#tab-${name}`);
      const early = { ...applies, tabs: ['loss', 'compare'] as TabName[], metrics: ['trainLoss' as const] };
      const { gradientNorm, ...curves } = run.curves;
      assert.ok(gradientNorm);
      await shown.showRun({ ...run, view: { ...run.view, applies: early }, curves });
      assert.deepEqual([await tab('gates').isVisible(), await tab('gradients').isVisible()], [false, false]);
      assert.equal(await card(shown, 'gradientNorm').count(), 0);

      await tab('compare').click();
      await shown.panel.update(run.view);
      await shown.grow({ gradientNorm });
      await shown.idle();
      for (const name of applies.tabs) assert.ok(await tab(name).isVisible(), name);
      assert.equal(await tab('compare').getAttribute('aria-selected'), 'true');
      await tab('loss').click();
      await tool(card(shown, 'gradientNorm'), 'table').click();
      const norms = (await table(card(shown, 'gradientNorm'))).map(([step, norm]) => [step, norm]);
      assert.deepEqual(norms.flat(), gradientNorm.points);
      await tool(card(shown, 'loss'), 'table').click();
      assert.ok((await table(card(shown, 'loss'))).length > 0, 'the curve that was known is still drawn');

      await tab('gates').click();
      await shown.panel.update({ ...run.view, applies: early });
      await shown.idle();
      assert.equal(await tab('loss').getAttribute('aria-selected'), 'true', 'a tab that no longer applies is left');
    });

    it('shows its figures in all three forms, and its time left', async () => {
      const shown = await open();
      const run = trainingRun(100);
      const { validationLoss, ...latest } = run.progress.latest;
      assert.ok(validationLoss);
      await shown.showRun({ ...run, progress: { ...run.progress, latest: { ...latest, trainLoss: Math.log(8) } } });
      const training = shown.page.locator('[data-metric="trainLoss"] dd');
      assert.equal(await training.innerText(), '2.079');
      assertNames((await training.getAttribute('title')) ?? '', 'nats per character', '3.000', '8.00');
      for (const key of ['validationLoss', 'validationBits', 'validationPerplexity'])
        assert.equal(await shown.page.locator(`[data-metric="${key}"] dd`).innerText(), '\u2013');
      assertNames(await shown.page.locator('.progress').innerText(), 100, '2,000', '25 s');
      assertNames(await shown.page.locator('.details summary').innerText(), 'CPU', 2, 'tensorflow');
    });

    it('shows the loss curve in the first half of a window, and its figures in one row', async () => {
      const shown = await open({ width: 700, height: 900 });
      await shown.showRun(trainingRun(1480));
      await shown.idle();
      const plot = await card(shown, 'loss').locator('.plot').boundingBox();
      assert.ok(plot && plot.y < 320 && plot.y + plot.height < 900, JSON.stringify(plot));
      const figures = await shown.page.locator('.figures dd').all();
      const tops = await Promise.all(figures.map(async (figure) => (await figure.boundingBox())?.y));
      assert.equal(new Set(tops).size, 1);
    });

    it('distinguishes a value that is not finite from a missing one', async () => {
      const shown = await open();
      await shown.showRun(divergedRun());
      const figure = (key: string) => shown.page.locator(`[data-metric="${key}"] dd`);
      assert.doesNotMatch(await figure('trainLoss').innerText(), /\d|\u2013|^$/);
      assert.equal(await figure('validationLoss').innerText(), '\u2013');
      const alert = shown.page.getByRole('alert').filter({ hasText: 'lstm_1/recurrentKernel' });
      assert.ok(await alert.isVisible());
      assertNames(await shown.page.locator('.notices').innerText(), ...divergedRun().view.notices);
    });

    it('compares each validation to the baselines', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60));
      const verdict = card(shown, 'loss').getByRole('status');
      await shown.grow({ validationLoss: { keep: 1, points: [100, 2.31] } });
      await shown.idle();
      assertNames(await verdict.innerText(), 100, '2.310', 'bigram', 2.45);
    });

    it('may be missing', async () => {
      const shown = await open();
      await shown.panel.show(null);
      await shown.idle();
      assertNames(await shown.page.locator('body').innerText(), 'Train LSTM on file');
    });
  });

  describe('samples', () => {
    it('are shown as plain text, newest first, with the prompt highlighted', async () => {
      const shown = await open();
      await shown.showRun(trainingRun());
      const written = shown.page.locator('.loss .samples pre');
      const texts = await written.evaluateAll((all) =>
        all.map((one) => (one as unknown as { textContent: string }).textContent),
      );
      assert.deepEqual(texts, samples.map(({ prompt, text }) => prompt + text).reverse());
      assert.equal(await shown.page.locator('.samples b, .samples img').count(), 0);
      assert.deepEqual(await shown.page.locator('.loss .samples mark').allTextContents(), [
        'To be, or ',
        'caf\u00e9 \u{1F642} ',
        'HAMLET.\n',
      ]);
    });

    it('are bounded in number', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(10));
      await shown.panel.samples(
        Array.from({ length: 70 }, (_, i) => ({ step: i, prompt: '', temperature: 1, text: `sample ${i}` })),
      );
      await shown.panel.samples([{ step: 70, prompt: '', temperature: 1, text: 'sample 70' }]);
      await shown.idle();
      const texts = await shown.page.locator('.loss .samples pre').allInnerTexts();
      assert.equal(texts.length, 50);
      assert.equal(texts[0], 'sample 70');
    });

    it('are requested with temperature and prompt', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60));
      await shown.page.locator('#prompt').fill('To be');
      await shown.page.locator('.sampling button[type=submit]').click();
      await shown.page.locator('#temperature').press('ArrowRight');
      await temperature(shown).fill('3');
      await temperature(shown).press('Enter');
      await shown.idle();
      assert.deepEqual(shown.asked.samples, [
        { temperature: 0.8, prompt: 'To be' },
        { temperature: 0.85, prompt: 'To be' },
        { temperature: 3, prompt: 'To be' },
      ]);
    });

    it('are requested in the tab "Generate" once the run has ended', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60, { state: 'completed' }));
      assert.ok(await shown.page.locator('.sampling fieldset').isHidden());
      await shown.page.locator('.sampling .link').click();
      await shown.idle();
      assert.deepEqual(shown.asked.actions, ['generate']);
      await shown.showRun(trainingRun(60, { state: 'starting' }));
      assert.ok(await shown.page.locator('.sampling button[type=submit]').isDisabled());
      assert.notEqual(await shown.page.locator('.sampling .reason').innerText(), '');
    });

    it('restores all settings, and reports the run to the host', async () => {
      const run = trainingRun(400, { applies: scheduled });
      const shown: PanelPage = await open({ height: 600 });
      await shown.showRun(run);
      await card(shown, 'loss').locator('.tools > select').selectOption('100');
      await tool(card(shown, 'loss'), 'log').click();
      await tool(card(shown, 'loss'), 'full').click();
      await tool(card(shown, 'gradientNorm'), 'table').click();
      await speed(shown).click();
      await shown.page.locator('#prompt').fill('HAMLET.');
      await temperature(shown).fill('1.3');
      await shown.page.evaluate('scrollTo(0, 300)');
      await until(shown, `JSON.parse(sessionStorage.getItem('state')).scroll === 300`);

      await shown.page.reload();
      await shown.idle();
      assert.deepEqual(shown.asked.ready, [null, run.view.id]);
      await shown.showRun(run);
      assert.equal(await card(shown, 'loss').locator('.tools > select').inputValue(), '100');
      assert.equal(await tool(card(shown, 'loss'), 'log').getAttribute('aria-pressed'), 'true');
      assert.equal(await tool(card(shown, 'loss'), 'full').getAttribute('aria-pressed'), 'true');
      assert.ok(await card(shown, 'gradientNorm').locator('.points').isVisible());
      assert.ok(await card(shown, 'itemsPerSecond').isVisible());
      assert.equal(await shown.page.locator('#prompt').inputValue(), 'HAMLET.');
      assert.equal(await temperature(shown).inputValue(), '1.3');
      assert.equal(await shown.page.evaluate('scrollY'), 300);
    });

    it('shows the prompt of another run', async () => {
      const shown = await open();
      await shown.showRun(trainingRun(60));
      await shown.page.locator('#prompt').fill('mine');
      await shown.showRun(trainingRun(60, { id: 'another', sampling: { ...defaultDrawing, prompt: 'theirs' } }));
      assert.equal(await shown.page.locator('#prompt').inputValue(), 'theirs');
    });
  });

  describe('errors', () => {
    it("of the panel are shown and sent to the host's log", async () => {
      const shown = await open();
      await shown.showRun(trainingRun(10));
      await shown.grow({ trainLoss: { keep: 999, points: [] } });
      await shown.page.getByRole('alert').filter({ hasText: '999' }).waitFor();
      assert.match(shown.asked.reports.join(), /RangeError: .*\b999\b.*\b10\b/);
    });

    it('that are uncaught are shown, too', async () => {
      const shown = await open();
      await shown.page.evaluate(
        `setTimeout(() => { throw new Error('thrown') }); void Promise.reject(new Error('rejected'));`,
      );
      await until(shown, `/thrown|rejected/.test(document.querySelector('[role=alert]').textContent)`);
      await shown.idle();
      const reports = shown.asked.reports.join();
      assert.match(reports, /Error: rejected/);
      assert.match(reports, /Error: thrown/);
      shown.forgive();
    });
  });
});

/** Range that a y axis is zoomed to, as the panel has stored it. */
async function savedRange({ page }: PanelPage, id: string): Promise<{ min: number; max: number }> {
  const range = await page.evaluate(`JSON.parse(sessionStorage.getItem('state')).charts[${JSON.stringify(id)}].range`);
  assert.ok(typeof range === 'object');
  return range as { min: number; max: number };
}
