import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../../scripts/lib/paths.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { LESSON_IDS } from '../../../src/protocol/lessons/lessons.ts';
import { describeInWorkbench } from '../../harness/inWorkbench.ts';
import { Lab, rhyme } from '../../harness/lab.ts';
import { packageText } from '../../harness/packageText.ts';
import { actUntil, until } from '../../harness/until.ts';

/** Settings of runs that end after a few seconds. */
const SHORT = {
  'sequenceLab.data.sequenceLength': 16,
  'sequenceLab.model.units': 8,
  'sequenceLab.training.steps': 40,
  'sequenceLab.training.validateEvery': 10,
  'sequenceLab.training.checkpointEvery': 20,
  'sequenceLab.sampling.every': 0,
  'sequenceLab.backend': 'wasm',
};

const TABLE = `Time,Temperature,Pressure\n${Array.from({ length: 200 }, (_, hour) =>
  [hour, (15 + 8 * Math.sin(hour / 4)).toFixed(2), (1000 + Math.cos(hour / 20)).toFixed(2)].join(','),
).join('\n')}\n`;

const CONFIG_FILE = 'hourly.sequence-lab.json';
const CONFIG: RunConfigInput = {
  task: { name: 'forecasting', column: 'Temperature', inputs: 'Temperature', horizon: 4 },
  data: { train: 'weather.csv', sequenceLength: 16, validationShare: 0.25 },
  model: { units: 4 },
  training: { steps: 20, validateEvery: 10, checkpointEvery: 10 },
  probes: { every: 0 },
  backend: 'wasm',
};

const REPORT = 'study.sequence-lab.md';

const files = {
  'rhyme.txt': rhyme,
  'weather.csv': TABLE,
  [CONFIG_FILE]: JSON.stringify(CONFIG),
  [REPORT]: '# Two runs\n\n```sequence-lab\nruns: all\nplot: loss\n```\n',
};

describeInWorkbench('the pages in a browser without Node', { files, settings: SHORT, web: true }, (bench) => {
  const picture = async (name: string) =>
    bench().workbench.screenshot(join(outFolder, 'screenshots', 'web', `${name}.png`));
  const exists = async (name: string) => (await readdir(bench().folder)).includes(name);

  it('inspect a table of the folder', async () => {
    const workbench = await bench().open();
    await workbench.openFile('weather.csv');
    await workbench.runCommand(packageText('commands.inspectDataSet'));
    const frame = await workbench.panelFrame('weather.csv');
    await until('the columns are shown', async () => (await frame.locator('body').innerText()).includes('Pressure'));
    await picture('inspect');
  });

  it('train with the form, and with a configuration file that names its data', async () => {
    const { workbench } = bench();
    const lab = new Lab(workbench);
    await lab.showSettings();
    await workbench.quickPick('Change cell');
    const form = await workbench.panelFrame('Train LSTM on rhyme.txt');
    const cell = form.locator('[data-field="model.cell"] select');
    await until('the form has its start', async () => cell.isVisible());
    await cell.selectOption('gru');
    await picture('form');
    await form.locator('[data-do=train]').click();
    await lab.use('rhyme.txt');
    await until('the run is completed', async () => (await lab.state()) === 'completed');
    await picture('form-trained');

    await workbench.closeEditors();
    await workbench.runCommand(packageText('commands.trainFromConfiguration'));
    await workbench.quickPickByTyping(CONFIG_FILE, /sequence-lab/);
    await lab.use('Train from configuration', 'weather.csv');
    await until('the forecaster is completed', async () => (await lab.state()) === 'completed');
    await actUntil(
      'the forecast is drawn',
      async () => (await lab.frame()).locator('#tab-results').click({ timeout: 5000 }),
      async () => (await lab.frame()).locator('[data-chart=forecast] .plot').first().isVisible(),
    );
    await picture('forecast');
  });

  it('list the runs in a table', async () => {
    const { workbench } = bench();
    await workbench.closeEditors();
    await workbench.runCommand(packageText('commands.showRuns'));
    const frame = await workbench.panelFrame('Runs');
    await until('both runs are listed', async () => (await frame.locator('.rows .row:not(.group)').count()) === 2);
    await picture('runs');
  });

  it('show a report and export it as a page', async () => {
    const { workbench } = bench();
    await workbench.closeEditors();
    await workbench.openFile(REPORT);
    await workbench.runCommand(packageText('commands.previewReport'));
    const frame = await workbench.panelFrame(REPORT);
    await until('the plot is drawn', async () => (await frame.locator('.report-plot canvas').count()) > 0);
    await picture('report');
    await frame.locator('.report-actions button').click();
    await workbench.answerPath(join(bench().folder, 'study.html'), async () => exists('study.html'));
  });

  it('open the lessons, which compute', async () => {
    const { workbench } = bench();
    await workbench.closeEditors();
    await workbench.runCommand(packageText('commands.openCourse'));
    const frame = await workbench.panelFrame('Course');
    await until('all are listed', async () => (await frame.locator('[data-lesson]').count()) === LESSON_IDS.length);
    await picture('course');
    await frame.locator('[data-lesson=clipping]').click();
    const [start, stop] = [frame.locator('[data-do=run]').first(), frame.locator('[data-do=stop]').first()];
    await actUntil(
      'the runs of the lesson train',
      async () => start.click({ timeout: 5000 }),
      async () => stop.isVisible(),
    );
    await until('the runs of the lesson have ended', async () => !(await stop.isVisible()));
    await picture('lesson');
  });
});
