import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema, type RunConfigInput } from '../../../src/config/schema.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { allWindows } from '../../../src/data/numeric/seriesWindows.ts';
import { SequenceModel } from '../../../src/models/sequenceModel.ts';
import { readTensors } from '../../../src/models/weights.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { Generator } from '../../../src/random/generator.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { readReport } from '../../../src/runs/report.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
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
  this.timeout(60_000);
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
    const shape = { timeSteps: 3, channels: 2, target: 0, horizon: 2 };
    const values = Float32Array.from({ length: 14 }, (_, at) => Math.sin(at));
    const [batch] = allWindows(values, shape, 'sine');
    assert.equal(batch?.batch, 3);
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

  it('learns a sine better than its baselines, and the stored model scores a file in its units', async () => {
    const { folder, events } = await train(
      starting({ training: { steps: 300, validateEvery: 100, checkpointEvery: 300, learningRate: 0.01 } }),
    );
    const [start] = events.of('start');
    assert.ok(start);
    assertReferences(start);
    assertNames(start.facts.map(say).join('; '), 'sine, line', 200, 3, 12, 146, 38);
    assertNames(start.notices.map(say).join(), ' t.', 52, '"line"');
    const loss = events.of('validation').at(-1)?.loss ?? NaN;
    assert.ok(
      loss < 0.5 * Math.min(...Object.values(start?.baselines ?? {})),
      `${loss} of ${JSON.stringify(start?.baselines)}`,
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
      ['forecast', 'table'],
    );
    const [forecast] = blocks;
    assert.ok(forecast?.kind === 'forecast');
    assertNames(forecast.title, 'sine');
    // The sine has a period of 16 steps, which a window of 12 does not hold.
    assert.equal(forecast.season, null);
    assert.deepEqual([forecast.firstRow, forecast.truth.length, forecast.horizon], [149, 52, 3]);
    const sine = (row: number) => 3 + 2 * Math.sin((Math.PI * (row - 1)) / 8);
    forecast.truth.forEach((value, i) => assertClose('truth', [value], [sine(forecast.firstRow + i)], 1e-3));
    assert.deepEqual([forecast.origins[0]?.at, forecast.origins.at(-1)?.at], [11, 51]);
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
    const [forecast] = (await readReport(folder))?.blocks ?? [];
    assert.ok(forecast?.kind === 'forecast');
    assert.equal(forecast.season, 8);
    for (const { values } of forecast.origins) assert.equal(values.length, 120);
    assert.deepEqual(forecast.errors.season?.length, 3);
    assert.ok(Math.max(...(forecast.errors.season ?? [])) < 0.001, 'the season is exact');
  });

  it('resumes exactly: 10 steps, and 5 resumed to 10, end with identical weights', async () => {
    const config = { model: { cell: 'gru', layers: 2, dropout: 0.2, units: 4 } } as const;
    const { whole } = await assertResumesExactly((steps) => starting({ ...config, training: { steps } }));
    assert.equal((await readRecord(whole.folder)).source?.snapshot, true);
  });

  it('reports what is wrong with its data', async () => {
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', column: 't' } })),
      errorWith({ name: 'ConfigError', fields: ['task.column'] }, '"series.csv"', '"t"', 'sine, line'),
    );
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', horizon: 3 } }, 'a\n1\n2\n3\n')),
      errorWith({ name: 'InputError', code: 'too-short' }, 2, 15, 'data.sequenceLength', 'task.horizon'),
    );
    await assert.rejects(
      train(starting({ task: { name: 'forecasting', missing: 'refuse' } })),
      errorWith({ code: 'unreadable' }, 52),
    );
  });
});
