import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { patienceOf } from '../../../src/config/tasks.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { lockHolder } from '../../../src/runs/lock.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { Session } from '../../../src/worker/session.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { loadTrainedModel } from '../../../src/worker/trainedModel.ts';
import { replaceSealed } from '../../fixtures/reseal.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertReferences, recorder, request, rhyme, generatedText } from './fixture.ts';
import { assertNames, errorWith, names } from '../../harness/facts.ts';
import { openRunInStock } from '../../harness/stockModel.ts';
import { say } from '../../../src/phrases/phrase.ts';

describe('session', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const tensors = (folder: string, step: number) =>
    readFile(join(folder, 'checkpoints', `step-${step}`, 'tensors.bin'));

  async function train(config: RunConfigInput = {}, text?: string) {
    const events = recorder();
    const session = await Session.start(request(home(), config, text), events.emit);
    return { session, folder: session.folder, events, end: await session.train() };
  }

  it('learns: the validation loss falls below the unigram baseline', async () => {
    const { end, events } = await train({ training: { steps: 200, validateEvery: 50 } });
    const [start] = events.of('start');
    assert.ok(
      start && end.validationLoss !== null && end.validationLoss < (start.baselines['unigram'] ?? NaN),
      `${end.validationLoss} ${start?.baselines['unigram']}`,
    );
    assert.equal(end.reason, 'completed');
    assertReferences(start);
  });

  it('reports every step, and logs the same values on disk', async () => {
    const { folder, events } = await train({ sampling: { every: 15 } });
    assert.deepEqual(
      events.of('step').map(({ step }) => step),
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    assert.deepEqual(
      events.of('validation').map(({ step }) => step),
      [10, 20, 30],
    );
    assert.deepEqual(
      events.of('sample').map(({ step }) => step),
      [15, 30],
    );
    const metrics = events.events.filter(({ event }) => ['step', 'validation', 'sample'].includes(event));
    assert.deepEqual(await readMetrics(folder), metrics);
  });

  it('is reproducible: equal seeds give equal results, and different seeds different ones', async () => {
    const [a, b, c] = [await train(), await train(), await train({ seed: 2 })];
    assert.deepEqual(await tensors(a.folder, 30), await tensors(b.folder, 30));
    assert.notDeepEqual(await tensors(a.folder, 30), await tensors(c.folder, 30));
  });

  it('does not change the weights by samples, validations and checkpoints', async () => {
    const plain = await train({ training: { validateEvery: 1000, checkpointEvery: 1000 } });
    const busy = await train({ training: { validateEvery: 3, checkpointEvery: 7 }, sampling: { every: 2 } });
    assert.deepEqual(await tensors(plain.folder, 30), await tensors(busy.folder, 30));
  });

  const kinds: Record<string, RunConfigInput> = {
    'an LSTM': { model: { layers: 2, embedding: 5 } },
    'windows that overlap': { data: { stride: 5 } },
    'an LSTM with dropout': { model: { layers: 2, dropout: 0.3 } },
    'a GRU': { model: { cell: 'gru', layers: 2 } },
    'a network that feeds its outputs back': { model: { cell: 'rnn', recurrence: 'output' } },
    'a GRU that resets after the product': { model: { cell: 'gru', resetAfter: true, embedding: 5 } },
    'a simple recurrent network, by SGD with momentum': {
      model: { cell: 'rnn', activation: 'relu', recurrentInitializer: 'identity', embedding: 5 },
      training: { optimizer: 'sgd', momentum: 0.9, clipValue: 0.1 },
    },
  };
  for (const [name, config] of Object.entries(kinds)) {
    it(`resumes exactly with ${name}: 30 steps, and 15 resumed to 30, end with identical weights`, async () => {
      const whole = await train(config);
      const half = await train({ ...config, training: { ...config.training, steps: 15 } });
      const events = recorder();
      const resumed = await Session.resume(
        { folder: half.folder, changes: { steps: 30 }, backends: request(home()).backends },
        events.emit,
      );
      const end = await resumed.train();
      assert.deepEqual(await tensors(half.folder, 30), await tensors(whole.folder, 30));
      assert.deepEqual(
        await readFile(join(half.folder, 'model', 'weights.bin')),
        await readFile(join(whole.folder, 'model', 'weights.bin')),
      );
      assert.equal(end.trainLoss, whole.end.trainLoss);
      const losses = async (folder: string) =>
        (await readMetrics(folder)).flatMap((event) => (event.event === 'step' ? event.loss : []));
      assert.deepEqual(await losses(half.folder), await losses(whole.folder));
    });
  }

  it('keeps the original length of the schedule in a run resumed with more steps', async () => {
    const half = await train({ training: { steps: 10, schedule: 'cosine' } });
    const events = recorder();
    const resumed = await Session.resume(
      { folder: half.folder, changes: { steps: 12 }, backends: request(home()).backends },
      events.emit,
    );
    await resumed.train();
    assert.deepEqual(
      events.of('step').map(({ learningRate }) => learningRate),
      [0, 0],
    );
    const config = (await readRecord(half.folder)).config;
    assert.equal(config.training.steps, 10);
  });

  it('writes a checkpoint before the first step, so that a run killed immediately can be resumed', async () => {
    const session = await Session.start(request(home()), () => undefined);
    assert.deepEqual(await readdir(join(session.folder, 'checkpoints')), ['step-0']);
    session.control.stop();
    await session.train();
  });

  it('stops with a checkpoint, and releases the lock', async () => {
    const events = recorder();
    const session = await Session.start(request(home(), { training: { steps: 100_000 } }), (event) => {
      events.emit(event);
      if (event.event === 'step' && event.step === 7) session.control.stop();
    });
    const end = await session.train();
    assert.equal(end.reason, 'stopped');
    assert.equal(end.steps, 7);
    assert.ok((await tensors(session.folder, 7)).length > 0);
    assert.equal(await lockHolder(session.folder), undefined);
    assert.equal((await readRecord(session.folder)).state, 'stopped');
  });

  it('says that the window was closed, unlike a stop by hand, and resumes from that step', async () => {
    const events = recorder();
    const session = await Session.start(request(home(), { training: { steps: 12 } }), (event) => {
      events.emit(event);
      if (event.event === 'step' && event.step === 7) session.control.interrupt('closed');
    });
    const end = await session.train();
    assert.deepEqual([end.reason, end.steps], ['interrupted', 7]);
    const { state, message, progress } = await readRecord(session.folder);
    assert.deepEqual([state, message, progress.step], ['interrupted', end.message, 7]);
    assert.notEqual(message, undefined);
    const { backends } = request(home());
    const resumed = await Session.resume({ folder: session.folder, changes: {}, backends }, () => undefined);
    assert.equal((await resumed.train()).reason, 'completed');
    assert.deepEqual(
      [(await readRecord(session.folder)).state, (await readRecord(session.folder)).message],
      ['completed', null],
    );
  });

  it('pauses after the step, writes a sample while paused, and continues without counting the pause', async () => {
    const events = recorder();
    const session = await Session.start(request(home(), { sampling: { temperature: 0.5 } }), (event) => {
      events.emit(event);
      if (event.event === 'step' && event.step === 5) session.control.pause();
      if (event.event === 'paused' && event.paused) {
        setTimeout(() => session.control.requestSample({ temperature: 0, prompt: 'the \u2603 ' }), 5);
      }
      if (event.event === 'sample') setTimeout(() => session.control.unpause(), 400);
    });
    const end = await session.train();
    assert.deepEqual(
      events.of('paused').map(({ paused, step }) => [paused, step]),
      [
        [true, 5],
        [false, 5],
      ],
    );
    const [sample] = events.of('sample');
    assert.equal(sample?.prompt, 'the \u2603 ');
    assert.equal([...(sample?.text ?? '')].length, 20);
    assert.equal(end.steps, 30);
    const [before, after] = [events.of('step')[4], events.of('step')[5]];
    assert.ok(before && after && after.seconds - before.seconds < 0.4);
  });

  it('ends after the configured seconds', async () => {
    const { end } = await train({ training: { steps: 1_000_000, seconds: 0.3 } });
    assert.equal(end.reason, 'completed');
    assert.ok(end.seconds >= 0.3);
  });

  it('stops when it diverges, names the step and the tensor, keeps the last finite weights, and can be resumed', async () => {
    const { folder } = await train({ training: { steps: 10 } });
    const good = await tensors(folder, 10);
    const poisoned = Float32Array.from(new Float32Array(Uint8Array.from(good).buffer)).fill(3e38);
    await replaceSealed(join(folder, 'checkpoints', 'step-10'), 'tensors.bin', new Uint8Array(poisoned.buffer));
    const saved = await readFile(join(folder, 'model', 'weights.bin'));
    const resume = async (changes: { steps: number; learningRate?: number }) => {
      const session = await Session.resume({ folder, changes, backends: request(home()).backends }, () => undefined);
      return session.train();
    };

    const end = await resume({ steps: 30 });
    assert.equal(end.reason, 'diverged');
    assertNames(end.message, 11, 'forward');
    assert.equal((await readRecord(folder)).state, 'diverged');
    assert.ok(saved.length > 0);

    await replaceSealed(join(folder, 'checkpoints', 'step-10'), 'tensors.bin', good);
    const after = await resume({ steps: 30, learningRate: 0.005 });
    assert.equal(after.reason, 'completed');
    const record = await readRecord(folder);
    assert.equal(record.config.training.learningRate, 0.005);
    assert.equal(record.message, null);
  });

  it('blames the initial weights for a divergence before the first update', async () => {
    const overflowing: readonly NonNullable<RunConfigInput['model']>[] = [
      { cell: 'rnn', activation: 'relu', recurrentGain: 10 },
      { cell: 'rnn', activation: 'linear', recurrentGain: 4, recurrentInitializer: 'glorot-uniform' },
    ];
    for (const model of overflowing) {
      const { folder } = await train({ model, data: { sequenceLength: 100 }, training: { steps: 3 } });
      const { message, state } = await readRecord(folder);
      assert.equal(state, 'diverged');
      assertNames(message ?? undefined, 1, 'model.recurrentGain', 'data.sequenceLength');
      assert.equal(names(message ?? '', '"orthogonal"'), model.recurrentInitializer !== undefined);
      assert.doesNotMatch(say(message ?? ''), /learning rate|checkpoint/);
    }
  });

  it('notices that an update overflowed before the model is evaluated or stored', async () => {
    const training = { optimizer: 'adamw', weightDecay: 1, keepBest: false, steps: 10, checkpointEvery: 1 } as const;
    const { folder } = await train({ training, model: { embedding: 0, units: 8 }, probes: { every: 0 } });
    const stored = new Float32Array(Uint8Array.from(await tensors(folder, 10)).buffer);
    // The row of the unknown character, which no input has: a weight decay of ten times the weight overflows.
    stored.fill(3e38, 0, 8);
    await replaceSealed(join(folder, 'checkpoints', 'step-10'), 'tensors.bin', new Uint8Array(stored.buffer));
    const saved = await readFile(join(folder, 'model', 'weights.bin'));
    const events = recorder();
    const changes = { steps: 11, learningRate: 10 };
    const session = await Session.resume({ folder, changes, backends: request(home()).backends }, events.emit);
    const end = await session.train();
    assert.deepEqual([end.reason, end.steps, end.verdict], ['diverged', 11, 'not-finite']);
    assertNames(end.message, 11, 'update');
    assert.deepEqual(events.of('validation'), []);
    assert.ok(!existsSync(join(folder, 'checkpoints', 'step-11')));
    assert.deepEqual(await readFile(join(folder, 'model', 'weights.bin')), saved);
  });

  it('reports the verdict of its last probe after a resume that takes none', async () => {
    const model = { cell: 'rnn' as const, recurrentGain: 0.2 };
    const { folder, end } = await train({ model, training: { steps: 20 }, probes: { every: 20 } });
    const changes = { steps: 25 };
    const resumed = await Session.resume({ folder, changes, backends: request(home()).backends }, () => undefined);
    assert.equal(end.verdict, 'vanishing');
    assert.equal((await resumed.train()).verdict, end.verdict);
  });

  it('saves a standard LayersModel that gives the same outputs in plain TensorFlow.js', async () => {
    const opened: NonNullable<RunConfigInput['model']>[] = [
      { embedding: 6, layers: 2 },
      { embedding: 0, layers: 2, dropout: 0.2 },
      { cell: 'gru', layers: 2 },
      { cell: 'rnn', activation: 'relu', embedding: 6 },
      { cell: 'rnn', activation: 'linear' },
    ];
    for (const network of opened) {
      const { folder } = await train({ model: network });
      const stock = await openRunInStock(folder);
      const { vocabulary, model } = await loadTrainedModel(folder);
      const ids = vocabulary.encode('the cat 1 sat on the dog');
      const ours = tf.softmax(model.forward(tf.tensor2d(ids, [ids.length, 1], 'int32'), model.zeroState(1)).logits);
      const input = tf.tensor2d(ids, [1, ids.length], 'int32');
      const theirs = stock.predict(network.embedding ? input : tf.oneHot(input, vocabulary.size)) as tf.Tensor;
      const [a, b] = [ours.dataSync(), theirs.dataSync()];
      const largest = Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))));
      assert.ok(largest < 1e-6, `${JSON.stringify(network)}: ${largest}`);
    }
  });

  it('reports which layer plain TensorFlow.js lacks, and opens the model itself', async () => {
    const { folder, events } = await train({ model: { cell: 'gru', resetAfter: true } });
    const [start] = events.of('start');
    assertNames(start?.notices.map(say).join(), '"gru_1"', 'resetAfter', 'TensorFlow.js');
    const { obstacle } = JSON.parse(await readFile(join(folder, 'model', 'task.json'), 'utf8')) as { obstacle: string };
    assert.match(obstacle, /"gru_1".*resetAfter/);
    const { model } = await loadTrainedModel(folder);
    assert.deepEqual([model.shape.cell, model.shape.resetAfter], ['gru', true]);
  });

  it('reports that dropout has no effect with one layer', async () => {
    const notices = async (dropout: number) => {
      const { events } = await train({ model: { dropout }, training: { steps: 1 } });
      return events.of('start')[0]?.notices ?? [];
    };
    const [with50, without] = [await notices(0.5), await notices(0)];
    assert.equal(with50.length, without.length + 1);
    assertNames(with50.map(say).join(), 'model.dropout', 0.5, 'model.layers', 1);
  });

  it('trains an LSTM with a projection and without biases, and reports what plain TensorFlow.js lacks', async () => {
    const { folder, events } = await train({
      model: { units: 12, projection: 5, bias: false, layers: 2 },
      probes: { every: 10 },
      training: { steps: 20 },
    });
    assertNames(events.of('start')[0]?.notices.map(say).join(), 'TensorFlow.js', 'LSTM');
    const last = events.of('probe').at(-1)?.probe ?? assert.fail('no probe');
    assert.ok(last.layers.every(({ sigmaMax }) => (sigmaMax ?? 0) > 0));
    const file = join(home(), 'projected.txt');
    await writeFile(file, rhyme.slice(0, 500));
    const { measures } = await evaluate(folder, file, {}, request(home()).backends);
    assert.ok(Number(measures['lossNats']) < Math.log(30));
    await assert.rejects(
      train({ model: { units: 5, projection: 5 } }),
      errorWith({ name: 'ConfigError', fields: ['model.projection'] }, 'model.projection'),
    );
  });

  it('ends early without improvement, and keeps the best model if configured', async () => {
    // Without a step that reduces the loss, the first validation remains the best.
    const training = {
      steps: 100,
      validateEvery: 5,
      checkpointEvery: 5,
      learningRate: 10,
      patience: 2,
      optimizer: 'sgd',
      clipNorm: 0,
    } as const;
    const { folder, events, end } = await train({ training: { ...training, keepBest: true } });
    assert.equal(end.reason, 'completed');
    const losses = events.of('validation').map(({ loss }) => loss ?? NaN);
    const best = losses.indexOf(Math.min(...losses));
    assert.equal(losses.length, best + 3, losses.join());
    assertNames(end.message, end.steps, 2);
    const stored = async (at: number) => {
      const parts = Buffer.from(await readFile(join(folder, 'checkpoints', `step-${at}`, 'tensors.bin')));
      return parts;
    };
    const weights = await readFile(join(folder, 'model', 'weights.bin'));
    // The first tensors of a checkpoint are the weights of the model.
    assert.ok((await stored(5 * (best + 1))).includes(weights.subarray(4000, 4064)));
    assert.ok(!(await stored(end.steps)).includes(weights.subarray(4000, 4064)));
  });

  describe('whose best validation is not at a checkpoint', () => {
    // The text ends in characters that are rare before: whatever is learned makes the validation worse, from the start.
    const misleading = `${'xy'.repeat(10)}${'ab'.repeat(900)}${'xy'.repeat(100)}`;
    const training = { validateEvery: 5, checkpointEvery: 20, learningRate: 0.05 } as const;
    const modelOf = (folder: string) => readFile(join(folder, 'model', 'weights.bin'));
    let best: Buffer;

    before(async () => {
      best = await modelOf((await train({ training: { ...training, steps: 5 } }, misleading)).folder);
    });

    it('keeps that model, says so at its end and in its record, and lets it write the last sample', async () => {
      const { folder, events, end } = await train(
        { training: { ...training, steps: 20 }, sampling: { every: 20 } },
        misleading,
      );
      const losses = events.of('validation').map(({ loss }) => loss ?? Infinity);
      assert.equal(losses.indexOf(Math.min(...losses)), 0, losses.join());
      assert.deepEqual(await modelOf(folder), best);
      assert.deepEqual([end.validationLoss, end.bestValidationLoss, end.bestStep], [losses[0], losses[0], 5]);
      const { progress } = await readRecord(folder);
      assert.deepEqual([progress.best, progress.kept], Array(2).fill({ step: 5, loss: losses[0] }));
      assert.equal(progress.validationLoss, losses.at(-1));
      assert.deepEqual(
        events.of('sample').map(({ step }) => step),
        [20, 5],
      );
      assert.deepEqual(
        events.of('learning').map(({ step, kept }) => [step, kept?.step]),
        [5, 10, 15, 20].map((step) => [step, 5]),
      );
    });

    it('still has that model after a resume, and after a crash between its checkpoint and its model', async () => {
      const { folder } = await train({ training: { ...training, steps: 20 } }, misleading);
      const resume = async (steps: number) => {
        const { backends } = request(home());
        const session = await Session.resume({ folder, changes: { steps }, backends }, () => undefined);
        return session.train();
      };
      await rm(join(folder, 'model'), { recursive: true });
      assert.equal((await resume(25)).bestStep, 5);
      assert.deepEqual(await modelOf(folder), best);
      assert.deepEqual([(await resume(30)).bestStep, await modelOf(folder)], [5, best]);
    });

    it('keeps the last model without training.keepBest', async () => {
      const { folder, end, events } = await train(
        { training: { ...training, steps: 20, keepBest: false } },
        misleading,
      );
      assert.notDeepEqual(await modelOf(folder), best);
      assert.equal(end.validationLoss, events.of('validation').at(-1)?.loss);
      assert.equal(end.bestStep, 5);
    });
  });

  it('names the initial weights where the first step is not finite, and advises against them', async () => {
    const { end, folder, events } = await train({
      data: { sequenceLength: 100 },
      model: { cell: 'rnn', activation: 'relu', recurrentGain: 10 },
      probes: { every: 0 },
    });
    assert.deepEqual([end.reason, end.steps, end.verdict], ['diverged', 0, 'not-finite']);
    assertNames(end.message, 1, 'initial weights');
    const { learning } = (await readRecord(folder)).progress;
    assert.deepEqual(
      [learning?.findings.map(({ verdict }) => verdict), learning?.advice.map(({ name }) => name)],
      [['not-finite'], ['orthogonal']],
    );
    assert.deepEqual(events.of('learning').at(-1)?.findings, learning?.findings);
  });

  it('judges the losses in a probe by the validation of its step, if there is one', async () => {
    const { events } = await train({
      training: { steps: 20, validateEvery: 5, patience: 0 },
      probes: { every: 10 },
    });
    assert.deepEqual(
      events.of('probe').map(({ probe }) => [probe.step, probe.learning?.step]),
      [0, 10, 20].map((step) => [step, step]),
    );
  });

  it('ends early by default on data that is read, and never on a task that generates it', () => {
    const patience = (config: RunConfigInput, overfits = true) => patienceOf(parseRunConfig(config), overfits);
    assert.ok(patience({}) > 0 && patience({}, false) > patience({}));
    assert.equal(patience({ task: { name: 'adding' } }), 0);
    assert.equal(patience({ task: { name: 'adding' }, training: { patience: 3 } }), 3);
    assert.equal(patience({ training: { patience: 0 } }), 0);
  });

  it('keeps the state of early stopping in a resume', async () => {
    const training = {
      validateEvery: 5,
      checkpointEvery: 5,
      schedule: 'plateau',
      plateauPatience: 1,
      learningRate: 10,
      optimizer: 'sgd',
      clipNorm: 0,
    } as const;
    const whole = await train({ training: { ...training, steps: 20 } });
    const half = await train({ training: { ...training, steps: 10 } });
    const events = recorder();
    const resumed = await Session.resume(
      { folder: half.folder, changes: { steps: 20 }, backends: request(home()).backends },
      events.emit,
    );
    await resumed.train();
    const rates = (of: ReturnType<typeof recorder>) =>
      of
        .of('step')
        .filter(({ step }) => step > 10)
        .map(({ learningRate }) => learningRate);
    assert.deepEqual(rates(events), rates(whole.events));
    assert.ok(new Set(rates(events)).size > 1 || (rates(events)[0] ?? 10) < 10, 'the rate was lowered');
  });

  it('evaluates and writes with the saved model; the same seed writes the same', async () => {
    const { folder } = await train({ training: { steps: 150 } });
    const file = join(home(), 'other.txt');
    await writeFile(file, rhyme.slice(0, 500));
    const backends = request(home()).backends;
    const { measures } = await evaluate(folder, file, {}, backends);
    assert.deepEqual([measures.task, measures.n], ['language-model', 499]);
    assert.ok(Math.abs(Number(measures['perplexity']) - Math.exp(Number(measures['lossNats']))) < 1e-9);
    const write = async (seed: number) => {
      const pieces: string[] = [];
      const text = await generatedText({ folder, prompt: 'the cat', length: 50, seed, backends }, (piece) =>
        pieces.push(piece),
      );
      assert.equal(pieces.join(''), text);
      return text;
    };
    assert.equal(await write(1), await write(1));
    assert.notEqual(await write(1), await write(2));
    assert.ok(!(await write(3)).includes('<unk>'));
  });

  describe('with bad input', () => {
    const cases: [name: string, text: string, code: string][] = [
      ['an empty text', '', 'empty'],
      ['a text shorter than one sequence', 'too short', 'too-short'],
    ];
    for (const [name, text, code] of cases) {
      it(`rejects ${name} and leaves no files behind`, async () => {
        await assert.rejects(
          Session.start(request(home(), {}, text), () => undefined),
          { name: 'InputError', code },
        );
        assert.ok(!existsSync(join(home(), 'runs')));
      });
    }

    it('rejects a binary file and leaves no files behind', async () => {
      const path = join(home(), 'picture.png');
      await writeFile(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 1, 2, 3]));
      await assert.rejects(
        Session.start({ ...request(home()), source: { kind: 'file', path } }, () => undefined),
        { code: 'binary' },
      );
      assert.ok(!existsSync(join(home(), 'runs')));
    });

    it('rejects a stride with gaps between windows', async () => {
      await assert.rejects(
        Session.start(request(home(), { data: { stride: 13 } }), () => undefined),
        errorWith({ name: 'ConfigError', fields: ['data.stride'] }, 13, 'data.sequenceLength', 12),
      );
    });

    it('does not overwrite an existing folder', async () => {
      const { folder } = await train();
      await assert.rejects(
        Session.start({ ...request(home()), out: folder }, () => undefined),
        errorWith({ name: 'UnusableError' }, folder),
      );
      assert.equal((await readRecord(folder)).state, 'completed');
    });

    it('trains with a smaller batch on a short text, and reports it', async () => {
      const { events } = await train({ training: { batchSize: 64 } }, rhyme.slice(0, 400));
      const [start] = events.of('start');
      // 90 % of 400 characters hold 29 windows of 12 and the character before them.
      assert.equal(start?.batchSize, 29);
      assertNames(start?.notices.map(say).join(), 29, 64);
    });

    it('reports that the text of a resumed run has changed or that the run is missing', async () => {
      const path = join(home(), 'text.txt');
      await writeFile(path, rhyme);
      const session = await Session.start({ ...request(home()), source: { kind: 'file', path } }, () => undefined);
      await session.train();
      await writeFile(path, `${rhyme}changed`);
      const resume = () =>
        Session.resume(
          { folder: session.folder, changes: { steps: 31 }, backends: request(home()).backends },
          () => undefined,
        );
      await (await resume()).train();
      await writeFile(
        join(session.folder, 'text.txt'),
        'changed, and long enough to be a valid text, so that only the hash can reveal the change',
      );
      await assert.rejects(resume(), errorWith({ name: 'InputError', code: 'unreadable' }, 'text.txt'));
      await rm(join(session.folder, 'checkpoints'), { recursive: true });
      await writeFile(join(session.folder, 'text.txt'), rhyme);
      await assert.rejects(resume(), errorWith({ name: 'UnusableError' }, session.folder));
      assert.equal(await lockHolder(session.folder), undefined);
    });
  });
});
