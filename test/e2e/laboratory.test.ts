import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import * as z from 'zod';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { isMissing } from '../../src/platform/files.ts';
import { readRecord } from '../../src/runs/record.ts';
import { accessibilityProblems } from '../fixtures/panelPage/checks.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { rhyme } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { actUntil, eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');

/**
 * Settings of all runs of the grid. The batch is large enough for the probes of training to follow as many sequences as
 * those of the command line.
 */
const SHARED = [
  ...['model.units=8', 'data.sequenceLength=16', 'training.batchSize=216', 'training.patience=0'],
  ...['training.steps=40', 'training.validateEvery=20', 'probes.every=40', 'sampling.every=20', 'sampling.length=20'],
];

/** A grid of three cells, two learning rates and two seeds. */
const GRID = ['lstm', 'gru', 'rnn'].flatMap((cell) =>
  [0.01, 0.003].flatMap((rate) =>
    [1, 2].map((seed) => [`model.cell=${cell}`, `training.learningRate=${rate}`, `seed=${seed}`]),
  ),
);

/** From a grid of runs to a page that is shared. The command line trains; the rest is done in the workbench. */
describeInWorkbench('the laboratory in the workbench', { files: { 'rhyme.txt': rhyme } }, (bench) => {
  let workbench: Workbench;
  let frame: Frame;

  /** Runs the command line with the run store of the workbench. */
  const cli = (...args: readonly string[]) =>
    run(process.execPath, [commandLine, ...args], { env: { SEQUENCE_LAB_HOME: bench().home }, quiet: true });

  const train = (settings: readonly string[]) =>
    cli(
      ...['train', join(bench().folder, 'rhyme.txt'), '--backend', 'wasm'],
      ...[...SHARED, ...settings].flatMap((setting) => ['--set', setting]),
    );

  const runFolders = async () => (await readdir(join(bench().home, 'runs'))).sort();
  const folderOf = (id: string) => join(bench().home, 'runs', id);
  const rows = () => frame.locator('.rows .row:not(.group)');
  const ids = async () =>
    Promise.all((await rows().all()).map(async (row) => (await row.getAttribute('data-id')) ?? ''));
  const filter = () => frame.getByRole('combobox', { name: 'Filter' });

  before(async () => {
    for (const settings of GRID) await train(settings);
    workbench = await bench().open();
  });

  it('lists the runs of the command line, sorts, filters and groups them', async () => {
    await workbench.runCommand(packageText('commands.showRuns'));
    frame = await workbench.panelFrame('Runs');
    await until('the runs of the grid are listed', async () => (await rows().count()) === GRID.length);
    await frame.getByRole('columnheader', { name: 'Best loss' }).click();
    const records = await Promise.all((await runFolders()).map((id) => readRecord(folderOf(id))));
    const sorted = records.toSorted((a, b) => (a.progress.best?.loss ?? 0) - (b.progress.best?.loss ?? 0));
    await eventually(async () =>
      assert.deepEqual(
        await ids(),
        sorted.map(({ id }) => id),
      ),
    );
    await filter().fill('cell = gru and lr = 0.01');
    await until('two runs match', async () => (await rows().count()) === 2);
    await filter().fill('');
    await frame.locator('#group').selectOption('setup');
    await until('each pair of seeds is a group', async () => (await frame.locator('.row.group').count()) === 6);
    await workbench.screenshot(join(screenshots, 'runs.png'));
    assert.deepEqual(await accessibilityProblems({ page: frame }), []);
    await frame.locator('#group').selectOption('');
    await until('the groups are gone', async () => (await frame.locator('.row.group').count()) === 0);
  });

  it('shows a run that another process has trained meanwhile', async () => {
    await train(['model.cell=gru', 'seed=3']);
    await until('it is listed', async () => (await rows().count()) === GRID.length + 1);
  });

  it('keeps a note in the folder of the run, deletes a run, and brings it back', async () => {
    const [id = ''] = await ids();
    await rows().first().click();
    await workbench.page.keyboard.press('F2');
    await frame.locator('#edit-note').fill('The lowest loss of the grid.');
    await frame.locator('dialog button.primary').click();
    await eventually(async () =>
      assert.equal(
        await readFile(join(folderOf(id), 'note.md'), 'utf8').catch((error: unknown) => {
          if (isMissing(error)) return 'no note yet';
          throw error;
        }),
        'The lowest loss of the grid.',
      ),
    );
    await filter().fill('lowest');
    await until('the note is found', async () => (await rows().count()) === 1);
    await filter().fill('');
    await until('all runs are listed', async () => (await rows().count()) === GRID.length + 1);
    await rows().first().click();
    await workbench.page.keyboard.press('Delete');
    await until('it is in the trash', async () => !(await runFolders()).includes(id));
    await actUntil(
      'it is back',
      async () => frame.locator('[data-tool=undo]').click({ timeout: 5000 }),
      async () => (await runFolders()).includes(id),
    );
    assert.equal(await readFile(join(folderOf(id), 'note.md'), 'utf8'), 'The lowest loss of the grid.');
  });

  it('overlays the curves of the selected runs, and compares them in the panel', async () => {
    await until('all runs are listed', async () => (await rows().count()) === GRID.length + 1);
    await rows().nth(0).click();
    await rows()
      .nth(2)
      .click({ modifiers: ['Shift'] });
    await until('three curves are drawn', async () => (await frame.locator('.curve-legend .swatch').count()) === 3);
    const chosen = (await ids()).slice(0, 3);
    await frame.locator('[data-tool=compare]').click();
    await until('the panel compares them', async () => {
      const panel = await workbench.panelFrame('rhyme.txt');
      return (await panel.locator('#body-compare .ranking tbody tr').count()) === chosen.length;
    });
    await workbench.screenshot(join(screenshots, 'runs-compared.png'));
  });

  /** Chooses a file in the save dialog of the workbench, whose page has no dialogs of the system. */
  async function saveAs(file: string): Promise<void> {
    const { page, quickInput } = workbench;
    const name = quickInput.locator('input.input');
    await until('the save dialog is open', async () => (await name.inputValue().catch(() => '')).endsWith('.html'));
    await name.fill(file);
    await page.keyboard.press('Enter');
    await until(`${file} is written`, async () => (await stat(file).catch(() => undefined)) !== undefined);
  }

  /** Opens a page from disk in a fresh browser without network. */
  async function openOffline(file: string, check: (page: Page) => Promise<void>): Promise<void> {
    const browser = await launchChromium();
    try {
      const page = await (await browser.newContext({ offline: true })).newPage();
      await page.goto(pathToFileURL(file).href);
      await check(page);
    } finally {
      await browser.close();
    }
  }

  const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse(await cli(...args, '--json'));

  it('exports a run with its model as a page, whose numbers are those of the command line', async () => {
    const records = await Promise.all((await runFolders()).map((id) => readRecord(folderOf(id))));
    const best = records.reduce((a, b) => ((b.progress.best?.loss ?? 9) < (a.progress.best?.loss ?? 9) ? b : a));
    await frame.locator(`.row[data-id="${best.id}"]`).click();
    await frame.locator('[data-tool=page]').click();
    await workbench.quickPick('With the model');
    const file = join(bench().folder, 'page.html');
    await saveAs(file);
    const typed = 'the cat 3 sat on the mat';
    await writeFile(join(bench().folder, 'typed.txt'), typed);
    const evaluated = await json('evaluate', best.id, join(bench().folder, 'typed.txt'), '--streams', '1');
    const probed = await json('probe', best.id);
    const { lossNats } = z.object({ lossNats: z.number() }).parse(evaluated);
    const { step, lastStep } = z.object({ step: z.number(), lastStep: z.array(z.number()) }).parse(probed);
    await openOffline(file, async (page) => {
      const { validationLoss } = best.progress;
      await eventually(async () =>
        assert.equal(
          await page.locator('[data-metric="validationLoss"] dd').innerText(),
          (validationLoss ?? NaN).toFixed(3),
        ),
      );
      assert.ok((await page.locator('#notes').innerText()).includes('The lowest loss of the grid.'));
      await page.locator('#live-text').fill(typed);
      await eventually(async () =>
        assert.ok((await page.locator('#live .verdict').first().innerText()).includes(lossNats.toFixed(3))),
      );
      assert.ok((await page.locator('#gradient .scrubbed').innerText()).includes(String(step)));
      await page.locator('[data-chart=lastStep] [data-tool=table]').click();
      const medians = await page.evaluate<number[]>(
        `[...document.querySelectorAll('[data-chart=lastStep] tbody tr')].map((row) => Number(row.lastChild.firstChild.value))`,
      );
      assert.equal(medians.length, lastStep.length);
      medians.forEach((median, lag) => assert.ok(Math.abs(median - (lastStep[lag] ?? NaN)) <= 1e-6 * median));
    });
    assert.match(await cli('verify', best.id), /equal/i);
  });

  it('exports the selected runs side by side as a page', async () => {
    await rows().nth(0).click();
    await rows()
      .nth(2)
      .click({ modifiers: ['Shift'] });
    const chosen = (await ids()).slice(0, 3);
    await frame.locator('[data-tool=page]').click();
    const file = join(bench().folder, 'comparison.html');
    await saveAs(file);
    assert.ok((await stat(file)).size < 5e6);
    const records = await Promise.all(chosen.map((id) => readRecord(folderOf(id))));
    const losses = records.map(({ progress }) => progress.best?.loss ?? NaN).sort((a, b) => a - b);
    await openOffline(file, async (page) => {
      await page.locator('#ranking .ranking tbody tr').nth(2).waitFor();
      const ranked = await page.locator('#ranking .ranking tbody tr').allInnerTexts();
      losses.forEach((loss, i) => assert.ok(ranked[i]?.includes(loss.toFixed(3)), ranked[i]));
      assert.equal(await page.locator('.run-details .samples').count(), chosen.length);
    });
  });
});
