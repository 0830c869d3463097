/** Time of the first paint of the page *Runs*, in a headless browser. */
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { RunRow } from '../../src/protocol/runRow.ts';
import { runsLayout, runsPageContract, runsPageHostContract } from '../../src/protocol/runsPage.ts';
import { type Bundle, bundlePage, type PageHolder, WebviewPage } from '../fixtures/panelPage/webviewPage.ts';

/** Notes in the page when the rows arrive, and when they have been painted. */
const CLOCK = `
  addEventListener('message', ({ data }) => {
    if (JSON.stringify(data).includes('"isComplete"')) globalThis.received ??= performance.now();
  });
  globalThis.painted = new Promise((resolve) => {
    const look = () =>
      document.querySelector('.rows .row') === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => resolve(performance.now() - received));
    requestAnimationFrame(look);
  });`;

/**
 * Opens the page several times, each time in a new tab.
 * @returns milliseconds from the arrival of the rows to the frame after the one that has the first of them. The driver of
 *   the browser, which brings the rows, is not in them.
 */
export async function firstPaints(rows: readonly RunRow[], repetitions: number): Promise<number[]> {
  const bundle = await bundlePage('webview/runs/main.ts', 'webview/runs/runs.css');
  const browser = await launchChromium();
  try {
    const paints: number[] = [];
    for (let i = 0; i < repetitions; i++)
      paints.push(await firstPaint({ browser, bundle, keep: () => undefined }, rows));
    return paints;
  } finally {
    await browser.close();
  }
}

async function firstPaint(pages: PageHolder & { readonly bundle: Bundle }, rows: readonly RunRow[]): Promise<number> {
  const web = await WebviewPage.in(pages, {});
  const ignore = () => undefined;
  const remote = web.connect({
    serves: runsPageHostContract,
    functions: {
      ready: async () => {
        await remote.begin({ layout: runsLayout.parse({}), canExport: true });
        await remote.rows({ changed: [...rows], removed: [], isComplete: true });
      },
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
      report: ignore,
    },
    calls: runsPageContract,
  });
  await web.page.addInitScript(CLOCK);
  await web.open({});
  const paint = await web.page.evaluate<number>('painted');
  await web.page.close();
  return paint;
}
