import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema, type RunConfigInput } from '../../../src/config/schema.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { numberLosses } from '../../../src/training/numberLoss.ts';
import { SequenceModel } from '../../../src/models/sequenceModel.ts';
import { readTensors } from '../../../src/models/weights.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { Generator } from '../../../src/random/generator.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { readReport } from '../../../src/runs/report.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { forecast as forecastOf } from '../../../src/worker/forecast.ts';
import { Session } from '../../../src/worker/session.ts';
import type { Forecasted } from '../../../src/worker/tasks/storedModel.ts';
import { probedSequenceModel } from '../../../src/training/probedSequenceModel.ts';
import { sequenceLoss } from '../../../src/training/sequenceLoss.ts';
import { scoreSequences } from '../../../src/training/sequenceScoring.ts';
import { assertClose } from '../../oracle/compare.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertReferences, assertResumesExactly, request, train } from './fixture.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** A sine with a period of 16 steps and a line, with a cell missing. */
const SERIES = `t,sine,line\n${Array.from({ length: 200 }, (_, t) => `day ${t},${(3 + 2 * Math.sin((Math.PI * t) / 8)).toFixed(4)},${t === 50 ? '' : t}\n`).join('')}`;

describe('forecasting', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const starting = (config: RunConfigInput = {}, text = SERIES): StartRequest => ({
    config: parseRunConfig({
      backend: 'reference',
      task: { name: 'forecasting', column: 'sine', horizon: 3 },
      ...config,
      data: { sequenceLength: 12, validationShare: 0.2, ...config.data },
      model: { units: 8, ...config.model },
      training: {
        batchSize: 16,
        steps: 10,
        validateEvery: 5,
        checkpointEvery: 5,
        learningRate: 0.02,
        ...config.training,
      },
    }),
    source: { kind: 'text', text, name: 'series.csv' },
    backends: request(home()).backends,
  });

  it('has the defined loss and gradients for several predicted values, in training, probes and scores', async () => {
    const batch = {
      timeSteps: 3,
      batch: 3,
      inputs: Float32Array.from({ length: 18 }, (_, at) => Math.sin(at)),
      targets: Float32Array.from({ length: 6 }, (_, at) => Math.cos(at)),
    };
    const config = modelSchema.parse({ units: 4 });
    const model = new SequenceModel({ ...config, inputs: 2, inputKind: 'vectors', outputs: 2, outputKind: 'number' });
    model.initialize(Generator.forPurpose(1, 'weights'), config);
    const { value, grads } = tf.variableGrads(() => sequenceLoss(model, batch, {}));
    const outputs = model
      .outputsOf(model.lastHidden(tf.tensor3d(batch.inputs, [3, 3, 2]), model.zeroState(3)))
      .dataSync();
    const errors = Array.from(outputs, (output, at) => output - batch.targets[at]!);
    const loss = errors.reduce((sum, error) => sum + error ** 2, 0) / 6;
    assertClose('loss', await value.data(), [loss], 1e-5);
    // The gradient of the output layer's bias is the mean of the errors, by steps ahead.
    const gradients = await readTensors(
      model.parameters.map(({ name, variable }) => ({ name, tensor: grads[variable.name]! })),
    );
    const bias = gradients.find(({ name }) => name === 'dense/bias');
    assertClose(
      'bias',
      bias?.values ?? [],
      [0, 1].map((ahead) => (2 / 6) * [0, 1, 2].reduce((sum, b) => sum + errors[2 * b + ahead]!, 0)),
      1e-5,
    );
    assertClose('scored', [(await scoreSequences(model, [batch], () => Promise.resolve())).loss], [loss], 1e-5);
    const probed = probedSequenceModel(model, batch).losses([2, 0, 1], model.zeroState(3), () => undefined);
    assertClose('probed', [tf.mean(probed).dataSync()[0]!], [loss], 1e-5);
  });

  it('has the quantile loss of its definition, in training, probes and scores', async () => {
    const quantiles = [0.1, 0.5, 0.8];
    const batch = {
      timeSteps: 3,
      batch: 2,
      inputs: Float32Array.from({ length: 6 }, (_, at) => Math.sin(at)),
      targets: Float32Array.from([0.5, -1, 2, 0.25]),
    };
    const config = modelSchema.parse({ units: 3 });
    const model = new SequenceModel({ ...config, inputs: 1, inputKind: 'vectors', outputs: 6, outputKind: 'number' });
    model.initialize(Generator.forPurpose(1, 'weights'), config);
    const outputs = model
      .outputsOf(model.lastHidden(tf.tensor3d(batch.inputs, [3, 2, 1]), model.zeroState(2)))
      .dataSync();
    const losses = Array.from(outputs, (output, at) => {
      const [error, q] = [batch.targets[Math.floor(at / 3)]! - output, quantiles[at % 3]!];
      return error >= 0 ? q * error : (q - 1) * error;
    });
    const loss = losses.reduce((sum, each) => sum + each, 0) / 12;
    assertClose('loss', await sequenceLoss(model, batch, {}, quantiles).data(), [loss], 1e-5);
    const scored = await scoreSequences(model, [batch], () => Promise.resolve(), quantiles);
    assertClose('scored', [scored.loss], [loss], 1e-5);
    const probed = probedSequenceModel(model, batch, quantiles).losses([1, 0], model.zeroState(2), () => undefined);
    assertClose('probed', [tf.mean(probed).dataSync()[0]!], [loss], 1e-5);
    // The constant with the smallest quantile loss is the quantile.
    const values = tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const lossAt = (guess: number) => tf.mean(numberLosses(tf.fill([10], guess), values, [0.8])).dataSync()[0]!;
    for (const other of [7, 7.5, 9.5, 10]) assert.ok(lossAt(8.5) < lossAt(other), String(other));
  });

  it('learns a sine better than its baselines, and the stored model scores a file in its units', async () => {
    const { folder, events } = await train(
      starting({
        task: { name: 'forecasting', column: 'sine', horizon: 3, inputs: '*', transform: 'none', season: 12 },
        training: { steps: 300, validateEvery: 100, checkpointEvery: 300, learningRate: 0.01 },
      }),
    );
    const [start] = events.of('start');
    assert.ok(start);
    assertReferences(start);
    assertNames(start.facts.map(say).join('; '), 'sine, line', 200, 3, 12, 146, 38);
    assertNames(start.notices.map(say).join(), ' t.', 52, '"line"');
    // A linear recurrence describes a sine, and the season that is set is not its period.
    const loss = events.of('validation').at(-1)?.loss ?? NaN;
    assert.ok(
      loss < 0.5 * Math.min(...['last value', 'seasonal naive', 'mean'].map((name) => start.baselines[name] ?? NaN)),
      `${loss} of ${JSON.stringify(start.baselines)}`,
    );

    const path = join(home(), 'other.csv');
    await writeFile(path, SERIES.replaceAll('day', 'd'));
    const { measures, predictions, skipped } = await evaluate(folder, path, {}, request(home()).backends);
    assert.deepEqual([measures.task, measures.n, predictions?.length, skipped.length], ['forecasting', 186, 186, 1]);
    assertNames(skipped[0]?.where, 52);
    const foretold = predictions?.map((line) => line.split('\t').map(Number)) ?? [];
    const square = foretold.flatMap((row, at) =>
      row.map((value, ahead) => (value - (3 + 2 * Math.sin((Math.PI * (at + 12 + ahead)) / 8))) ** 2),
    );
    assertClose(
      'rmse',
      [Number(measures['rmse'])],
      [Math.sqrt(square.reduce((sum, each) => sum + each, 0) / square.length)],
      1e-3,
    );
    const blocks = (await readReport(folder))?.blocks ?? [];
    assert.deepEqual(
      blocks.map(({ kind }) => kind),
      ['forecast', 'forecast', 'table', 'table', 'table'],
    );
    const [next, forecast] = blocks;
    assert.ok(next?.kind === 'forecast');
    assert.deepEqual([next.errors, next.origins.length, next.origins[0]?.values.length], [undefined, 1, 3]);
    assert.ok(forecast?.kind === 'forecast');
    assertNames(forecast.title, 'sine');
    assert.equal(forecast.season, 12);
    assert.deepEqual([forecast.firstRow, forecast.truth.length, forecast.horizon], [149, 52, 3]);
    const sine = (row: number) => 3 + 2 * Math.sin((Math.PI * (row - 1)) / 8);
    forecast.truth.forEach((value, i) => assertClose('truth', [value], [sine(forecast.firstRow + i)], 1e-3));
    assert.deepEqual([forecast.origins[0]?.at, forecast.origins.at(-1)?.at], [11, 51]);
    assert.ok(forecast.errors);
    const { model, lastValue } = forecast.errors;
    for (const { at, values } of forecast.origins) {
      assert.equal(values.length, 3, 'a model of several columns is not continued');
      values.forEach((value, ahead) => {
        const error = Math.abs(value - sine(forecast.firstRow + at + 1 + ahead));
        assert.ok(error < 6 * (model[ahead] ?? 0), `${at} ${ahead}: ${error}`);
      });
    }
    model.forEach((error, ahead) => assert.ok(error < (lastValue[ahead] ?? 0)));
  });

  it('continues a series of one column from its own forecasts, and compares with the season', async () => {
    const text = `sine\n${Array.from({ length: 200 }, (_, t) => Math.sin((Math.PI * t) / 4).toFixed(4)).join('\n')}\n`;
    const { folder } = await train(
      starting(
        { task: { name: 'forecasting', horizon: 3 }, training: { steps: 20, validateEvery: 20, checkpointEvery: 20 } },
        text,
      ),
    );
    const [, forecast] = (await readReport(folder))?.blocks ?? [];
    assert.ok(forecast?.kind === 'forecast' && forecast.errors);
    assert.equal(forecast.season, 8);
    for (const { values } of forecast.origins) assert.equal(values.length, 120);
    assert.deepEqual(forecast.errors.season?.length, 3);
    assert.ok(Math.max(...(forecast.errors.season ?? [])) < 0.001, 'the season is exact');
  });

  /** Two shops with a season of a week, in the wrong order, with a day missing. */
  const SHOPS = `shop,day,sold,price\n${Array.from({ length: 160 }, (_, i) => {
    const [t, shop] = [79 - Math.floor(i / 2), i % 2];
    const day = new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
    const sold = (shop + 1) * (20 + 5 * Math.sin((2 * Math.PI * t) / 7) + Math.sin(t * t));
    return t === 30 ? '' : `${shop},${day},${sold.toFixed(3)},${(3 + Math.cos(t)).toFixed(3)}\n`;
  }).join('')}`;

  const variants: Readonly<Record<string, RunConfigInput['task']>> = {
    'quantiles and the calendar': {
      name: 'forecasting',
      column: 'sold',
      horizon: 3,
      loss: 'quantile',
      calendar: 'weekday',
    },
    'a recursive forecast of both columns': {
      name: 'forecasting',
      inputs: 'sold,price',
      column: 'price,sold',
      horizon: 4,
      strategy: 'recursive',
    },
    'logarithms and a split at gaps': {
      name: 'forecasting',
      column: 'sold',
      horizon: 2,
      transform: 'log-seasonal-difference',
      gaps: 'split',
    },
  };
  for (const [name, task] of Object.entries(variants)) {
    it(`of several series with ${name}: the stored model has the forecast of the report`, async () => {
      const { folder, events } = await train(
        starting(
          {
            task: { ...task, seriesColumn: 'shop' } as RunConfigInput['task'],
            data: { sequenceLength: 6 },
            training: { keepBest: false },
          },
          SHOPS,
        ),
      );
      for (const { loss } of events.of('validation')) assert.ok(Number.isFinite(loss));
      const blocks = (await readReport(folder))?.blocks ?? [];
      const next = blocks.filter((block) => block.kind === 'forecast').filter(({ errors }) => !errors);
      const found = await forecastOf(folder, { backTest: true }, request(home()).backends);
      const columns = found.columns.map(({ column }) => column);
      assert.deepEqual(
        next.map(({ series, column }) => [series, column]),
        ['0', '1'].flatMap((series) => columns.map((column) => [series, column])),
      );
      for (const { series, column, truth, times, origins } of next) {
        const points = found.points.filter((point) => point.series === series && point.column === column);
        assert.deepEqual(
          points.map(({ value, low, high, time }) => [value, low, high, time]),
          origins[0]?.values.map((value, h) => [
            value,
            origins[0]?.low?.[h] ?? null,
            origins[0]?.high?.[h] ?? null,
            times?.[truth.length + h],
          ]),
        );
        assert.equal(points[0]?.time, '2024-03-21');
        for (const { value, low, high } of points)
          assert.ok(low !== null && high !== null && low <= value && value <= high);
      }
      const [tested] = found.backTest ?? [];
      assert.ok(tested && tested.n > 1 && tested.origins.every(({ after }) => String(after) >= '2024-03-04'));
      assert.deepEqual(Object.keys(tested.methods)[0], 'model');
    });
  }

  it('continues beyond its horizon from its own forecasts, and says so', async () => {
    const text = `sine\n${Array.from({ length: 200 }, (_, t) => Math.sin((Math.PI * t) / 4).toFixed(4)).join('\n')}\n`;
    const { folder } = await train(starting({ task: { name: 'forecasting', horizon: 3 } }, text));
    const of = async (steps?: number): Promise<Forecasted> =>
      forecastOf(folder, { steps, backTest: false }, request(home()).backends);
    const [short, long] = [await of(), await of(8)];
    assert.deepEqual([short.points.length, long.points.length], [3, 8]);
    assert.deepEqual(long.points.slice(0, 3), short.points);
    assert.deepEqual(
      long.points.map(({ low }) => low === null),
      [false, false, false, true, true, true, true, true],
    );
    assertNames(long.notes.map(say).join(' '), 3);
    assert.ok(long.notes.length > short.notes.length);
    const other = await train(starting({ task: { name: 'forecasting', column: 'sine', inputs: '*', horizon: 3 } }));
    await assert.rejects(
      forecastOf(other.folder, { steps: 4, backTest: false }, request(home()).backends),
      errorWith({ name: 'InputError', code: 'impossible' }, 3, 'line'),
    );
  });

  describe('of a run of version 0.1', () => {
    const stored = fileURLToPath(new URL('../../fixtures/forecasting-0.1/', import.meta.url));

    it('opens unchanged: the same forecasts and errors of the same file', async () => {
      const { measures, predictions } = await evaluate(
        stored,
        join(stored, 'data', 'train-series.csv'),
        {},
        request(home()).backends,
      );
      const expected = JSON.parse(await readFile(join(stored, 'evaluated.json'), 'utf8')) as {
        measures: { mse: number; rmse: number };
        predictions: string[];
      };
      assert.deepEqual(predictions, expected.predictions);
      assertClose('mse', [Number(measures['mse'])], [expected.measures.mse], 1e-6);
      assertClose('rmse', [Number(measures['rmse'])], [expected.measures.rmse], 1e-6);
      assert.equal((await readReport(stored))?.blocks.length, 2);
      const { points } = await forecastOf(stored, { backTest: false }, request(home()).backends);
      assert.equal(points.length, 2);
    });

    it('goes on with the same inputs and scale', async () => {
      const folder = join(home(), 'older');
      await cp(stored, folder, { recursive: true });
      const session = await Session.resume(
        { folder, changes: { steps: 8 }, backends: request(home()).backends },
        () => undefined,
      );
      await session.train();
      const older = JSON.parse(await readFile(join(stored, 'model', 'series.json'), 'utf8')) as { means: number[] };
      const newer = JSON.parse(await readFile(join(folder, 'model', 'series.json'), 'utf8')) as {
        version: number;
        scales: { inputs: { mean: number }[] }[];
      };
      assert.equal(newer.version, 2);
      assertClose('means', newer.scales[0]?.inputs.map(({ mean }) => mean) ?? [], older.means, 1e-9);
    });
  });

  it('resumes exactly: 10 steps, and 5 resumed to 10, end with identical weights', async () => {
    const config = { model: { cell: 'gru', layers: 2, dropout: 0.2, units: 4 } } as const;
    const { whole } = await assertResumesExactly((steps) => starting({ ...config, training: { steps } }));
    assert.equal((await readRecord(whole.folder)).source?.snapshot, true);
  });

  it('reports what is wrong with its data', async () => {
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', column: 't' } })),
      errorWith({ name: 'InputError', fields: ['task.column'] }, '"series.csv"', '"t"', 'sine, line'),
    );
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', horizon: 3 } }, 'a\n1\n2\n3\n')),
      errorWith({ name: 'InputError', code: 'too-short' }, 2, 15, 'data.sequenceLength', 'task.horizon'),
    );
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', column: 'sine', horizon: 50 } })),
      errorWith({ name: 'InputError', code: 'too-short' }, 40, 50, 'data.validationShare', 'task.horizon'),
    );
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', missing: 'refuse' } })),
      errorWith({ code: 'unreadable' }, 52),
    );
  });
});
