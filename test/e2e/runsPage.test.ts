import assert from 'node:assert/strict';
import type { ComparedRun } from '../../src/protocol/comparison.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import {
  type AnnotationChange,
  type RemoteRunsPage,
  runsLayout,
  type RunsLayout,
  runsPageContract,
  runsPageHostContract,
} from '../../src/protocol/runsPage.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { madeUpRows } from '../fixtures/panelPage/runRows.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { bundlePage, WebviewPage, type WebviewOptions } from '../fixtures/panelPage/webviewPage.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { eventually } from '../harness/until.ts';
import { takePicture } from '../harness/pictures.ts';

/** Of more rows than this, only common values are sent, because the driver of the browser is slow. */
const MANY = 1000;
const COMMON = ['name', 'state', 'color', 'starred', 'archived', 'started', 'cell', 'units', 'seed', 'best', 'last'];

function onlyCommon({ id, values }: RunRow): RunRow {
  return { id, values: Object.fromEntries(COMMON.map((key) => [key, values[key] ?? null])) };
}

interface Options extends WebviewOptions {
  readonly count?: number;
  readonly layout?: Partial<RunsLayout>;
  readonly canExport?: boolean;
}

/** What the page asked the host for. */
interface Asked {
  layout: RunsLayout | undefined;
  readonly annotated: { readonly runs: string[]; readonly change: AnnotationChange }[];
  readonly opened: string[];
  readonly compared: string[][];
  readonly exported: string[][];
  readonly pages: string[][];
  readonly trashed: string[][];
  readonly restored: string[][];
}

/** The page "Runs" in a real browser, with a host that keeps made-up rows. */
describeInBrowser(
  'the page of the runs',
  () => bundlePage('webview/runs/main.ts', 'webview/runs/runs.css'),
  (pages) => {
    async function open({ count = 42, layout = {}, canExport = true, ...options }: Options = {}) {
      const web = await WebviewPage.in(pages, { height: 900, ...options });
      const all = count > MANY ? madeUpRows(count).map(onlyCommon) : madeUpRows(count);
      const asked: Asked = {
        layout: undefined,
        annotated: [],
        opened: [],
        compared: [],
        exported: [],
        pages: [],
        trashed: [],
        restored: [],
      };
      const remote: RemoteRunsPage = web.connect({
        serves: runsPageHostContract,
        functions: {
          ready: async () => {
            await remote.begin({ layout: asked.layout ?? { ...runsLayout.parse({}), ...layout }, canExport });
            for (let i = 0; i < all.length; i += 1000)
              await remote.rows({ changed: all.slice(i, i + 1000), removed: [], isComplete: i + 1000 >= all.length });
            await remote.unreadable([]);
          },
          keepLayout: (kept) => void (asked.layout = kept),
          annotate: (request) => void asked.annotated.push(request),
          openRun: (id) => void asked.opened.push(id),
          openComparison: (ids) => void asked.compared.push(ids),
          exportRuns: (ids) => void asked.exported.push(ids),
          exportPage: (ids) => void asked.pages.push(ids),
          trashRuns: async (ids) => {
            asked.trashed.push(ids);
            await remote.rows({ changed: [], removed: ids, isComplete: true });
            return { trashed: ids, failed: [] };
          },
          restoreRuns: async (ids) => {
            asked.restored.push(ids);
            await remote.rows({ changed: all.filter(({ id }) => ids.includes(id)), removed: [], isComplete: true });
          },
          compare: async (ids) => {
            await remote.comparable({
              runs: all.filter(({ id }) => ids?.includes(id)).map(comparable),
              chosen: ids ?? [],
              ranking: [],
            });
            for (const id of ids ?? [])
              await remote.compared(
                curvesOf(
                  id,
                  all.findIndex((row) => row.id === id),
                ),
              );
          },
          compareProbesAt: () => undefined,
          saveFile: () => undefined,
          report: ({ message }) => assert.fail(message),
        },
        calls: runsPageContract,
      });
      await web.open(options);
      await web.page.locator('.rows .row').first().waitFor();
      await web.idle();
      const { page } = web;
      const grid = page.getByRole('treegrid');
      const rows = page.locator('.rows .row:not(.group)');
      /** Names of the shown runs, from the top. */
      const shown = async () => (await rows.all()).length;
      const cells = async (column: string) => page.locator(`.rows [data-column="${column}"]`).allInnerTexts();
      const selected = async () => (await page.locator('.rows [aria-selected=true]').all()).length;
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
        await web.idle();
      };
      return { web, page, remote, all, asked, grid, rows, shown, cells, selected, press };
    }

    it('shows the places of waiting runs, also while they change, and not in the heading of a group', async () => {
      const { web, remote, all, cells } = await open({ layout: { group: 'state' } });
      const [first, second] = all;
      assert.ok(first && second);
      const place = async (...places: number[]) => {
        const changed = [first, second].map(({ id, values }, index) => ({
          id,
          values: { ...values, state: 'waiting', queue: places[index] ?? null },
        }));
        await remote.rows({ changed, removed: [], isComplete: true });
        await web.idle();
      };
      const shownPlaces = async () => (await cells('state')).flatMap((text) => /\d+/.exec(text)?.[0] ?? []);
      await place(1, 2);
      await eventually(async () => assert.deepEqual((await shownPlaces()).sort(), ['1', '2']));
      await place(2, 1);
      await eventually(async () => assert.deepEqual((await shownPlaces()).sort(), ['1', '2']));
      await place(7);
      await eventually(async () => assert.deepEqual(await shownPlaces(), ['7']));
    });

    it('shows a change at once, also before the rest of a changed list has arrived', async () => {
      const { web, remote, all, cells } = await open();
      const [first, second] = all;
      assert.ok(first && second);
      const count = (await cells('name')).length;
      await remote.rows({ changed: [], removed: [first.id], isComplete: false });
      await remote.rows({
        changed: [{ id: second.id, values: { ...second.values, name: 'renamed' } }],
        removed: [],
        isComplete: false,
      });
      await web.idle();
      await eventually(async () => {
        const names = await cells('name');
        assert.ok(names.includes('renamed'));
        assert.equal(names.length, count - 1);
      });
    });

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
        const { web, page, rows, press } = await open({ theme });
        await rows.nth(1).click();
        await page.keyboard.down('Shift');
        await rows.nth(4).click();
        await page.keyboard.up('Shift');
        await press('ArrowDown');
        for (const width of [400, 1400]) {
          await page.setViewportSize({ width, height: 900 });
          await web.idle();
          assert.equal(await overflow(web), 0, `at ${width} px`);
          await takePicture(page, `runs/${theme}-${width}.png`, { fullPage: false });
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }

    it('fits in a pseudo-locale, in which every text is translated', async () => {
      const { web, page, all, rows, press } = await open({ pseudo: true, layout: { group: 'cell' } });
      const data = all.flatMap(({ id, values }) => [id, ...Object.values(values).map(String), 'LSTM GRU RNN']);
      await rows.first().click();
      const problems = await pseudoProblems(web, 'runs', data);
      await press('F2');
      problems.push(...(await pseudoProblems(web, 'runs-edit', data)));
      await press('Escape');
      await page.locator('[data-tool=columns]').click();
      assert.deepEqual([...problems, ...(await pseudoProblems(web, 'runs-columns', data))], []);
    });

    it('hides archived runs until they are asked for', async () => {
      const { page, shown } = await open({ count: 10 });
      assert.equal(await shown(), 9);
      await page.locator('#show-archived').check();
      await eventually(async () => assert.equal(await shown(), 10));
    });

    it('sorts by several columns, by the mouse and by the keyboard', async () => {
      const { page, cells, asked, press, web } = await open();
      await page.getByRole('columnheader', { name: 'cell' }).click();
      await page.getByRole('columnheader', { name: 'Best loss' }).click({ modifiers: ['Shift'] });
      await web.idle();
      await eventually(() =>
        assert.deepEqual(asked.layout?.sort, [
          { column: 'cell', descending: false },
          { column: 'best', descending: false },
        ]),
      );
      const pairs = (await cells('cell')).map((cell, i) => [cell, i] as const);
      const best = (await cells('best')).map(Number);
      for (const [cell, i] of pairs.slice(1)) {
        const before = pairs[i - 1]?.[0] ?? '';
        assert.ok(before < cell || (before === cell && (best[i - 1] ?? 0) <= (best[i] ?? 0)), `row ${i}`);
      }
      const heading = page.getByRole('columnheader', { name: 'Best loss' });
      assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
      await heading.focus();
      await press('Shift+Enter');
      assert.equal(await page.getByRole('columnheader', { name: 'Best loss' }).getAttribute('aria-sort'), 'descending');
    });

    it('moves, resizes, hides and pins columns, and keeps the layout', async () => {
      const { page, press, asked, web } = await open();
      const order = async () =>
        Promise.all((await page.getByRole('columnheader').all()).map(async (each) => each.getAttribute('data-column')));
      const before = await order();
      const state = before.indexOf('state');
      await page.getByRole('columnheader', { name: 'State' }).focus();
      await press('Alt+ArrowRight', 'Alt+Shift+ArrowRight');
      const after = await order();
      assert.equal(after.indexOf('state'), state + 1);
      assert.equal(await page.evaluate('document.activeElement.dataset.column'), 'state', 'the focus moves along');
      await page.getByRole('columnheader', { name: 'Time' }).dragTo(page.getByRole('columnheader', { name: 'Name' }));
      await web.idle();
      assert.equal((await order()).indexOf('seconds'), 2, 'dropped in front of the name');
      await page.locator('[data-tool=columns]').click();
      await page.locator('input[data-column=verdict]').uncheck();
      await page.locator('button[data-column=tags][data-action=pin]').click();
      await press('Escape');
      await eventually(() => {
        const { columns, pinned, widths } = asked.layout ?? runsLayout.parse({});
        assert.ok(columns && !columns.includes('verdict'));
        assert.ok(pinned.includes('tags') && pinned.includes('seconds'));
        assert.equal(Object.keys(widths).length, 1);
      });
      const kept = await order();
      await page.reload();
      await page.locator('.rows .row').first().waitFor();
      await web.idle();
      assert.deepEqual(await order(), kept);
    });

    it('filters by an expression, completes it, and explains an error at its place', async () => {
      const { page, web, rows, cells } = await open();
      const filter = page.getByRole('combobox', { name: 'Filter' });
      await filter.fill('cell = gru and best < 1.52');
      await web.idle();
      assert.ok((await rows.count()) > 0);
      assert.deepEqual([...new Set(await cells('cell'))], ['gru']);
      assert.ok((await cells('best')).every((loss) => Number(loss) <= 1.52));
      const count = await rows.count();
      await filter.fill('cell = gru and bets < 1.6');
      await eventually(async () => assert.match(await page.locator('.filter-error').innerText(), /bets/));
      assert.equal(await filter.getAttribute('aria-invalid'), 'true');
      assert.equal(await rows.count(), count, 'the last valid filter still applies');
      await filter.fill('');
      await filter.pressSequentially('cel');
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      assert.equal(await filter.inputValue(), 'cell ');
    });

    it('groups with mean and spread, and folds groups', async () => {
      const { page, rows, web, press, grid } = await open();
      const all = await rows.count();
      await page.locator('#group').selectOption('cell');
      await web.idle();
      const groups = page.locator('.row.group');
      assert.ok((await groups.count()) >= 1);
      assert.match(await groups.first().locator('[data-column=best]').innerText(), /^\d\.\d+ ± \d\.\d+$/);
      await grid.focus();
      await press('Home', 'ArrowLeft');
      assert.equal(await groups.first().getAttribute('aria-expanded'), 'false');
      await press('ArrowDown', 'ArrowLeft', 'ArrowDown', 'ArrowLeft');
      assert.equal(await groups.count(), 3);
      assert.equal(await rows.count(), 0);
      await press('Enter');
      assert.ok((await rows.count()) > 0 && (await rows.count()) < all);
    });

    it('moves columns and folds groups by keys that come before the next frame', async () => {
      const { page, rows, grid, web } = await open({ layout: { group: 'cell' } });
      const pressAtOnce = async (...keys: { key: string; altKey?: boolean }[]) => {
        await page.evaluate(`for (const key of ${JSON.stringify(keys)})
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true }))`);
        await web.idle();
      };
      const place = async () => Number(await page.locator('[role=columnheader]:focus').getAttribute('aria-colindex'));
      await page.getByRole('columnheader', { name: 'State' }).focus();
      const before = await place();
      const right = { key: 'ArrowRight', altKey: true };
      await pressAtOnce(right, right);
      assert.equal(await place(), before + 2);
      await grid.focus();
      const [down, fold] = [{ key: 'ArrowDown' }, { key: 'ArrowLeft' }];
      await pressAtOnce({ key: 'Home' }, fold, down, fold, down, fold, { key: 'ArrowUp' });
      assert.equal(await rows.count(), 0);
      const active = await grid.getAttribute('aria-activedescendant');
      assert.equal(await page.locator('.row.group').nth(1).getAttribute('id'), active);
    });

    it('selects by mouse and keyboard as the lists of VS Code do', async () => {
      const { rows, selected, press, grid, page, all, asked } = await open();
      await rows.nth(0).click();
      await rows.nth(2).click({ modifiers: ['Control'] });
      assert.equal(await selected(), 2);
      await rows.nth(4).click({ modifiers: ['Shift'] });
      assert.equal(await selected(), 3);
      await press('Control+a');
      await eventually(async () => assert.match(await page.locator('.counts').innerText(), /41/));
      await press('Escape');
      assert.equal(await selected(), 0);
      await press('Home', ' ', 'Shift+ArrowDown');
      assert.equal(await selected(), 2);
      await press('End');
      const active = await grid.getAttribute('aria-activedescendant');
      assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-rowindex'), '42');
      assert.equal(await grid.getAttribute('aria-rowcount'), '42');
      await press('Enter');
      assert.deepEqual(asked.opened, [all.at(-1)?.id]);
      await rows.last().dblclick();
      assert.equal(asked.opened.length, 2);
    });

    it('compares, exports, stars, names and colors runs', async () => {
      const { page, rows, press, asked, all, web } = await open();
      await rows.nth(0).click();
      assert.ok(await page.locator('[data-tool=compare]').isDisabled());
      await rows.nth(1).click({ modifiers: ['Control'] });
      await page.locator('[data-tool=compare]').click();
      await page.locator('[data-tool=export]').click();
      await page.locator('[data-tool=page]').click();
      const ids = all.slice(0, 2).map(({ id }) => id);
      assert.deepEqual([asked.compared, asked.exported, asked.pages], [[ids], [ids], [ids]]);
      await rows.nth(1).locator('[data-column=starred]').click();
      await rows.nth(1).click({ button: 'right' });
      await page.getByRole('menuitem').first().waitFor();
      await press('Escape');
      await rows.nth(1).click();
      await press('F2');
      await page.locator('#edit-name').fill('wide');
      await page.locator('#edit-tags').fill('paper, new');
      await page.locator('#edit-note').fill('# Why');
      await page.locator('dialog input[value="3"]').check();
      await page.locator('dialog button.primary').click();
      await web.idle();
      assert.deepEqual(asked.annotated, [
        { runs: [ids[1]], change: { starred: true } },
        {
          runs: [ids[1]],
          change: { color: '3', addTags: ['new'], removeTags: [], name: 'wide', note: '# Why' },
        },
      ]);
      assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'treegrid');
    });

    it('has no button to export where runs cannot be exported', async () => {
      const { page, rows } = await open({ canExport: false });
      await rows.first().click();
      assert.ok(await page.locator('[data-tool=delete]').isVisible());
      assert.ok(await page.locator('[data-tool=export]').isHidden());
    });

    it('deletes with undo, and archives with undo', async () => {
      const { page, rows, press, asked, all, web } = await open();
      const id = all[1]?.id;
      await rows.nth(1).click();
      await press('Delete');
      await eventually(async () => assert.equal(await page.locator(`[data-id="${id}"]`).count(), 0));
      await page.locator('[data-tool=undo]').click();
      await eventually(async () => assert.equal(await page.locator(`[data-id="${id}"]`).count(), 1));
      assert.deepEqual([asked.trashed, asked.restored], [[[id]], [[id]]]);
      await rows.nth(1).click();
      await page.locator('[data-tool=archive]').click();
      await page.locator('[data-tool=undo]').click();
      await web.idle();
      assert.deepEqual(
        asked.annotated.map(({ change }) => change.archived),
        [true, false],
      );
    });

    it('draws the curves of the selected runs in their colors', async () => {
      const { page, rows, web } = await open();
      const chart = page.locator('[data-chart=runs-validationLoss]');
      assert.equal(await chart.count(), 0);
      await rows.nth(0).click();
      await rows.nth(1).click({ modifiers: ['Control'] });
      await web.idle();
      const colors = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.curve-legend .swatch')].map((each) => getComputedStyle(each).color)`,
      );
      const rowColors = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.rows [aria-selected=true] .swatch')].map((each) => getComputedStyle(each).color)`,
      );
      assert.equal(colors.length, 2);
      assert.deepEqual(colors, rowColors);
      await page.locator('#show-curves').uncheck();
      await web.idle();
      assert.ok(await chart.isHidden());
    });

    it('keeps the selection and the active row while runs come and change', async () => {
      const { remote, rows, all, selected, page, web, grid } = await open({ count: 20 });
      await rows.nth(3).click();
      const active = await grid.getAttribute('aria-activedescendant');
      const [newest] = madeUpRows(1);
      assert.ok(newest);
      const started = new Date(Date.UTC(2027, 0, 1)).toISOString();
      await remote.rows({
        changed: [{ id: 'new-run', values: { ...newest.values, id: 'new-run', started, name: 'new' } }],
        removed: [all.at(-1)?.id ?? ''],
        isComplete: true,
      });
      await web.idle();
      assert.equal(await rows.first().getAttribute('data-id'), 'new-run');
      assert.equal(await selected(), 1);
      assert.equal(await grid.getAttribute('aria-activedescendant'), active);
      assert.equal(await page.locator('.rows .row').count(), 19);
    });

    it('is usable with 10,000 runs', async () => {
      const { page, web, rows, press, grid } = await open({ count: 10_000 });
      assert.ok((await rows.count()) < 100, 'only rows in view exist');
      assert.equal(await grid.getAttribute('aria-rowcount'), '10000');
      await grid.focus();
      await press('End');
      const last = page.locator('[aria-rowindex="10000"]');
      assert.ok(await last.isVisible());
      const filter = page.getByRole('combobox', { name: 'Filter' });
      const milliseconds = await page.evaluate<number>(`(async () => {
        const box = document.querySelector('.filter-input');
        const begun = performance.now();
        box.value = 'cell = gru and best < 1.6';
        box.dispatchEvent(new Event('input'));
        await new Promise((done) => nextFrame(() => nextFrame(done)));
        return performance.now() - begun;
      })()`);
      await web.idle();
      assert.ok(Number(await grid.getAttribute('aria-rowcount')) < 5000);
      console.log(`      filtered 10,000 rows, with two frames, in ${milliseconds.toFixed(0)} ms`);
      assert.equal(await filter.getAttribute('aria-invalid'), 'false');
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

function curvesOf(id: string, i: number): ComparedRun {
  const steps = Array.from({ length: 100 }, (_, k) => (k + 1) * 20);
  const points = steps.flatMap((step) => [step, 1.4 + i / 20 + 2 * Math.exp(-step / (150 + 40 * i))]);
  return {
    id,
    itemsPerStep: 10,
    curves: { validationLoss: { points, seconds: steps }, trainLoss: { points, seconds: steps } },
  };
}
