import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { parseRunConfig } from '../../src/config/parse.ts';
import { forecastCsv } from '../../src/export/tables/forecastCsv.ts';
import type { Lab } from '../../src/host/lab.ts';
import { readReport } from '../../src/runs/report.ts';
import { openLab, runAccepting, training, untilState, writeText, withoutEditors } from './support.ts';

const HORIZON = 6;
const DAYS = 120;

/** Days with a season of a week. */
const TABLE = `day,sold\n${Array.from({ length: DAYS }, (_, t) => {
  const day = new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
  return `${day},${(20 + 5 * Math.sin((2 * Math.PI * t) / 7) + Math.sin(t * t)).toFixed(3)}\n`;
}).join('')}`;

describe('open forecast as CSV', function () {
  this.timeout(240_000);
  let lab: Lab;

  before(async () => {
    lab = await openLab();
  });
  withoutEditors();

  it('opens the forecast after the last row as an unsaved document, with dates and intervals', async () => {
    const { run, ready } = lab.runs.start({
      config: parseRunConfig({
        backend: 'reference',
        task: { name: 'forecasting', column: 'sold', horizon: HORIZON },
        data: { sequenceLength: 7, validationShare: 0.25 },
        model: { units: 4 },
        training: { steps: 6, validateEvery: 6, checkpointEvery: 6, patience: 0 },
        probes: { every: 0 },
      }),
      name: 'sold.csv',
      source: { kind: 'file', path: await writeText('sold.csv', TABLE) },
    });
    await ready;
    await untilState(run, 'completed');
    await runAccepting('sequenceLab.openForecast', run);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document?.isUntitled);
    const lines = (text: string) => text.trim().split(/\r?\n/);
    assert.deepEqual(lines(document.getText()), lines(forecastCsv((await readReport(run.folder))?.blocks ?? []) ?? ''));
    const [head, ...rows] = lines(document.getText()).map((line) => line.split(','));
    assert.deepEqual(head, ['column', 'ahead', 'time', 'value', 'low', 'high']);
    assert.deepEqual(
      rows.map(([column, ahead, time]) => [column, ahead, time]),
      Array.from({ length: HORIZON }, (_, h) => [
        'sold',
        String(h + 1),
        new Date(Date.UTC(2024, 0, 1 + DAYS + h)).toISOString().slice(0, 10),
      ]),
    );
    for (const [value = NaN, low = NaN, high = NaN] of rows.map((row) => row.slice(3).map(Number)))
      assert.ok(low <= value && value <= high, `${low} ${value} ${high}`);
  });

  it('opens nothing for a run without a forecast', async () => {
    const { run, ready } = lab.runs.start(await training('no-series.txt', { steps: 2 }));
    await ready;
    await untilState(run, 'completed');
    await runAccepting('sequenceLab.openForecast', run);
    assert.deepEqual(
      vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled),
      [],
    );
  });
});
