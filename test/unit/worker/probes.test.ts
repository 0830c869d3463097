import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { probe as probeSchema, type Probe } from '../../../src/protocol/probes.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readProbes } from '../../../src/runs/probeStore.ts';
import { Session } from '../../../src/worker/session.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { recorder, request } from './fixture.ts';

const EVERY_FIVE = { probes: { every: 5 } };

/** A probe without its time. */
function timeless(probes: readonly Probe[]): Omit<Probe, 'seconds'>[] {
  return probes.map(({ seconds: _, ...probe }) => probe);
}

describe('probes of a run', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  async function train(config: RunConfigInput) {
    const events = recorder();
    const session = await Session.start(request(home(), config), events.emit);
    return { folder: session.folder, events, end: await session.train() };
  }

  const tensors = (folder: string) => readFile(join(folder, 'checkpoints', 'step-30', 'tensors.bin'));

  it('are taken before the first step and at an interval, as files and events, but not in the metrics log', async () => {
    const { folder, events } = await train(EVERY_FIVE);
    const probes = await readProbes(folder);
    assert.deepEqual(
      probes.map(({ step }) => step),
      [0, 5, 10, 15, 20, 25, 30],
    );
    assert.deepEqual(
      events.of('probe').map(({ probe }) => probeSchema.parse(probe)),
      probes,
    );
    assert.ok((await readMetrics(folder)).every(({ event }) => event !== ('probe' as string)));
    const [first, second] = probes as [Probe, Probe];
    assert.deepEqual([first.timeSteps, first.batch, first.source], [12, 8, 'batch']);
    assert.ok((first.loss ?? 0) > (probes.at(-1)?.loss ?? 9), 'the loss on the batch falls');
    assert.ok(first.parameters.every(({ updateRatio }) => updateRatio === null));
    assert.ok(
      second.parameters.every(
        ({ updateRatio, name }) =>
          updateRatio !== null && updateRatio > 1e-5 && updateRatio < (name.endsWith('bias') ? 10 : 0.2),
      ),
    );
  });

  it('take expensive measurements in every tenth probe', async () => {
    const { folder } = await train({ probes: { every: 2 } });
    const complete = (await readProbes(folder)).filter(({ layers }) =>
      layers.some(({ lagMatrix, jacobian }) => lagMatrix.length > 0 && jacobian.state.length > 0),
    );
    assert.deepEqual(
      complete.map(({ step }) => step),
      [0, 20],
    );
  });

  it('resume exactly: 30 steps, and 15 resumed to 30, leave the same probes', async () => {
    const config = { ...EVERY_FIVE, training: { clipNorm: 0.3 } };
    const whole = await train(config);
    const half = await train({ ...config, training: { ...config.training, steps: 17 } });
    const resumed = await Session.resume(
      { folder: half.folder, changes: { steps: 30 }, backends: request(home()).backends },
      () => undefined,
    );
    await resumed.train();
    const probes = await readProbes(whole.folder);
    assert.deepEqual(timeless(await readProbes(half.folder)), timeless(probes));
    const shares = probes.map(({ clippedShare }) => clippedShare);
    assert.ok(
      shares[0] === 0 && shares.some((share) => share > 0 && share < 1),
      `some steps are clipped: ${shares.join()}`,
    );
  });

  it('do not affect training', async () => {
    const [without, often] = [await train({ probes: { every: 0 } }), await train({ probes: { every: 1 } })];
    assert.deepEqual(await readProbes(without.folder), []);
    assert.deepEqual(without.events.of('probe'), []);
    assert.deepEqual(await tensors(often.folder), await tensors(without.folder));
  });

  it('cover every layer, and leak no tensors', async () => {
    const before = tf.memory().numTensors;
    const { folder } = await train({ ...EVERY_FIVE, model: { cell: 'gru', layers: 2, embedding: 4 } });
    const [probe] = await readProbes(folder);
    assert.deepEqual(
      probe?.layers.map(({ layer, cell, direction }) => [layer, cell, direction]),
      [
        ['gru_1', 'gru', 'forward'],
        ['gru_2', 'gru', 'forward'],
      ],
    );
    assert.equal(tf.memory().numTensors, before);
  });

  it('measure a task with one loss at the end', async () => {
    const events = recorder();
    const { config, backends } = request(home(), {
      ...EVERY_FIVE,
      task: { name: 'temporal-order', validationSequences: 20 },
      data: { sequenceLength: 20 },
      model: { cell: 'rnn' },
      training: { steps: 5 },
    });
    const session = await Session.start({ config, source: { kind: 'generated' }, backends }, events.emit);
    await session.train();
    const [, { probe } = assert.fail('There are two probes.')] = events.of('probe');
    assert.deepEqual([probe.timeSteps, probe.batch, probe.layers[0]?.cell], [20, 8, 'rnn']);
    assert.equal(probe.layers[0]?.lastStep.h.length, 21);
  });

  it('report explosion at the end of a diverged run', async () => {
    const config = {
      model: { cell: 'rnn', activation: 'linear', recurrentGain: 10 },
      training: { optimizer: 'sgd', learningRate: 10, clipNorm: 0 },
    } as const;
    const { folder, end } = await train({ ...config, probes: { every: 1000 } });
    assert.equal(end.reason, 'diverged');
    const last = (await readProbes(folder)).at(-1);
    assert.deepEqual([last?.step, last?.flow[0]?.verdict], [end.steps, 'exploding']);
    assert.ok(last?.advice.every(({ occasion }) => occasion === 'not-finite' || occasion === 'exploding'));
  });
});
