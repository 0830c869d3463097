import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
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

const folder = resolve(import.meta.dirname, '../../out/screenshots/runs');

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
      const all = madeUpRows(count);
      const asked: Asked = {
        layout: undefined,
        annotated: [],
        opened: [],
        compared: [],
        exported: [],
        trashed: [],
        restored: [],
      };
      const remote: RemoteRunsPage = web.connect({
        serves: runsPageHostContract,
        functions: {
          ready: async () => {
            await remote.begin({ layout: asked.layout ?? { ...runsLayout.parse({}), ...layout }, canExport });
            await remote.rows({ changed: all, removed: [], isComplete: true });
            await remote.unreadable([]);
          },
          keepLayout: (kept) => void (asked.layout = kept),
          annotate: (request) => void asked.annotated.push(request),
          openRun: (id) => void asked.opened.push(id),
          openComparison: (ids) => void asked.compared.push(ids),
          exportRuns: (ids) => void asked.exported.push(ids),
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
            await remote.comparable({ runs: all.filter(({ id }) => ids?.includes(id)).map(comparable), chosen: ids ?? [], ranking: [] });
            for (const id of ids ?? []) await remote.compared(curvesOf(id, all.findIndex((row) => row.id === id)));
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
      const selected = async () =>
        (await page.locator('.rows [aria-selected=true]').all()).length;
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
        await web.idle();
      };
      const kept = async () => {
        await eventually(() => assert.ok(asked.layout));
        return asked.layout;
      };
      return { web, page, remote, all, asked, grid, rows, shown, cells, selected, press, kept };
    }

    for (const theme of Object.keys(themes) as ThemeName[]) {
      it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
        await mkdir(folder, { recursive: true });
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
          await page.screenshot({ path: resolve(folder, `${theme}-${width}.png`) });
        }
        assert.deepEqual(await accessibilityProblems(web), []);
      });
    }
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
  return { id, curves: { validationLoss: { points, seconds: steps }, trainLoss: { points, seconds: steps } } };
}
