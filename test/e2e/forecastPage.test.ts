import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referenceBackend } from '../../src/backends/reference.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import { inspectDataSet } from '../../src/data/inspect/inspectDataSet.ts';
import { applicableTo } from '../../src/protocol/applicableTo.ts';
import { readReport } from '../../src/runs/report.ts';
import { forecast } from '../../src/worker/forecast.ts';
import { Session } from '../../src/worker/session.ts';
import { bundlePanel, PanelPage } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { assertNames } from '../harness/facts.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

/** Hours of a week and a half as a German spreadsheet writes them, the last one first. */
const HOURS = 24 * 11;
const TABLE = `Zeit;Temperatur;Druck\n${Array.from({ length: HOURS }, (_, i) => {
  const t = HOURS - 1 - i;
  const [date = '', clock = ''] = new Date(Date.UTC(2023, 0, 1, t)).toISOString().split('T');
  const decimal = (value: number) => value.toFixed(2).replace('.', ',');
  const day = date.split('-').reverse().join('.');
  const temperature = 15 + 8 * Math.sin((2 * Math.PI * (t - 8)) / 24) + 0.5 * Math.sin(t * t);
  return `${day} ${clock.slice(0, 5)};${decimal(temperature)};${decimal(1000 + Math.sin(t / 20))}\n`;
}).join('')}`;

describeInBrowser('a table of hours with decimal commas', bundlePanel, (pages) => {
  const home = temporaryFolder();
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('is opened, inspected and forecast, and its next 24 hours are drawn', async () => {
    const source = { kind: 'text', text: TABLE, name: 'wetter.csv' } as const;
    const { kind, columns } = await inspectDataSet(source, { validationShare: 0.1, seed: 1 });
    assert.equal(kind, 'table');
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['Zeit', 'Temperatur', 'Druck'],
    );
    const config = parseRunConfig({
      backend: 'reference',
      task: { name: 'forecasting', column: 'Temperatur', inputs: 'Temperatur', horizon: 24 },
      data: { sequenceLength: 24, validationShare: 0.25 },
      model: { units: 4 },
      training: { steps: 10, validateEvery: 10, checkpointEvery: 10 },
      probes: { every: 0 },
    });
    const backends = { home: home(), tensorflowPath: '', wideSimd: false };
    const session = await Session.start({ config, source, out: join(home(), 'run'), backends }, () => undefined);
    await session.train();
    const { points, step } = await forecast(session.folder, { backTest: false }, backends);
    assert.equal(step, '1 hour');
    assert.deepEqual(
      [points[0]?.time, points.at(-1)?.time, points.length],
      ['2023-01-12 00:00', '2023-01-12 23:00', 24],
    );
    // The season of a day is found, so even a model that is hardly trained is near the truth.
    for (const { value, ahead } of points)
      assert.ok(Math.abs(value - 15 - 8 * Math.sin((2 * Math.PI * (ahead - 9)) / 24)) < 3, `${ahead}: ${value}`);
    assert.match(await readFile(join(session.folder, 'data', 'train-wetter.csv'), 'utf8'), /^Zeit;/);

    const report = await readReport(session.folder);
    assert.ok(report);
    for (const theme of ['dark', 'light'] as const) {
      const shown = await PanelPage.open(pages, { theme });
      await shown.showRun(trainingRun(400, { applies: applicableTo(config) }));
      await shown.panel.openTab('results');
      await shown.panel.results(report);
      await shown.idle();
      const block = shown.page.getByRole('region', { name: 'Forecast of Temperatur after the last row', exact: true });
      assertNames(
        await block.locator('p.verdict[role=status]').innerText(),
        24,
        '2023-01-12 00:00',
        '2023-01-12 23:00',
      );
      assert.ok(await block.locator('[data-chart=forecast] .plot').isVisible());
      await takePicture(shown.page, `results/forecast-${theme}.png`);
    }
  });
});
