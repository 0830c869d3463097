import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder, root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/run.ts';
import type { StepEvent } from '../../src/protocol/events.ts';
import { withStableEventNames } from '../../src/protocol/stableNames.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { frameCosts, formatFrameCosts } from '../harness/frameCosts.ts';
import { rhyme } from '../harness/lab.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { names } from '../harness/facts.ts';
import { packageText } from '../harness/packageText.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');
const UNITS = 256;
const STEPS = 100_000;
/** Resolves in the page's next animation frame. */
const NEXT_FRAME = 'new Promise(requestAnimationFrame)';
/** The panel's entry point and the chunks that it shares with other pages. */
const PANEL_SCRIPT = /\/webview\/[\w-]+\.js/;

const suite = { files: { 'rhyme.txt': rhyme.repeat(20) }, windowSize: { width: 2400, height: 1400 } };

describeInWorkbench('frames of the panel in the workbench', suite, (bench) => {
  let workbench: Workbench;

  before(async () => {
    await makeLongRun(bench().home, bench().folder);
    workbench = await bench().open();
  });

  it(`cost script, with ${STEPS.toLocaleString('en')} steps and a gate map of ${UNITS} units by 500 characters`, async () => {
    const { page } = workbench;
    await workbench.openFile('rhyme.txt');
    // The palette offers the commands on runs once the extension is active.
    await workbench.openView('Sequence Lab');
    await workbench.runCommand(packageText('commands.openRun'));
    const panel = async () => workbench.panelFrame('rhyme.txt');
    await until('the run is shown', async () =>
      /100,000/.test(await (await panel()).locator('.progress-label').innerText()),
    );

    const over = async (selector: string) => {
      const box = await (await panel()).locator(selector).first().boundingBox();
      assert.ok(box, `${selector} is on screen`);
      for (let i = 0; i < 60; i++) {
        await page.mouse.move(box.x + (box.width * (i + 1)) / 62, box.y + (box.height * (i + 1)) / 62);
        await page.evaluate(NEXT_FRAME);
      }
    };
    const curves = await workbench.trace(async () => over('[data-chart] canvas'));
    console.log(
      `        script in a frame, pointer over a curve of ${STEPS.toLocaleString('en')} steps: ${formatFrameCosts(frameCosts(curves, PANEL_SCRIPT))}`,
    );

    await (await panel()).locator('#tab-gates').click();
    await until('the text is read', async () =>
      names(await (await panel()).locator('#body-gates .reading-head').innerText(), 'rhyme.txt'),
    );
    const drawing = await workbench.trace(async () => {
      await (await panel()).locator('#gates-tokens').selectOption('500');
      await until('500 characters are read', async () =>
        names(await (await panel()).locator('#body-gates .reading-head').innerText(), 500),
      );
      await until(
        'the map is drawn',
        async () =>
          ((await (await panel()).locator('[data-map] .map canvas').first().boundingBox())?.height ?? 0) > 200,
      );
      await (await panel()).evaluate(NEXT_FRAME);
      await (await panel()).evaluate(NEXT_FRAME);
    });
    console.log(
      `        script in a frame, maps of ${UNITS} by 500 come and are drawn: ${formatFrameCosts(frameCosts(drawing, PANEL_SCRIPT))}`,
    );
    const maps = await workbench.trace(async () => over('[data-map] .map canvas'));
    console.log(`        script in a frame, pointer over the map: ${formatFrameCosts(frameCosts(maps, PANEL_SCRIPT))}`);
    await workbench.screenshot(join(screenshots, 'frames.png'));
  });
});

/**
 * A run of a large network with a log of the length of many hours: its measurements are repeated at later steps.
 */
async function makeLongRun(home: string, folder: string): Promise<void> {
  const runFolder = join(home, 'runs', '20260101-000000-rhyme-0000');
  const fields = [
    `model.units=${UNITS}`,
    'training.steps=20',
    'training.batchSize=2',
    'data.sequenceLength=16',
    'backend=wasm',
  ];
  const cliArguments = [
    'train',
    join(folder, 'rhyme.txt'),
    '--out',
    runFolder,
    ...fields.flatMap((field) => ['--set', field]),
  ];
  await run(process.execPath, [join(root, 'dist', 'cli.js'), ...cliArguments], { quiet: true });
  const measured = (await readMetrics(runFolder)).filter((event): event is StepEvent => event.event === 'step');
  const lines = Array.from({ length: STEPS - measured.length }, (_, i) =>
    JSON.stringify(
      withStableEventNames({ ...measured[i % measured.length]!, step: measured.length + 1 + i, seconds: i / 100 }),
    ),
  );
  await appendFile(join(runFolder, 'metrics.jsonl'), `${lines.join('\n')}\n`);
  const record = JSON.parse(await readFile(join(runFolder, 'run.json'), 'utf8')) as { progress: { step: number } };
  await writeFile(
    join(runFolder, 'run.json'),
    JSON.stringify({ ...record, progress: { ...record.progress, step: STEPS } }),
  );
}
