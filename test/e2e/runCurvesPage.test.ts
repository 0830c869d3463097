import assert from 'node:assert/strict';
import type { ComparedRun, ProbedRun } from '../../src/protocol/comparison.ts';
import { measuredMetrics } from '../../src/protocol/metrics.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import {
  type RemoteRunsPage,
  runsLayout,
  runsPageContract,
  runsPageHostContract,
} from '../../src/protocol/runsPage.ts';
import { Series } from '../../src/runs/series/series.ts';
import { timedCurve } from '../../src/runs/series/timedCurve.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { madeUpRows } from '../fixtures/panelPage/runRows.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { formatFrameCosts, FRAME_CATEGORIES, frameCosts, type TraceEvent } from '../harness/frameCosts.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';
import { eventually } from '../harness/until.ts';

const RUNS = 36;

interface Options extends WebviewOptions {
  /** Steps of each run. */
  readonly steps?: number;
  /** Number of runs. */
  readonly count?: number;
}

/** The plots below the table of runs in a real browser, with a host that keeps made-up runs. */
describeInBrowser(
  'the plots of the page of the runs',
  () => bundlePage('webview/runs/main.ts', 'webview/runs/runs.css'),
  (pages) => {
    async function open({ steps = 2000, count = RUNS, ...options }: Options = {}) {
      const web = await WebviewPage.in(pages, { width: 1400, height: 1000, ...options });
      const all = madeUpRows(count);
      const probedAt: (number | null)[] = [];
      const saved: string[] = [];
      let chosen: string[] = [];
      const sendProbes = (step: number | null) => remote.comparedProbes(chosen.map((id, i) => probesOf(id, i, step)));
      const remote: RemoteRunsPage = web.connect({
        serves: runsPageHostContract,
        functions: {
          ready: async () => {
            await remote.begin({ layout: runsLayout.parse({}), canExport: true });
            await remote.rows({ changed: all, removed: [], isComplete: true });
          },
          keepLayout: () => undefined,
          annotate: () => undefined,
          openRun: () => undefined,
          openComparison: () => undefined,
          exportRuns: () => undefined,
          exportPage: () => undefined,
          trashRuns: () => ({ trashed: [], failed: [] }),
          restoreRuns: () => undefined,
          compare: async (ids) => {
            chosen = ids ?? [];
            const rows = all.filter(({ id }) => chosen.includes(id));
            await remote.comparable({ runs: rows.map(comparable), chosen, ranking: [] });
            for (const id of chosen)
              await remote.compared(
                curvesOf(
                  id,
                  all.findIndex((row) => row.id === id),
                  steps,
                ),
              );
            await sendProbes(null);
          },
          compareProbesAt: async (step) => {
            probedAt.push(step);
            await sendProbes(step);
          },
          saveFile: ({ content }) => void saved.push(content),
          report: ({ message }) => assert.fail(message),
        },
        calls: runsPageContract,
      });
      await web.open(options);
      await web.page.locator('.rows .row').first().waitFor();
      await web.idle();
      const { page } = web;
      /** Selects the first runs of the table. */
      const select = async (count: number) => {
        await page.locator('.rows .row').first().click();
        for (let i = 1; i < count; i++) await page.keyboard.press('Shift+ArrowDown');
        await web.idle();
      };
      const selectAll = async () => {
        await page.locator('.rows .row').first().click();
        await page.keyboard.press('Control+a');
        await web.idle();
      };
      const show = async (plot: string) => {
        await page.locator(`[data-plot=${plot}]`).click();
        await web.idle();
      };
      const selected = async () =>
        page.evaluate<string[]>(
          `[...document.querySelectorAll('.rows [aria-selected=true]')].map((each) => each.dataset.id)`,
        );
      const picture = (name: string) => takePicture(page, `runs/plots-${name}.png`, { fullPage: false });
      return { web, page, all, select, selectAll, show, selected, picture, probedAt, saved };
    }

    it('draws the chosen metrics over the chosen axis, isolates a run, and remembers the axes', async () => {
      const { web, page, select, picture } = await open();
      await select(4);
      const charts = page.locator('.curves-plot [data-chart]');
      assert.equal(await charts.count(), 1);
      await page.locator('[data-metric=gradientNorm]').click();
      await page.locator('#plot-x').selectOption('item');
      await web.idle();
      assert.equal(await charts.count(), 2);
      const entries = page.locator('.curve-legend .tool');
      assert.equal(await entries.count(), 4);
      await picture('curves');
      await entries.nth(1).click();
      await web.idle();
      assert.equal(await page.locator('.curve-legend .off').count(), 3);
      assert.equal(await entries.nth(1).getAttribute('aria-pressed'), 'true');
      const heads = page.locator('[data-chart=runs-validationLoss] .points thead th');
      assert.equal(await heads.count(), 2, 'the table has the isolated run only');
      await entries.nth(1).click();
      await web.idle();
      assert.equal(await heads.count(), 5);
      await page.reload();
      await page.locator('.rows .row').first().waitFor();
      await select(2);
      assert.equal(await charts.count(), 2);
      assert.equal(await page.locator('#plot-x').inputValue(), 'item');
    });

    it('names the run at the pointer, and isolates it by a click on its curve', async () => {
      const { web, page, select } = await open();
      await select(3);
      const box = await page.locator('[data-chart=runs-validationLoss] canvas').boundingBox();
      assert.ok(box);
      // The lowest of the curves is at the bottom of the chart, the highest at its top.
      const x = box.x + box.width / 2;
      const nearest = page.locator('[data-chart=runs-validationLoss] .reading .nearest');
      const labels = new Set<string>();
      let found = 0;
      for (let y = box.y + box.height - 30; y > box.y && found === 0; y -= 6) {
        await page.mouse.move(x, y);
        await web.idle();
        labels.add(await nearest.innerText());
        await page.mouse.click(x, y);
        await web.idle();
        found = await page.locator('.curve-legend .off').count();
      }
      assert.equal(found, 2);
      assert.ok(labels.size > 0);
    });

    it('tells curves of one color apart by their dash, in the table as in the legend', async () => {
      const { page, select, selectAll, show, picture } = await open();
      const marks = async (of: string) =>
        page.evaluate<string[]>(
          `[...document.querySelectorAll(${JSON.stringify(of)})].map((mark) =>
            getComputedStyle(mark).color + ' ' + mark.firstElementChild.getAttribute('stroke-dasharray'))`,
        );
      await selectAll();
      const legend = await marks('.curve-legend .swatch');
      assert.equal(legend.length, 24);
      assert.equal(new Set(legend).size, 24, 'two of the curves look alike');
      assert.ok(new Set(legend.map((each) => each.replace(/\).*/, ''))).size <= 12, 'no color is used twice');
      const table = await marks('.rows [data-column=color] .swatch');
      assert.ok(table.length > 4, `${table.length} of ${await page.locator('.rows [data-column=color]').count()}`);
      assert.deepEqual(table, legend.slice(0, table.length));
      await picture('dashes');
      await select(2);
      assert.equal((await marks('.rows [data-column=color] .swatch')).length, 2);
      await show('scatter');
      assert.equal((await marks('.rows [data-column=color] .swatch')).length, 0);
    });

    it('draws seeds as their mean with a band', async () => {
      const { web, page, selectAll, picture } = await open();
      await selectAll();
      assert.equal(await page.locator('.curve-legend .tool').count(), 24);
      await page.locator('#plot-seeds').check();
      await web.idle();
      const entries = await page.locator('.curve-legend .tool').allInnerTexts();
      assert.ok(entries.length < 24 && entries.some((text) => text.includes('2')));
      await picture('seeds');
    });

    it('selects rows in the scatter plot by the mouse and by the keyboard', async () => {
      const { web, page, all, show, selected, picture, saved } = await open();
      await show('scatter');
      const frame = page.locator('[data-chart=scatter] .plot');
      const box = await frame.boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + 80, box.y + 22);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height - 36, { steps: 4 });
      await page.mouse.up();
      await web.idle();
      const slow = all.filter(({ values }) => values.archived !== true && values['training.learningRate'] === 0.002);
      await eventually(async () => assert.match(await page.locator('.counts').innerText(), RegExp(`^${slow.length} `)));
      await picture('scatter');
      await frame.focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await web.idle();
      assert.equal((await selected()).length, 1);
      assert.match((await frame.getAttribute('aria-valuetext')) ?? '', /0\.002/);
      await page.locator('.scatter-plot [data-tool=csv]').click();
      assert.match(saved[0] ?? '', /^id,name,training\.learningRate,best/);
      await page.locator('#scatter-x').selectOption('cell');
      await page.locator('.scatter-plot [data-tool=table]').click();
      await web.idle();
      assert.equal(await page.locator('.scatter-plot tbody tr').count(), RUNS - 1);
      assert.deepEqual(await accessibilityProblems(web), []);
    });

    it('draws a line through the best runs so far in the scatter plot, unless no value is better', async () => {
      const { web, page, show, picture } = await open();
      await show('scatter');
      const ink = async () =>
        page.evaluate<number>(
          `(() => { const canvas = document.querySelector('[data-chart=scatter] canvas');
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((byte, i) => i % 4 === 3 && byte > 0).length; })()`,
        );
      await page.locator('#scatter-x').selectOption('started');
      await web.idle();
      const without = await ink();
      await page.locator('#scatter-best').check();
      await web.idle();
      assert.ok((await ink()) > without);
      await picture('best-so-far');
      await page.locator('#scatter-y').selectOption('units');
      await web.idle();
      assert.ok(!(await page.locator('#scatter-best').isVisible()));
    });

    it('shows a heat map of two fields, whose cells select their runs', async () => {
      const { web, page, show, selected, picture, saved, all } = await open();
      await show('map');
      await picture('map');
      await page.locator('#map-x').selectOption('units');
      await page.locator('#map-y').selectOption('training.learningRate');
      const frame = page.locator('[data-chart=map] .plot');
      await frame.focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await web.idle();
      const chosen = await selected();
      assert.ok(chosen.length > 1);
      const rows = all.filter(({ values }) => values.archived !== true);
      const valuesOf = (key: string) =>
        new Set(rows.filter(({ id }) => chosen.includes(id)).map(({ values }) => values[key]));
      assert.deepEqual([valuesOf('units').size, valuesOf('training.learningRate').size], [1, 1]);
      await picture('map-selected');
      await page.keyboard.press(' ');
      await web.idle();
      assert.equal((await selected()).length, 0, 'a second press deselects the whole cell');
      await page.locator('.map-plot [data-tool=csv]').click();
      assert.match(saved[0] ?? '', /^id,name,units,training\.learningRate,best/);
      assert.deepEqual(await accessibilityProblems(web), []);
      await page.setViewportSize({ width: 400, height: 1000 });
      await web.idle();
      assert.equal(await overflow(web), 0);
      await picture('map-400');
    });

    it('lists how much of the differences each field explains, the most important first', async () => {
      const { web, page, show, picture, saved } = await open({ theme: 'light' });
      await show('importance');
      const fields = page.locator('.importance tbody tr');
      const shares = await fields.locator('.share-cell').allInnerTexts();
      const numbers = shares.map((text) => Number.parseInt(text, 10));
      assert.ok(numbers.length > 1);
      assert.deepEqual(
        numbers,
        [...numbers].sort((a, b) => b - a),
      );
      assert.equal(await fields.first().getAttribute('data-field'), 'cell');
      await picture('importance');
      await page.locator('.importance-plot [data-tool=csv]').click();
      assert.match(saved[0] ?? '', /^field,share,values,runs\ncell,/);
      assert.deepEqual(await accessibilityProblems(web), []);
      await page.setViewportSize({ width: 400, height: 1000 });
      await web.idle();
      assert.equal(await overflow(web), 0);
    });

    it('saves the scatter plot, the parallel coordinates and the heat map as pictures', async () => {
      const { web, page, show, saved } = await open();
      for (const plot of ['scatter', 'parallel', 'map']) {
        await show(plot);
        const tools = page.locator(`.${plot}-plot`);
        for (const format of ['png', 'svg']) await tools.locator(`[data-tool=${format}]`).click();
        await tools.locator('[data-tool=picture]').click();
        assert.deepEqual(await accessibilityProblems(web), []);
        await tools.locator('.picture-menu select').selectOption('light');
        await tools.locator('.picture-menu [data-picture=svg]').click();
        await eventually(() => assert.equal(saved.length, 3));
        const [png, shown, chosen] = saved.splice(0);
        const header = Buffer.from(png ?? '', 'base64');
        const box = await page.locator(`[data-chart=${plot}] .plot`).boundingBox();
        assert.equal(header.readUInt32BE(16), Math.round(box?.width ?? 0));
        const parsed = async (svg: string | undefined) =>
          page.evaluate<Record<string, number | string | null>>(
            `(() => { const svg = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
              return { errors: svg.querySelectorAll('parsererror').length, width: svg.documentElement.getAttribute('width'),
                paths: svg.querySelectorAll('path').length, fill: svg.querySelector('rect').getAttribute('fill') }; })()`,
          );
        const [first, second] = [await parsed(shown), await parsed(chosen)];
        assert.deepEqual([first.errors, second.errors, second.width, second.fill], [0, 0, '1200', '#ffffff']);
        if (plot !== 'map') assert.ok(Number(first.paths) >= RUNS - 1, `${first.paths} paths`);
      }
    });

    it('selects the rows within a part of an axis of the parallel coordinates', async () => {
      const { web, page, show, all, picture } = await open({ theme: 'light' });
      await show('parallel');
      const box = await page.locator('[data-chart=parallel] .plot').boundingBox();
      assert.ok(box);
      // The last axis is the best loss; its lower half has the lower losses.
      const x = box.x + box.width - 74;
      await page.mouse.move(x, box.y + box.height - 27);
      await page.mouse.down();
      await page.mouse.move(x, box.y + 34 + (box.height - 60) / 2, { steps: 4 });
      await page.mouse.up();
      await web.idle();
      await picture('parallel');
      const counts = await page.locator('.counts').innerText();
      const count = Number.parseInt(counts, 10);
      assert.ok(count > 0 && count < all.length - 1, counts);
      await page.locator('[data-chart=parallel] .plot').focus();
      await page.keyboard.press('Escape');
      await eventually(async () => assert.doesNotMatch(await page.locator('.counts').innerText(), / \d+ \w+$/));
      assert.deepEqual(await accessibilityProblems(web), []);
      await page.setViewportSize({ width: 400, height: 1000 });
      await web.idle();
      assert.equal(await overflow(web), 0);
      await picture('parallel-400');
    });

    it('selects the rows within a part of an axis by keyboard, and speaks its ends', async () => {
      const { web, page, show, all } = await open({ theme: 'dark' });
      await show('parallel');
      const selectedRows = async () => {
        await web.idle();
        return Number.parseInt(await page.locator('.counts').innerText(), 10);
      };
      await page.locator('#range-axis').focus();
      await page.locator('#range-axis').selectOption('best');
      const [from, to] = [page.locator('#range-from'), page.locator('#range-to')];
      const spoken = async (end: typeof from) => Number(await end.getAttribute('aria-valuetext'));
      const [lowest, highest] = [await spoken(from), await spoken(to)];
      assert.ok(lowest < highest);
      await page.keyboard.press('Tab');
      assert.equal(await page.locator(':focus').getAttribute('id'), 'range-from');
      await page.keyboard.press('Tab');
      for (let press = 0; press < 5; press++) await page.keyboard.press('PageDown');
      await web.idle();
      assert.ok((await spoken(to)) < highest && (await spoken(from)) === lowest);
      const some = await selectedRows();
      assert.ok(some > 0 && some < all.length - 1, String(some));
      assert.ok(
        (await page.locator('.axis-range output').innerText()).includes(
          String(await to.getAttribute('aria-valuetext')),
        ),
      );
      await page.keyboard.press('End');
      await web.idle();
      assert.equal(await spoken(to), highest);
      await page.locator('#range-axis').selectOption('cell');
      await from.focus();
      await page.keyboard.press('End');
      await web.idle();
      assert.equal(await from.getAttribute('aria-valuetext'), await to.getAttribute('aria-valuetext'));
      assert.ok((await selectedRows()) > 0);
      assert.deepEqual(await accessibilityProblems(web), []);
    });

    it('draws the gradient by lag at a step of the probes and at the best step', async () => {
      const { web, page, select, show, probedAt, picture } = await open();
      await select(3);
      await show('gradient');
      assert.equal(await page.locator('[data-chart=runsLastStep]').count(), 1);
      const slider = page.locator('.gradient-plot input[type=range]');
      await slider.focus();
      await page.keyboard.press('Home');
      await web.idle();
      assert.deepEqual(probedAt, [null, 1]);
      await picture('gradient');
      await page.locator('.gradient-plot .scrubber button').click();
      await web.idle();
      assert.deepEqual(probedAt, [null, 1, null]);
    });

    it('costs script, with 20 runs of 100,000 steps', async () => {
      // One of the first three is archived.
      const { web, page, selectAll } = await open({ steps: 100_000, count: 21 });
      await selectAll();
      await page.locator('[data-metric=trainLoss]').click();
      await page.locator('[data-metric=validationLoss]').click();
      await web.idle();
      const box = await page.locator('[data-chart=runs-trainLoss] canvas').boundingBox();
      assert.ok(box);
      const { x, y, width, height } = box;
      const nextFrame = async () => page.evaluate('new Promise(nextFrame)');
      const trace = async (work: (i: number) => Promise<void>): Promise<TraceEvent[]> => {
        await pages.browser.startTracing(page, { categories: FRAME_CATEGORIES });
        for (let i = 0; i < 30; i++) {
          await work(i);
          await nextFrame();
        }
        const bytes = await pages.browser.stopTracing();
        return (JSON.parse(bytes.toString()) as { traceEvents: TraceEvent[] }).traceEvents;
      };
      // Frames without any script, such as those while the driver of the browser works, cost nothing.
      const busy = (events: readonly TraceEvent[]) => frameCosts(events, /page\.js/).filter((cost) => cost > 0);
      const report = (action: string, events: TraceEvent[]) =>
        console.log(`      script in a frame, ${action}: ${formatFrameCosts(busy(events))}`);
      await page.mouse.move(x + 20, y + height / 2);
      report('zooming', await trace((i) => page.mouse.wheel(0, i < 15 ? -60 : 60)));
      await page.mouse.down();
      report('panning', await trace((i) => page.mouse.move(x + 20, y + height / 2 + (i < 15 ? i : 30 - i) * 3)));
      await page.mouse.up();
      report(
        'pointer over the curves',
        await trace((i) => page.mouse.move(x + 60 + ((width - 80) * i) / 30, y + height / 2)),
      );
    });
  },
);

function comparable({ id, values }: RunRow) {
  return {
    id,
    label: String(values.name),
    name: String(values.data),
    summary: '',
    createdAt: String(values.started),
    color: typeof values.color === 'number' ? values.color : ('#ff00aa' as const),
    state: String(values.state),
    step: 2000,
    loss: Number(values.best),
  };
}

/** Curves of a made-up run as the host sends them: decimated, with noise in those of the training steps. */
function curvesOf(id: string, i: number, steps: number): ComparedRun {
  const seconds = new Series();
  for (let step = 1; step <= steps; step++) seconds.append(step, step / 100);
  const curves: ComparedRun['curves'] = {};
  for (const { key, from } of measuredMetrics) {
    const series = new Series();
    const every = 'step' in from ? 1 : Math.max(1, steps / 200);
    for (let step = every; step <= steps; step += every) {
      const noise = 'step' in from ? 0.2 * Math.sin(step * step + i) : 0;
      series.append(step, 1.4 + i / 20 + 2 * Math.exp(-step / (steps / 10 + 40 * i)) + noise);
    }
    curves[key] = timedCurve(series, seconds);
  }
  return { id, itemsPerStep: 1600, curves };
}

function probesOf(id: string, i: number, step: number | null): ProbedRun {
  const curve = (factor: number) =>
    Array.from({ length: 40 }, (_, lag) => Math.exp(-lag / (3 + 4 * i)) * factor ** lag);
  const flow = { step: step ?? 1000, median: curve(1), low: curve(0.95), high: curve(1.02) };
  return { id, steps: [1, 1000, 2000], flow, first: { flow, forgetProduct: null } };
}
