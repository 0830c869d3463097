/**
 * `node test/bench/gateMaps.ts [--rounds N] [--profile FILE]` shows maps of 256 units by 500 characters in the panel, in a
 * headless browser, and prints the milliseconds of processor time of script in the most expensive frame of each round,
 * which shows a new text. `--profile` writes a CPU profile of ten more rounds for the developer tools of Chromium.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { MadeUpInspector } from '../fixtures/madeUpInspector.ts';
import { bundlePanel, PanelPage } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { FRAME_CATEGORIES, frameTimes, type TraceEvent } from '../harness/frameCosts.ts';
import { median } from '../../src/judgment/quantiles.ts';

const UNITS = 256;
const CHARACTERS = 500;
const LINE = 'Whether tis nobler in the mind to suffer the slings and arrows of outrageous fortune, ';
const PAGE_SCRIPT = /page\.js/;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' }, profile: { type: 'string' } } });

const browser = await launchChromium();
try {
  const model = new MadeUpInspector(UNITS);
  const shown = await PanelPage.open(
    { browser, bundle: await bundlePanel(), keep: () => undefined },
    {
      width: 2400,
      height: 1400,
      openText: { activationMap: model.activationMap, unitTraces: model.unitTraces, connectivity: model.connectivity },
    },
  );
  await shown.showRun(trainingRun(400));
  await shown.page.locator('#tab-gates').click();

  /** Shows a text that differs from the one before, and waits until its maps are drawn. */
  const read = async (round: number): Promise<void> => {
    const text = LINE.repeat(10).slice(round, round + CHARACTERS);
    const inspection = await model.inspect({ reader: 'bench', text, from: 0, top: 5 });
    await shown.panel.openText({
      state: 'read',
      name: 'hamlet.txt',
      row: null,
      tokenKind: 'character',
      cursor: 20,
      inspection,
    });
    await shown.idle();
  };

  await read(0);
  const longest: number[] = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    await browser.startTracing(shown.page, { categories: FRAME_CATEGORIES });
    await read(round);
    const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    longest.push(Math.max(...frameTimes(trace.traceEvents, PAGE_SCRIPT)));
  }
  if (values.profile !== undefined) {
    const devtools = await shown.page.context().newCDPSession(shown.page);
    await devtools.send('Profiler.enable');
    await devtools.send('Profiler.setSamplingInterval', { interval: 100 });
    await devtools.send('Profiler.start');
    for (let i = 1; i <= 10; i++) await read(Number(values.rounds) + i);
    const { profile } = await devtools.send('Profiler.stop');
    await writeFile(values.profile, JSON.stringify(profile));
  }
  console.log(
    `Script in the longest frame, maps of ${UNITS} by ${CHARACTERS}: median ${median(longest).toFixed(1)} ms, ` +
      `from ${Math.min(...longest).toFixed(1)} to ${Math.max(...longest).toFixed(1)} ms, ${longest.length} rounds`,
  );
} finally {
  await browser.close();
}
