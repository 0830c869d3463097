import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../../src/config/schema.ts';
import { readReport } from '../../../../src/runs/report.ts';
import { evaluate } from '../../../../src/worker/evaluate.ts';
import { Session } from '../../../../src/worker/session.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { assertReferences, recorder } from '../fixture.ts';
import { assertNames, errorWith } from '../../../harness/facts.ts';
import { openRunInStock } from '../../../harness/stockModel.ts';
import { joined, say } from '../../../../src/phrases/phrase.ts';

/** Sentences in which "run" is a noun or a verb, depending on the preceding word. */
const rows = Array.from({ length: 60 }, (_, i) =>
  i % 2 === 0 ? `the\tDET\nrun\tNOUN\nof\tADP\nday${i}\tNOUN\n` : `they\tPRON\nrun\tVERB\nhome${i}\tADV\n`,
).join('\n');

describe('tagging', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  async function start(config: RunConfigInput = {}) {
    const file = join(home(), 'tags.tsv');
    await writeFile(file, rows);
    const events = recorder();
    const whole = parseRunConfig({
      backend: 'reference',
      ...config,
      task: { name: 'tagging', ...config.task } as RunConfigInput['task'],
      model: { units: 8, embedding: 8, bidirectional: true, ...config.model },
      training: {
        batchSize: 8,
        steps: 40,
        validateEvery: 20,
        checkpointEvery: 20,
        learningRate: 0.03,
        ...config.training,
      },
      sampling: { every: 0 },
      probes: { every: 20 },
    });
    const backends = { home: home(), tensorflowPath: '', wideSimd: false };
    const session = await Session.start({ config: whole, source: { kind: 'file', path: file }, backends }, events.emit);
    return { session, events, file, backends };
  }

  for (const bidirectional of [true, false]) {
    it(`is learned by an LSTM (bidirectional: ${bidirectional}), with the same score after it is saved`, async () => {
      const { session, events, file, backends } = await start({ model: { bidirectional } });
      await session.train();
      events.of('start').forEach(assertReferences);
      const last = events.of('validation').at(-1);
      assert.ok((last?.scores?.['accuracy'] ?? 0) > 0.9, JSON.stringify(last));
      assert.deepEqual(
        events.of('probe').map(({ probe }) => probe.layers.map(({ direction }) => direction).join()),
        Array(3).fill(bidirectional ? 'forward,backward' : 'forward'),
      );
      const { measures, predictions } = await evaluate(session.folder, file, {}, backends);
      assert.equal(measures.n, 30 * 4 + 30 * 3);
      assert.ok(Number(measures['accuracy']) > 0.9);
      assert.equal(predictions?.filter((line) => line === '').length, 60);
      assert.ok(
        predictions.includes('run\tVERB') && predictions.includes('run\tNOUN'),
        'the tag of a word depends on its neighbors',
      );
    });
  }

  it('opens in plain TensorFlow.js: the saved layers give the same probabilities', async () => {
    const { session, file, backends } = await start();
    await session.train();
    const text = async (name: string) => readFile(join(session.folder, 'model', name), 'utf8');
    const model = await openRunInStock(session.folder);
    const { words } = JSON.parse(await text('vocabulary.json')) as { words: string[] };
    const { tags } = JSON.parse(await text('task.json')) as { tags: string[] };
    const ids = ['they', 'run', 'the'].map((word) => words.indexOf(word));
    const answers = model.predict(tf.tensor2d([ids], [1, 3])) as tf.Tensor;
    assert.deepEqual(answers.shape, [1, 3, tags.length]);
    const path = Array.from(tf.argMax(answers, 2).dataSync(), (tag) => tags[tag]);
    assert.equal(path[1], 'VERB');
    assert.ok((await evaluate(session.folder, file, {}, backends)).measures.n > 0);
    model.dispose();
  });

  it('continues after a stop as if it had not stopped', async () => {
    const tensors = async (folder: string, step: number) =>
      readFile(join(folder, 'checkpoints', `step-${step}`, 'tensors.bin'));
    const whole = await start({ training: { steps: 20, checkpointEvery: 10 } });
    await whole.session.train();
    const half = await start({ training: { steps: 10, checkpointEvery: 10 } });
    await half.session.train();
    const resumed = await Session.resume(
      { folder: half.session.folder, changes: { steps: 20 }, backends: half.backends },
      () => undefined,
    );
    await resumed.train();
    assert.deepEqual(await tensors(resumed.folder, 20), await tensors(whole.session.folder, 20));
  });

  it('fits a hidden Markov model in one step, and reports its states and a trellis', async () => {
    const { session, events, file, backends } = await start({
      model: { family: 'hidden-markov' },
      training: { steps: 40 },
    });
    const end = await session.train();
    assert.deepEqual([end.reason, end.steps, end.verdict], ['completed', 1, null], 'nothing shows a healthy gradient');
    assert.deepEqual(
      events.of('step').map(({ gradientNorm }) => gradientNorm),
      [null],
    );
    const shown = await readReport(session.folder);
    assert.deepEqual(
      shown?.blocks.map(({ kind }) => kind),
      ['confusion', 'table', 'graph', 'matrix'],
    );
    const { measures } = await evaluate(session.folder, file, {}, backends);
    assert.ok(Number(measures['accuracy']) > 0.95);
    const resumed = await Session.resume({ folder: session.folder, changes: { steps: 50 }, backends }, () => undefined);
    assert.deepEqual((await resumed.train()).steps, 1, 'there is only one step');
  });

  it('reports skipped rows, and rejects them if configured', async () => {
    const file = join(home(), 'broken.tsv');
    await writeFile(file, `${rows}\nalone\n`);
    const begin = (badRows: 'skip' | 'refuse') => {
      const config = parseRunConfig({
        backend: 'reference',
        task: { name: 'tagging', badRows },
        model: { family: 'hidden-markov' },
      });
      return Session.start(
        {
          config,
          source: { kind: 'file', path: file },
          backends: { home: home(), tensorflowPath: '', wideSimd: false },
        },
        events.emit,
      );
    };
    const events = recorder();
    await assert.rejects(begin('refuse'), errorWith({ name: 'InputError', code: 'unreadable' }, 1, 'task.badRows'));
    const session = await begin('skip');
    assertNames(events.of('start')[0]?.notices.map(say).join(), 1, 'broken.tsv');
    session.control.stop();
    await session.train();
  });

  it('reports tags that the model does not have', async () => {
    const { session, backends } = await start({ model: { family: 'hidden-markov' } });
    await session.train();
    const strange = join(home(), 'strange.tsv');
    await writeFile(strange, 'the\tDET\nrun\tNOUN\n\noh\tINTJ\n');
    const { measures, skipped } = await evaluate(session.folder, strange, {}, backends);
    assert.equal(measures.n, 2);
    assert.equal(skipped.length, 1);
    assertNames(joined([skipped[0]?.where, skipped[0]?.reason], ': '), 1, 'INTJ');
  });
});
