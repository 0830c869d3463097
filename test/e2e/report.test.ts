import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { forecastCsv } from '../../src/export/tables/forecastCsv.ts';
import { isMissing } from '../../src/platform/files.ts';
import { readRecord } from '../../src/runs/record.ts';
import { readReport } from '../../src/runs/report.ts';
import { assertNames } from '../harness/facts.ts';
import { forecastAfterTheData } from '../harness/forecastBlock.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, rhyme } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { actUntil, until } from '../harness/until.ts';

const NAME = 'study.sequence-lab.md';
const REPORT = `# Does a GRU learn faster?

\`\`\`sequence-lab
runs: all
plot: loss
\`\`\`
`;

const SETTINGS = ['model.units=8', 'data.sequenceLength=16', 'training.steps=20', 'training.validateEvery=5'];

/** Hours of a week and a half as a German spreadsheet writes them. */
const HOURS = 24 * 11;
const TABLE = `Zeit;Temperatur;Druck\n${Array.from({ length: HOURS }, (_, t) => {
  const [date = '', clock = ''] = timeOf(t).toISOString().split('T');
  const decimal = (value: number) => value.toFixed(2).replace('.', ',');
  const temperature = 15 + 8 * Math.sin((2 * Math.PI * (t - 8)) / 24) + 0.5 * Math.sin(t * t);
  const day = date.split('-').reverse().join('.');
  return `${day} ${clock.slice(0, 5)};${decimal(temperature)};${decimal(1000 + Math.sin(t / 20))}\n`;
}).join('')}`;

function timeOf(hour: number): Date {
  return new Date(Date.UTC(2023, 0, 1, hour));
}

const FORECAST = 'next-day.sequence-lab.json';
const DAY = 24;
const CONFIG: RunConfigInput = {
  seed: 7,
  backend: 'reference',
  task: { name: 'forecasting', column: 'Temperatur', inputs: 'Temperatur', horizon: DAY },
  data: { train: 'wetter.csv', sequenceLength: 24, validationShare: 0.25 },
  model: { units: 4 },
  training: { steps: 20, validateEvery: 10, checkpointEvery: 10 },
  probes: { every: 0 },
};

const files = { 'rhyme.txt': rhyme, [NAME]: REPORT, 'wetter.csv': TABLE, [FORECAST]: JSON.stringify(CONFIG) };

describeInWorkbench('a report and a forecast in the workbench', { files }, (bench) => {
  before(async () => {
    for (const cell of ['lstm', 'gru'])
      await run(
        process.execPath,
        [
          ...[commandLine, 'train', join(bench().folder, 'rhyme.txt'), '--backend', 'wasm'],
          ...[...SETTINGS, `model.cell=${cell}`].flatMap((setting) => ['--set', setting]),
        ],
        { env: { SEQUENCE_LAB_HOME: bench().home }, quiet: true },
      );
    await bench().open();
  });

  it('is previewed with its plot, exported as a page, and still previewed after a reload of the window', async () => {
    const { workbench } = bench();
    await workbench.openFile(NAME);
    await workbench.runCommand(packageText('commands.previewReport'));
    const plotIsDrawn = async () => {
      const frame = await workbench.panelFrame(NAME);
      await until('the plot is drawn', async () => (await frame.locator('.report-plot canvas').count()) > 0);
      return frame;
    };
    const frame = await plotIsDrawn();
    await workbench.screenshot(join(outFolder, 'screenshots', 'workbench', 'report.png'));
    await frame.locator('.report-actions button').click();
    const page = join(bench().folder, 'study.html');
    const content = async () =>
      readFile(page, 'utf8').catch((error: unknown) => {
        if (isMissing(error)) return '';
        throw error;
      });
    await until('the page is written', async () => {
      await workbench.page.keyboard.press('Enter');
      return (await content()) !== '';
    });
    assert.ok((await content()).includes('validationLoss'));
    await workbench.reloadWindow();
    await plotIsDrawn();
  });

  it('inspects a table of hours with decimal commas, and shows its forecast of the next 24 hours', async () => {
    const { workbench, home } = bench();
    const picture = (name: string) => workbench.screenshot(join(outFolder, 'screenshots', 'workbench', `${name}.png`));
    await workbench.openFile('wetter.csv');
    await workbench.runCommand(packageText('commands.inspectDataSet'));
    const inspected = await workbench.panelFrame('wetter.csv');
    await until('the columns are shown', async () => (await inspected.locator('body').innerText()).includes('Druck'));
    await picture('forecast-inspected');

    // The panel of the run has one of two titles, of which the view of the data has one too.
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand(packageText('commands.trainFromConfiguration'));
    await workbench.quickPickByTyping(FORECAST, /sequence-lab/);
    const lab = new Lab(workbench);
    await lab.use('Train from configuration', 'wetter.csv');
    await until('it is trained', async () => (await lab.state()) === 'completed');
    const frame = await lab.frame();
    const block = forecastAfterTheData(frame);
    await actUntil(
      'the forecast is drawn',
      () => frame.locator('#tab-results').click({ timeout: 5000 }),
      async () => block.locator('[data-chart=forecast] .plot').isVisible(),
    );
    const time = (hour: number) => timeOf(hour).toISOString().slice(0, 16).replace('T', ' ');
    const [first, last] = [time(HOURS), time(HOURS + DAY - 1)];
    assertNames(await block.locator('p.verdict[role=status]').innerText(), DAY, first, last);
    await picture('forecast-results');

    await workbench.runCommand(packageText('commands.openForecast'));
    const shown = async () => (await workbench.editorText()).split('\n').map((line) => line.trim());
    await until('the document is open', async () => (await shown()).some((line) => line.startsWith('Temperatur,1,')));
    await picture('forecast-csv');
    const runs = await Promise.all(
      (await readdir(join(home, 'runs'))).map(async (id) => readRecord(join(home, 'runs', id))),
    );
    const forecaster = runs.find(({ config }) => config.task.name === 'forecasting');
    assert.ok(forecaster);
    assert.equal(forecaster.config.seed, CONFIG.seed);
    const blocks = (await readReport(join(home, 'runs', forecaster.id)))?.blocks ?? [];
    const expected = forecastCsv(blocks)?.trim().split(/\r?\n/) ?? [];
    assert.equal(expected.length, 1 + DAY);
    assert.ok(
      expected[1]?.startsWith(`Temperatur,1,${first},`) && expected.at(-1)?.startsWith(`Temperatur,${DAY},${last},`),
    );
    // Lines below the window are not rendered.
    const visible = (await shown()).filter((line) => line !== '');
    assert.ok(visible.length > 2);
    for (const line of visible) assert.ok(expected.includes(line), line);
  });
});
