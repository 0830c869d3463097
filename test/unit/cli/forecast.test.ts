import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { ExitCode, exitCodeOf } from '../../../src/cli/exitCodes.ts';
import { forecastSeries } from '../../../src/cli/forecast.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { forecastCsv } from '../../../src/export/tables/forecastCsv.ts';
import { readReport } from '../../../src/runs/report.ts';
import type { Forecasted } from '../../../src/worker/tasks/storedModel.ts';
import { assertNames, errorWith, type Fact } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, train } from '../worker/fixture.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
const HOUR = 3_600_000;
const HORIZON = 4;

/** Hours of ten days with a season of a day, as a German spreadsheet writes them. */
function hours(count: number, delimiter = ';'): string {
  const rows = Array.from({ length: count }, (_, t) => {
    const [date = '', clock = ''] = new Date(Date.UTC(2024, 1, 20, t)).toISOString().split('T');
    const load = 50 + 20 * Math.sin((2 * Math.PI * t) / 24) + Math.sin(t * t);
    const day = date.split('-').reverse().join('.');
    return `${day} ${clock.slice(0, 5)}${delimiter}${load.toFixed(2).replace('.', ',')}\n`;
  });
  return `Zeit${delimiter}Last\n${rows.join('')}`;
}

const TABLE = hours(240);

describe('sequence-lab forecast', function () {
  this.timeout(600_000);
  const home = temporaryFolder();
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, SEQUENCE_LAB_HOME: home() };
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, 'forecast', ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  const forecaster = async () =>
    train({
      config: parseRunConfig({
        backend: 'reference',
        task: { name: 'forecasting', column: 'Last', horizon: HORIZON },
        data: { sequenceLength: 12, validationShare: 0.25 },
        model: { units: 4 },
        training: { batchSize: 16, steps: 10, validateEvery: 10, checkpointEvery: 10 },
        probes: { every: 0 },
      }),
      source: { kind: 'text', text: TABLE, name: 'load.csv' },
      backends: request(home()).backends,
    });

  const cells = (csv: string) =>
    csv
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));

  it('prints the same steps after the last row as a table, CSV and JSON, and a back-test by origin', async () => {
    const { folder } = await forecaster();
    const json = await run(folder, '--json', '--back-test');
    assert.equal(json.code, 0, json.stderr);
    const found = JSON.parse(json.stdout) as Forecasted;
    assert.deepEqual(
      found.points.map(({ ahead }) => ahead),
      Array.from({ length: HORIZON }, (_, h) => h + 1),
    );
    const last = Date.UTC(2024, 1, 20, 239);
    for (const { column, ahead, time, value, low, high } of found.points) {
      assert.equal(column, 'Last');
      assert.equal(
        Date.parse(`${time?.replace(' ', 'T') ?? ''}${time?.includes(' ') ? 'Z' : ''}`),
        last + ahead * HOUR,
      );
      assert.ok(low !== null && high !== null && low <= value && value <= high, `${low} ${value} ${high}`);
    }

    const csv = await run(folder, '--csv');
    const [head, ...rows] = cells(csv.stdout);
    assert.deepEqual(head, ['column', 'ahead', 'time', 'value', 'low', 'high']);
    const expected = found.points.map(({ column, ...point }) => [
      column,
      ...[point.ahead, point.time, point.value, point.low, point.high].map(String),
    ]);
    assert.deepEqual(rows, expected);
    assert.equal(csv.stdout, forecastCsv((await readReport(folder))?.blocks ?? []), 'the forecast of Results');

    const { stdout, stderr } = await run(folder, '--back-test');
    for (const note of found.notes) assertNames(stderr, note);
    const [points = '', errors = '', origins = ''] = stdout.split('\n\n');
    assert.deepEqual(
      points
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/ {2,}/)),
      expected,
    );
    const [tested] = found.backTest ?? [];
    assert.ok(tested);
    const methods = Object.entries(tested.methods);
    const baselines = methods.map(([name]) => name);
    assert.equal(baselines[0], 'model');
    for (const name of ['last value', 'seasonal naive', 'mean', 'linear regression', 'exponential smoothing'])
      assert.ok(baselines.includes(name), name);
    const inRow = (name: string, values: readonly (number | null)[]) =>
      [name, ...values.map((value) => value?.toPrecision(4) ?? '-')].join(' ');
    const lines = (text: string) => text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' '));
    for (const [name, { mae, rmse, smape, mase }] of methods)
      assert.ok(lines(errors).includes(inRow(name, [mae, rmse, smape, mase])), name);
    // A sentence tells whether the model beats the season, with the errors of both.
    const [model, season] = [tested.methods['model'], tested.methods['seasonal naive']];
    assertNames(tested.comparison, 24, ...[model?.mae, season?.mae].map((error) => Number(error?.toPrecision(4))));
    assertNames(tested.comparison, ...[model?.mase, season?.mase].map((error) => Number(error?.toPrecision(4))));
    assert.ok(typeof tested.comparison === 'string' && stdout.includes(tested.comparison));
    assert.equal(tested.origins.length, 15);
    for (const { after, methods: own } of tested.origins)
      assert.ok(
        lines(origins).includes(
          inRow(
            String(after),
            baselines.map((name) => own[name]?.mae ?? null),
          ),
        ),
        String(after),
      );
  });

  it('continues a file, read as --set says, and beyond the trained horizon', async () => {
    const { folder } = await forecaster();
    const path = join(home(), 'other.txt');
    await writeFile(path, hours(200, '\t'));
    const { code, stdout, stderr } = await run(folder, path, '--set', 'data.delimiter=tab', '--horizon', '6', '--json');
    assert.equal(code, 0, stderr);
    const { points } = JSON.parse(stdout) as Forecasted;
    assert.deepEqual([points.length, points[0]?.time], [6, '2024-02-28 08:00']);
    assert.deepEqual(
      points.map(({ low, high }) => [low === null, high === null]),
      points.map(({ ahead }) => [ahead > HORIZON, ahead > HORIZON]),
    );
    const [head = [], ...rows] = cells(
      (await run(folder, path, '--set', 'data.delimiter=tab', '--horizon', '6', '--csv')).stdout,
    );
    assert.equal(rows.length, 6);
    assert.deepEqual(
      rows.map((row) => row[head.indexOf('low')] === ''),
      points.map(({ low }) => low === null),
    );
  });

  it('exits with 2 for bad input, which it names, and with 1 for a run that does not forecast', async () => {
    const { folder } = await forecaster();
    const table = async (name: string, text: string) => {
      const path = join(home(), name);
      await writeFile(path, text);
      return path;
    };
    const refused: readonly (readonly [file: string | undefined, set: string[], ...facts: Fact[]])[] = [
      [join(home(), 'none.csv'), [], 'none.csv'],
      [await table('column.csv', TABLE.replace('Last', 'Druck')), [], '"Last"'],
      [await table('short.csv', hours(20)), [], 'short.csv', HORIZON],
      [undefined, ['model.units=9'], '"model.units"', 'data.delimiter'],
      [undefined, ['data.header=maybe'], 'data.header'],
    ];
    const flags = { backTest: false, json: false, csv: false };
    const check = (code: number, ...facts: readonly Fact[]) => {
      const isNamed = errorWith({}, ...facts);
      return (error: unknown) => isNamed(error) && exitCodeOf(error) === code;
    };
    for (const [file, set, ...facts] of refused)
      await assert.rejects(forecastSeries(folder, file, { ...flags, set }), check(ExitCode.badInput, ...facts));
    const other = await train(request(home(), { training: { steps: 2 } }));
    await assert.rejects(
      forecastSeries(other.folder, undefined, { ...flags, set: [] }),
      check(ExitCode.failed, basename(other.folder)),
    );
    for (const [args, ...facts] of [
      [['no-run'], '"no-run"'],
      [[folder, '--horizon', '0'], '--horizon'],
      [[folder, '--csv', '--json'], '--csv', '--json'],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ''], `${args.join(' ')}: ${stderr}`);
      assertNames(stderr, ...facts);
    }
  });
});
