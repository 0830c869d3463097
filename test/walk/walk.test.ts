import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { outFolder } from '../../scripts/lib/paths.ts';
import type { TabName } from '../../src/protocol/applicable.ts';
import { LESSON_IDS } from '../../src/protocol/lessons/lessons.ts';
import { chartColors } from '../fixtures/panelPage/checks.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { processorSeconds } from '../harness/processorTime.ts';
import { actUntil, eventually, until } from '../harness/until.ts';
import { Album } from './album.ts';
import { lessonStages } from './lessonStages.ts';
import { ReportedErrors } from './reportedErrors.ts';

const SAMPLE = 'ferry.txt';
/** Milliseconds that a training may take on a busy machine. */
const LONG = 300_000;
/** Seconds of processor time that the walk may take: ten minutes on two cores. */
const MAX_PROCESSOR_SECONDS = 1200;
const CLICK = { timeout: 5000 };

/** What each tab of a run shows. */
const tabs: Readonly<Record<TabName, string>> = {
  loss: '[data-chart]:not(.no-points) canvas',
  results: '.block',
  generate: '[role=option]',
  gradients: '[data-chart]:not(.no-points) canvas',
  gates: '[data-map] [role=application]',
  explain: '.cell-diagram [data-node]',
  text: '.tokens',
  compare: '[data-chart]:not(.no-points) canvas',
};

/** A window without files and runs, from the first click to the last lesson, by mouse and keyboard alone. */
describeInWorkbench('a walk through the course', { files: {} }, (bench) => {
  const start = performance.now();
  let album: Album;
  let errors: ReportedErrors | undefined;

  const run = (): Lab => new Lab(bench().workbench);
  const panel = async (): Promise<Frame> => bench().workbench.panelFrame(SAMPLE);
  const course = async (): Promise<Frame> => bench().workbench.panelFrame('Course');

  afterEach(async () => {
    assert.deepEqual((await errors?.take()) ?? [], []);
  });

  it('begins in an empty window', async () => {
    const workbench = await bench().open();
    errors = await ReportedErrors.of(workbench);
    album = new Album(workbench, join(outFolder, 'screenshots', 'walk'));
    await workbench.openView('Sequence Lab');
    await welcomeButton('trainLstmOnFile').waitFor();
    await album.take('empty-window');
  });

  it('offers sample texts and trains one with the defaults', async () => {
    const { workbench } = bench();
    const isOffered = async () => (await workbench.quickPickRows.filter({ hasText: SAMPLE }).count()) > 0;
    const offer = async () =>
      actUntil('texts are offered', async () => welcomeButton('trainLstmOnFile').click(CLICK), isOffered);
    await album.take('sample-texts', { arrange: offer });
    await offer();
    await workbench.quickPick(SAMPLE);
    const startRow = workbench.quickPickRows.filter({ has: workbench.page.locator('.codicon-play') }).first();
    await startRow.waitFor();
    await workbench.page.keyboard.press('Enter');
    const lab = run();
    await lab.use(SAMPLE);
    await until('it trains', async () => (await lab.step()) > 0);
    await album.take('training', { page: panel });
    await until('the run has ended', async () => (await lab.state()) === 'completed', LONG);
    await workbench.page.keyboard.press('Control+b');
  });

  for (const name of ['loss', 'gradients', 'gates', 'explain', 'text', 'generate', 'compare'] as const) {
    it(`shows the tab ${name}`, async () => {
      await actUntil(
        `the tab ${name} is open`,
        async () => (await panel()).locator(`#tab-${name}`).click(CLICK),
        async () => (await panel()).locator(`#body-${name}`).isVisible(),
      );
      if (name === 'generate') await (await panel()).locator('.generate-buttons button').click();
      await (await panel()).locator(`#body-${name} ${tabs[name]}`).first().waitFor();
      await album.take(name, { page: panel });
    });
  }

  it('opens the course at its table of contents', async () => {
    // In the whole width of the window.
    await bench().workbench.runCommand('View: Close All Editors');
    await bench().workbench.runCommand(packageText('commands.openCourse'));
    await eventually(async () =>
      assert.equal(await (await course()).locator('[data-lesson]').count(), LESSON_IDS.length),
    );
    await album.take('course', { page: course });
    await (await course()).locator(`[data-lesson=${LESSON_IDS[0]}]`).click();
  });

  LESSON_IDS.forEach((id, i) => {
    it(`goes through lesson ${i + 1}, ${id}`, async () => {
      await (await course()).locator(`article[data-lesson=${id}]`).waitFor();
      const { clicks, shows, charts } = lessonStages[id];
      for (const click of clicks) await train(click);
      const page = await course();
      for (const selector of shows) await page.locator(`article ${selector}`).first().waitFor();
      await eventually(async () => assert.deepEqual(await chartsOf(page), { drawn: charts, empty: [] }));
      assert.equal(await page.locator('article > [role=alert]').innerText(), '');
      await page.locator('article > section[role=status] li').first().waitFor();
      await album.take(`lesson-${id}`, { page: course });
    });

    it(`leaves lesson ${i + 1} by its button`, async () => {
      const next = (await course()).locator('[data-go=next]');
      const isLast = i === LESSON_IDS.length - 1;
      assert.equal(await next.count(), isLast ? 0 : 1);
      if (!isLast) await next.click();
    });
  });

  it('takes less than ten minutes of two cores', async () => {
    const seconds = await processorSeconds();
    console.log(
      `The walk took ${((performance.now() - start) / 60_000).toFixed(1)} minutes ` +
        `and ${(seconds / 60).toFixed(1)} minutes of processor time.`,
    );
    assert.ok(seconds < MAX_PROCESSOR_SECONDS, `${seconds} s of processor time`);
  });

  /** Button of the empty view "Runs" that runs a command. */
  function welcomeButton(command: string): Locator {
    const label = new RegExp(`\\[([^\\]]+)\\]\\(command:sequenceLab\\.${command}\\)`).exec(
      packageText('views.runs.welcome'),
    )?.[1];
    assert.ok(label !== undefined, command);
    return bench().workbench.page.locator('.welcome-view-content').getByRole('button', { name: label, exact: true });
  }

  /** Trains runs of the lesson on screen with one click. */
  async function train({ in: place, toTheEnd, result }: (typeof lessonStages.cells.clicks)[number]): Promise<void> {
    const buttons = (await course()).locator(place).first();
    const [runButton, stopButton] = [buttons.locator('[data-do=run]'), buttons.locator('[data-do=stop]')];
    await actUntil(
      'the runs train',
      () => runButton.click(CLICK),
      async () => stopButton.isVisible(),
    );
    if (result !== undefined) await (await course()).locator(result).first().waitFor({ timeout: LONG });
    if (!toTheEnd) await stopButton.click(CLICK);
    await until('the runs have ended', async () => stopButton.isHidden(), LONG);
  }

  /** The number of charts of a page with curves, and the ids of those without. */
  async function chartsOf(page: Frame): Promise<{ drawn: number; empty: string[] }> {
    const ids = await page.evaluate<string[]>(
      "[...document.querySelectorAll('[data-chart]')].map((chart) => chart.dataset.chart)",
    );
    const empty: string[] = [];
    for (const id of ids) {
      const hasPoints = (await page.locator(`[data-chart="${id}"]:not(.no-points)`).count()) > 0;
      if (!hasPoints || Object.keys(await chartColors({ page }, id)).length === 0) empty.push(id);
    }
    return { drawn: ids.length - empty.length, empty };
  }
});
