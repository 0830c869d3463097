/**
 * Times of the page *Runs* with very many rows, in a headless browser: `node test/bench/manyRows.ts [--rows 100000]`.
 * All values that a row has are sent, in messages of the size of the host's.
 */
import { parseArgs } from 'node:util';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { RUNS_AT_A_TIME, withoutMissing } from '../../src/host/runsPage/rowsFeed.ts';
import { median } from '../../src/judgment/quantiles.ts';
import {
  type RemoteRunsPage,
  runsLayout,
  runsPageContract,
  runsPageHostContract,
} from '../../src/protocol/runsPage.ts';
import { madeUpRows } from '../fixtures/panelPage/runRows.ts';
import { bundlePage, WebviewPage } from '../fixtures/panelPage/webviewPage.ts';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
});

/** Measures in the page: milliseconds from an action to the second frame after it. */
const TIMED = `
  globalThis.timed = async (act) => {
    const begun = performance.now();
    await act();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - begun;
  };
  addEventListener('message', ({ data }) => {
    if (JSON.stringify(data).includes('"isComplete"')) globalThis.lastRows = data;
  });`;

const count = Number(options.rows);
const rows = madeUpRows(count).map(withoutMissing);
const browser = await launchChromium();
try {
  const bundle = await bundlePage('webview/runs/main.ts', 'webview/runs/runs.css');
  const web = await WebviewPage.in({ browser, bundle, keep: () => undefined }, { height: 900 });
  const ignore = () => undefined;
  const remote: RemoteRunsPage = web.connect({
    serves: runsPageHostContract,
    functions: {
      ready: async () => remote.begin({ layout: runsLayout.parse({}), canExport: true }),
      keepLayout: ignore,
      annotate: ignore,
      openRun: ignore,
      openComparison: ignore,
      exportRuns: ignore,
      exportPage: ignore,
      trashRuns: async () => ({ trashed: [], failed: [] }),
      restoreRuns: ignore,
      compare: ignore,
      compareProbesAt: ignore,
      saveFile: ignore,
      report: ({ message }) => console.error(message),
    },
    calls: runsPageContract,
  });
  await web.page.addInitScript(TIMED);
  await web.open({});

  for (let from = 0; from < count; from += RUNS_AT_A_TIME.others) {
    const to = from + RUNS_AT_A_TIME.others;
    await remote.rows({ changed: rows.slice(from, to), removed: [], isComplete: to >= count });
    // The messages would otherwise wait in the driver of the browser.
    await web.idle();
  }
  await web.page.locator(`[aria-rowcount="${count}"]`).waitFor({ timeout: 120_000 });
  await web.idle();

  const figures: [what: string, milliseconds: number][] = [];
  const often = async (what: string, act: (round: number) => Promise<number>): Promise<void> => {
    const times: number[] = [];
    for (let round = 0; round < Number(options.rounds); round++) {
      times.push(await act(round));
      await web.idle();
    }
    figures.push([what, median(times)]);
  };
  const typing = (text: string) =>
    web.page.evaluate<number>(`timed(() => {
      const box = document.querySelector('.filter-input');
      box.value = ${JSON.stringify(text)};
      box.dispatchEvent(new Event('input'));
    })`);

  await often('a filter that a tenth of the runs match', async (round) =>
    typing(`cell = gru and best < ${1.535 + round / 1000}`),
  );
  await often('a filter that nearly all runs match', async (round) => typing(`best < ${9 + round}`));
  await often('no filter', async (round) => typing(' '.repeat(round % 2)));
  await often('sorting by the loss', async () =>
    web.page.evaluate<number>(`timed(() => document.querySelector('.heading [data-column=best]').click())`),
  );
  await often('scrolling to a random place', async (round) =>
    web.page.evaluate<number>(`timed(() => {
      const grid = document.querySelector('.grid');
      grid.scrollTop = ${(round + 1) / 7} * grid.scrollHeight;
    })`),
  );
  const [row] = rows;
  if (row) await remote.rows({ changed: [row], removed: [], isComplete: true });
  await web.idle();
  await often('a row that changes', async () =>
    web.page.evaluate<number>(`timed(async () => {
      const arrives = new Promise((done) => addEventListener('message', done, { once: true }));
      postMessage(lastRows, '*');
      await arrives;
    })`),
  );
  const devtools = await web.page.context().newCDPSession(web.page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await devtools.send('Runtime.getHeapUsage');
  console.log(`${count} rows\n\n| action | ms |\n| --- | ---: |`);
  for (const [what, milliseconds] of figures) console.log(`| ${what} | ${milliseconds.toFixed(0)} |`);
  console.log(`\nHeap of the page: ${(heap / 1e6).toFixed(0)} MB, ${(heap / count).toFixed(0)} bytes per row`);
} finally {
  await browser.close();
}
