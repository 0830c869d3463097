import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { KEPT_INSPECTIONS, MAX_INSPECTED_STEPS } from '../../../src/protocol/inspection.ts';
import { isSuperseded } from '../../../src/protocol/inspector.ts';
import type { Probe } from '../../../src/protocol/probes.ts';
import { readProbes } from '../../../src/runs/probeStore.ts';
import { Session } from '../../../src/worker/session.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, rhyme } from './fixture.ts';
import { openTrainer, trainerOfTest } from './openTrainer.ts';
import { errorWith } from '../../harness/facts.ts';

const inspect = (text: string, changes: { from?: number; top?: number; reader?: string } = {}) => ({
  reader: 'test',
  from: 0,
  top: 3,
  text,
  ...changes,
});
const hidden = { layer: 'lstm_1', direction: 'forward', activation: 'hidden' } as const;
const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe('inspector over a worker thread', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const opened = trainerOfTest();

  const backends = () => request(home()).backends;

  /** The folder of a run that was trained elsewhere. */
  async function stored(config: RunConfigInput = {}): Promise<string> {
    const session = await Session.start(request(home(), config), () => undefined);
    await session.train();
    return session.folder;
  }

  it('rejects queries without a model', async () => {
    await assert.rejects(opened().trainer.inspect(inspect('the cat')), { name: 'Error' });
    await assert.rejects(opened().trainer.openRun({ folder: home(), backends: backends() }), { name: 'UnusableError' });
  });

  it('inspects a stored run: tokens, surprisal, most likely tokens, unknown tokens', async () => {
    const folder = await stored({ training: { steps: 150 } });
    const { trainer } = opened();
    await trainer.openRun({ folder, backends: backends() });
    const text = 'the cat \u{1f600} the';
    const all = await trainer.inspect(inspect(text));
    assert.equal(all.step, 150);
    assert.deepEqual(all.tokens, Array.from(text));
    assert.deepEqual(all.offsets, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13]);
    assert.deepEqual(all.unknown, [8]);
    assert.deepEqual([all.surprisal[0], all.top[0]], [null, []]);
    assert.ok(
      sum(all.surprisal.slice(1, 8)) < 7 * Math.log(20),
      'the surprisal of a learned text is lower than that of a uniform guess',
    );
    assert.deepEqual(
      all.top.slice(1).map(({ length }) => length),
      new Array(12).fill(3),
    );
    for (const [t, predictions] of all.top.entries()) {
      const own = predictions.find(({ token }) => token === all.tokens[t]);
      if (own) assert.ok(Math.abs(-Math.log(own.probability) - (all.surprisal[t] ?? NaN)) < 1e-4);
    }
    assert.deepEqual(all.layers, [
      {
        layer: 'lstm_1',
        direction: 'forward',
        cell: 'lstm',
        units: 12,
        activations: ['input', 'forget', 'candidate', 'output', 'cellState', 'hidden'],
      },
    ]);

    // The preceding text only sets the state: equal tokens give equal results.
    const late = await trainer.inspect(inspect(text, { from: 9, top: 0 }));
    assert.deepEqual(late.tokens, [' ', 't', 'h', 'e']);
    assert.deepEqual(late.offsets, [10, 11, 12, 13]);
    late.surprisal.forEach((value, t) => assert.ok(Math.abs((value ?? NaN) - (all.surprisal[t + 9] ?? NaN)) < 1e-4));
    const map = async (id: number) =>
      trainer.activationMap({ inspection: id, ...hidden, activation: 'forget', sort: 'index' });
    const [whole, part] = [await map(all.id), await map(late.id)];
    assert.deepEqual([whole.units, whole.timeSteps, whole.low, whole.high], [12, 13, 0, 1]);
    for (let unit = 0; unit < 12; unit++) {
      const [a, b] = [whole.values.slice(unit * 13 + 9, unit * 13 + 13), part.values.slice(unit * 4, unit * 4 + 4)];
      assert.ok(a.every((byte, t) => Math.abs(byte - (b[t] ?? NaN)) <= 1));
    }
    await assert.rejects(trainer.inspect(inspect('')), { name: 'Error' });
    await assert.rejects(trainer.inspect(inspect('abc', { from: 9 })), errorWith({ name: 'Error' }, 9));
  });

  it('returns unit activations and connectivity at full precision', async () => {
    const folder = await stored();
    const { trainer } = opened();
    await trainer.openRun({ folder, backends: backends() });
    const { id, tokens, offsets, surprisal } = await trainer.inspect(inspect(rhyme.slice(0, 40)));
    const { traces } = await trainer.unitTraces({ inspection: id, layer: 'lstm_1', direction: 'forward', unit: 4 });
    const of = (name: string) =>
      traces.find(({ activation }) => activation === name)?.values.map((value) => value ?? NaN) ?? [];
    of('hidden').forEach((h, t) =>
      assert.ok(Math.abs(h - (of('output')[t] ?? NaN) * Math.tanh(of('cellState')[t] ?? NaN)) < 1e-6),
    );
    const place = { inspection: id, layer: 'lstm_1', direction: 'forward', activation: 'cellState' } as const;
    const { units } = await trainer.unitRoles(place);
    assert.deepEqual(
      units.map(({ unit }) => unit).sort((a, b) => a - b),
      [...Array(12).keys()],
    );
    const { norms } = await trainer.connectivity({ inspection: id, token: 12 });
    assert.equal(norms.length, 12);
    assert.ok(norms.every((norm) => norm !== null && norm > 0));
    assert.deepEqual((await trainer.connectivity({ inspection: id, token: 0 })).norms, []);

    const course = await trainer.course({
      reader: 'colors',
      text: rhyme.slice(0, 40),
      from: 0,
      unit: { ...hidden, unit: 4 },
    });
    assert.deepEqual(course.offsets, offsets);
    assert.deepEqual(course.surprisal, surprisal);
    assert.deepEqual(course.values, of('hidden'));
    const { contexts, tokens: read } = await trainer.firings({
      text: rhyme.slice(0, 40),
      ...hidden,
      unit: 4,
      limit: 2,
      apart: 5,
    });
    assert.equal(read, 40);
    const strongest = Math.max(...of('hidden'));
    assert.deepEqual(contexts[0], {
      offset: offsets[of('hidden').indexOf(strongest)],
      token: tokens[of('hidden').indexOf(strongest)],
      value: strongest,
    });

    await assert.rejects(
      trainer.unitTraces({ inspection: id, layer: 'lstm_9', direction: 'forward', unit: 0 }),
      errorWith({ name: 'Error' }, '"lstm_9"'),
    );
    await assert.rejects(trainer.connectivity({ inspection: id, token: 99 }), errorWith({ name: 'Error' }, 40, 99));
    for (let count = 0; count < KEPT_INSPECTIONS; count++) await trainer.inspect(inspect('the'));
    await assert.rejects(trainer.unitTraces({ inspection: id, layer: 'lstm_1', direction: 'forward', unit: 0 }), {
      name: 'Error',
    });
  });

  it('explains a unit at a token: its values, the answer of the model, and the gradient of a loss', async () => {
    const folder = await stored({ training: { steps: 20 } });
    const { trainer } = opened();
    await trainer.openRun({ folder, backends: backends() });
    const { id, tokens, surprisal } = await trainer.inspect(inspect('the cat sat', { from: 4 }));
    const unit = { inspection: id, layer: 'lstm_1', direction: 'forward', unit: 3 } as const;
    const { traces } = await trainer.unitTraces(unit);
    const hiddenAt = traces.find(({ activation }) => activation === 'hidden')!.values;
    const last = tokens.length - 1;
    for (const token of [0, 2, last]) {
      const { state, gates, target, outputs } = await trainer.explainStep({ ...unit, token });
      assert.ok(Math.abs(state.h - hiddenAt[token]!) < 1e-5);
      assert.deepEqual(
        gates.map(({ gate }) => gate),
        ['input', 'forget', 'candidate', 'output'],
      );
      assert.equal(target === null, token === last);
      const correct = outputs.find(({ index }) => index === target);
      if (correct) {
        assert.equal(correct.token, tokens[token + 1]);
        assert.ok(Math.abs(-Math.log(correct.probability) - surprisal[token + 1]!) < 1e-4);
      }
    }
    const weight = { gate: 'forget', from: 1 } as const;
    const gradient = await trainer.explainGradient({ ...unit, token: 2, lossAt: 4, ...weight });
    assert.ok(Math.abs(gradient.loss - surprisal[5]!) < 1e-4);
    assert.equal(gradient.weight.steps.length, 5);
    const whole = await trainer.explainGradient({ ...unit, token: 2, lossAt: null, ...weight });
    assert.ok(Math.abs(whole.loss - sum(surprisal.slice(1))) < 1e-3);
    for (const [wrong, facts] of [
      [{ ...unit, token: 2, lossAt: last, ...weight }, [last]],
      [{ ...unit, token: 2, lossAt: 1, ...weight }, []],
      [{ ...unit, unit: 1000, token: 2, lossAt: 4, ...weight }, [1000]],
      [{ ...unit, layer: 'gru_1', token: 2, lossAt: 4, ...weight }, ['gru_1']],
    ] as const)
      await assert.rejects(trainer.explainGradient(wrong), errorWith({ name: 'RangeError' }, ...facts));
  });

  it('reports the end of a text that is too long, with the state of all preceding text', async () => {
    const folder = await stored();
    const { trainer } = opened();
    await trainer.openRun({ folder, backends: backends() });
    const text = rhyme.slice(0, 1300);
    const { offsets, surprisal } = await trainer.inspect(inspect(text));
    assert.deepEqual([offsets.length, offsets[0]], [MAX_INSPECTED_STEPS, 1300 - MAX_INSPECTED_STEPS]);
    const course = await trainer.course({ reader: 'colors', text, from: 0, unit: null });
    assert.deepEqual([course.offsets.length, course.values], [1300, []]);
    surprisal.forEach((value, t) =>
      assert.ok(Math.abs((value ?? NaN) - (course.surprisal[1300 - MAX_INSPECTED_STEPS + t] ?? NaN)) < 1e-4),
    );
  });

  it('answers with the current model while a run trains or is paused', async () => {
    const { trainer, next } = opened();
    const begun = next((event) => event.event === 'step' && event.step >= 3);
    const { folder } = await trainer.start(
      request(home(), { training: { steps: 1_000_000 }, probes: { every: 1000 } }),
    );
    await begun;
    await assert.rejects(trainer.openRun({ folder, backends: backends() }), { name: 'Error' });
    const early = await trainer.inspect(inspect(rhyme.slice(0, 60)));
    const later = next((event) => event.event === 'step' && event.step > early.step + 20);
    await later;
    const late = await trainer.inspect(inspect(rhyme.slice(0, 60)));
    assert.ok(late.step > early.step + 20);
    assert.ok(sum(late.surprisal) < sum(early.surprisal), 'it has learned in between');

    const paused = next((event) => event.event === 'paused' && event.paused);
    await trainer.pause();
    await paused;
    const [held, again] = [
      await trainer.inspect(inspect(rhyme.slice(0, 60))),
      await trainer.inspect(inspect(rhyme.slice(0, 60))),
    ];
    assert.deepEqual([held.step, held.surprisal], [again.step, again.surprisal]);
    const probe = await trainer.probe({ text: 'the cat sat' });
    assert.deepEqual([probe.source, probe.timeSteps, probe.batch, probe.step], ['text', 10, 1, held.step]);
    assert.ok(probe.parameters.every(({ gradientNorm }) => (gradientNorm ?? 0) > 0));
    const ended = next(({ event }) => event === 'end');
    await trainer.stop();
    await ended;
  });

  it('shows explosion in a run on temporal order without clipping', async () => {
    const { trainer, next, events } = opened();
    const { config } = request(home(), {
      backend: 'wasm',
      threads: 1,
      task: { name: 'temporal-order', validationSequences: 10 },
      data: { sequenceLength: 20 },
      model: {
        cell: 'rnn',
        units: 50,
        kernelInitializer: 'normal',
        recurrentInitializer: 'normal',
        standardDeviation: 0.1,
      },
      training: {
        batchSize: 20,
        optimizer: 'sgd',
        learningRate: 0.1,
        clipNorm: 0,
        steps: 600,
        validateEvery: 1000,
        checkpointEvery: 1000,
      },
      probes: { every: 2 },
    });
    const ended = next(({ event }) => event === 'end');
    await trainer.start({ config, source: { kind: 'generated' }, backends: backends() });
    await ended;
    const probes = events.flatMap((event) => (event.event === 'probe' ? event.probe : []));
    const [first] = probes;
    assert.ok(first && (first.flow[0]?.ratioAtEnd ?? NaN) < 0.1, 'the first probe differs');
    // One of nine sequences is not enough for the interval of the median.
    const exploding = probes.filter(({ flow }) => (flow[0]?.share.exploding ?? 0) > 0.2);
    assert.ok(exploding.length > 0);
    for (const { verdict, advice } of exploding) {
      assert.ok(verdict === 'exploding' || verdict === 'mixed', verdict);
      assert.ok(
        advice.every(({ name }) => name !== 'truncate'),
        'a shorter sequence would be another task',
      );
    }
    for (const { verdict, flow } of probes) {
      assert.equal((flow[0]?.endInterval.low ?? NaN) > 10, verdict === 'exploding');
    }
  });

  it('supersedes older requests of the same reader only', async () => {
    const folder = await stored();
    const { trainer } = opened();
    await trainer.openRun({ folder, backends: backends() });
    const long = rhyme.slice(0, 2500);
    const [first, second, other] = await Promise.allSettled([
      trainer.inspect(inspect(long, { reader: 'gates' })),
      trainer.inspect(inspect(long, { reader: 'gates' })),
      trainer.inspect(inspect(long, { reader: 'hover' })),
    ]);
    assert.ok(first.status === 'rejected' && isSuperseded(first.reason));
    assert.equal(second.status, 'fulfilled');
    assert.equal(other.status, 'fulfilled');
  });

  it('returns the same probe of a stored run as its final one', async () => {
    const folder = await stored({ probes: { every: 10 }, training: { clipNorm: 0.3 } });
    const taken = (await readProbes(folder)).at(-1) as Probe;
    const { trainer } = opened();
    await trainer.openRun({ folder, backends: backends() });
    const probe = await trainer.probe({ text: null });
    const shared = ({ step, source, timeSteps, batch, loss, gradientNorm, clippedShare, layers }: Probe) => ({
      step,
      source,
      timeSteps,
      batch,
      loss,
      gradientNorm,
      clippedShare,
      layers: layers.map(({ summed, gates, sigmaMax }) => ({ summed, gates, sigmaMax })),
    });
    assert.deepEqual(shared(probe), shared(taken));
    assert.ok(probe.layers[0]?.lagMatrix.length === 12 && probe.layers[0].spectralRadius !== null);

    await rm(join(folder, 'text.txt'), { force: true });
    await writeFile(join(folder, 'text.txt'), 'another text');
    const fresh = openTrainer();
    try {
      await fresh.trainer.openRun({ folder, backends: backends() });
      await assert.rejects(fresh.trainer.probe({ text: null }), /text/);
      assert.equal((await fresh.trainer.probe({ text: 'the cat' })).source, 'text');
      await assert.rejects(fresh.trainer.probe({ text: 't' }), { name: 'InputError' });
    } finally {
      await fresh.worker.terminate();
    }
  });
});
