import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../../src/config/schema.ts';
import { readRecord } from '../../../../src/runs/record.ts';
import { readReport } from '../../../../src/runs/report.ts';
import { OpenClassifier } from '../../../../src/worker/classifier.ts';
import { trainedClassifier } from '../../../../src/worker/trainedClassifier.ts';
import { evaluate } from '../../../../src/worker/evaluate.ts';
import { Session } from '../../../../src/worker/session.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { assertReferences, recorder } from '../fixture.ts';
import { assertNames, errorWith } from '../../../harness/facts.ts';
import { say } from '../../../../src/phrases/phrase.ts';

const things = ['film', 'book', 'play', 'song', 'meal', 'room'];
/** Texts of different lengths whose class depends on whether "good" is negated. */
const rows = Array.from({ length: 72 }, (_, i) => {
  const thing = things[i % things.length] ?? '';
  const tail = ' we saw'.repeat(i % 4);
  return i % 2 === 0 ? `the ${thing} ${i % 9} is good${tail}\tpraise` : `the ${thing} ${i % 9} is dull${tail}\tblame`;
});

const families: readonly { readonly name: string; readonly model: RunConfigInput['model']; readonly steps: number }[] =
  [
    ...(['last', 'mean', 'max', 'attention'] as const).map((pooling) => ({
      name: `LSTM, ${pooling}`,
      steps: 80,
      model: { units: 8, embedding: 8, pooling },
    })),
    { name: 'bidirectional GRU', steps: 60, model: { cell: 'gru', units: 6, embedding: 8, bidirectional: true } },
    {
      name: 'convolutional network',
      steps: 60,
      model: { family: 'convolutional', embedding: 8, filters: 6, kernelWidths: '1,3', pooling: 'max' },
    },
    { name: 'logistic regression', steps: 50, model: { family: 'bag-of-words', features: 'tf-idf', ngrams: 2 } },
    { name: 'perceptron', steps: 50, model: { family: 'bag-of-words', hidden: 4 } },
    { name: 'naive Bayes', steps: 5, model: { family: 'naive-bayes', ngrams: 2 } },
    { name: 'hidden Markov models', steps: 20, model: { family: 'hidden-markov', units: 3 } },
  ];

describe('classification', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const backends = () => ({ home: home(), tensorflowPath: '', wideSimd: false });

  async function start(config: RunConfigInput = {}, text = `${rows.join('\n')}\n`) {
    const file = join(home(), 'opinions.tsv');
    await writeFile(file, text);
    const events = recorder();
    const whole = parseRunConfig({
      backend: 'reference',
      sampling: { every: 0 },
      probes: { every: 0 },
      ...config,
      task: { name: 'classification', minimumCount: 1, ...config.task } as RunConfigInput['task'],
      training: {
        batchSize: 8,
        steps: 60,
        validateEvery: 1000,
        checkpointEvery: 1000,
        learningRate: 0.03,
        ...config.training,
      },
    });
    const session = await Session.start(
      { config: whole, source: { kind: 'file', path: file }, backends: backends() },
      events.emit,
    );
    return { session, events, file };
  }

  it('has a first probe whose curves are finite at every lag, whatever the pooling and the lengths of the texts', async () => {
    for (const pooling of ['last', 'mean', 'max', 'attention'] as const) {
      const { session, events } = await start({
        model: { units: 6, embedding: 8, bidirectional: true, dropout: 0.3, pooling },
        training: { steps: 1 },
        probes: { every: 1 },
      });
      await session.train();
      const [first] = events.of('probe');
      assert.ok(first && first.probe.step === 0);
      for (const { direction, median, low, high, mean, h, c } of first.probe.flow)
        for (const curve of [median, low, high, mean, h ?? [], c ?? []])
          assert.ok(curve.every(Number.isFinite), `${pooling}, ${direction}: ${JSON.stringify(curve)}`);
    }
  });

  for (const { name, model, steps } of families) {
    it(`${name}: learns, and its saved model gives the same answer for a text alone and in a batch`, async () => {
      const { session, events, file } = await start({ model, training: { steps } });
      await session.train();
      events.of('start').forEach(assertReferences);
      const last = events.of('validation').at(-1);
      assert.ok((last?.scores?.['accuracy'] ?? 0) > 0.9, JSON.stringify(last));
      assert.deepEqual(
        (await readReport(session.folder))?.blocks.slice(0, 3).map(({ kind }) => kind),
        ['confusion', 'table', 'table'],
      );

      const { measures, predictions } = await evaluate(session.folder, file, {}, backends());
      assert.deepEqual([measures.task, measures.n, measures['labels']], ['classification', 72, ['blame', 'praise']]);
      assert.ok(Number(measures['accuracy']) > 0.9 && Number(measures['macroF1']) > 0.9);
      assert.equal(predictions?.length, 72);

      const classifier = await trainedClassifier(session.folder);
      const texts = ['the film is good', 'the room is dull', '', 'a room we saw is dull we saw we saw we saw', '🙂 ?'];
      const together = await classifier.classify(texts);
      for (const [index, text] of texts.entries()) {
        const [alone] = await classifier.classify([text]);
        alone?.probabilities.forEach((probability, at) =>
          assert.ok(Math.abs(probability - (together[index]?.probabilities[at] ?? 0)) < 1e-6, text),
        );
      }
      assert.deepEqual(
        together.slice(0, 2).map(({ label }) => label),
        ['praise', 'blame'],
      );
      classifier.dispose();
    });

    it(`${name}: continues after a stop as if it had not stopped`, async () => {
      const model2 = async (folder: string) => {
        const classifier = await trainedClassifier(folder);
        const [answer] = await classifier.classify(['the film is good']);
        classifier.dispose();
        return answer?.probabilities;
      };
      // The shorter run validates at its end: its best model may be another one.
      const whole = await start({ model, training: { steps: 6, keepBest: false } });
      await whole.session.train();
      const half = await start({ model, training: { steps: 3, keepBest: false } });
      await half.session.train();
      const resumed = await Session.resume(
        { folder: half.session.folder, changes: { steps: 6 }, backends: backends() },
        () => undefined,
      );
      await resumed.train();
      assert.deepEqual(await model2(resumed.folder), await model2(whole.session.folder));
    });
  }

  it('explains the contribution of each word, and the probabilities after each word', async () => {
    const { session } = await start({ model: { units: 8, embedding: 8 } });
    await session.train();
    const open = new OpenClassifier();
    await open.open({ run: session.folder, backends: backends() });
    const explanation = await open.explain('The film is good, Zanzibar');
    const { label, words, running, unknownWords, sentences, ...answer } = explanation;
    const before = await open.answer('The film is good, Zanzibar');
    assert.deepEqual(
      before,
      Object.fromEntries(Object.keys(before).map((key) => [key, Reflect.get(explanation, key)])),
    );
    assert.equal(label, 'praise');
    const sum = words.reduce((all, { contribution }) => all + contribution, answer.baseline);
    assert.ok(Math.abs(sum - answer.logOdds) < 1e-3);
    assert.ok(Math.abs(sum - Math.log(answer.probability / (1 - answer.probability))) < 1e-3);
    assert.equal(answer.opinion, null);
    assert.deepEqual(
      words.map(({ text }) => text),
      ['The', 'film', 'is', 'good', ',', 'Zanzibar'],
    );
    const strongest = words.toSorted((a, b) => b.contribution - a.contribution)[0];
    assert.equal(strongest?.text, 'good');
    assert.equal(running.length, words.length);
    assert.ok(unknownWords.includes('zanzibar'));
    assert.deepEqual(
      sentences.map(({ start, end }) => [start, end]),
      [[0, 26]],
    );
  });

  it('has recurrent layers to probe, with one loss at the end of each text', async () => {
    const { session, events } = await start({
      model: { units: 6, embedding: 4, bidirectional: true },
      probes: { every: 5 },
      training: { steps: 5 },
    });
    await session.train();
    const { probe } = events.of('probe').at(-1) ?? assert.fail();
    assert.deepEqual(
      probe.layers.map(({ direction }) => direction),
      ['forward', 'backward'],
    );
    assert.ok(probe.layers.every(({ lastStep }) => lastStep.h[0] === 1));
  });

  it('opens in plain TensorFlow.js if it reads only the last states', async () => {
    const { session } = await start({ model: { units: 5, embedding: 4, cell: 'gru' }, training: { steps: 20 } });
    await session.train();
    const json = JSON.parse(await readFile(join(session.folder, 'model', 'model.json'), 'utf8')) as tf.io.ModelJSON;
    const bytes = await readFile(join(session.folder, 'model', 'weights.bin'));
    const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
    const stock = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData: Uint8Array.from(bytes).buffer }),
    );
    const { words } = JSON.parse(await readFile(join(session.folder, 'model', 'vocabulary.json'), 'utf8')) as {
      words: string[];
    };
    const ids = ['the', 'film', 'is', 'good'].map((word) => words.indexOf(word));
    const theirs = [...(stock.predict(tf.tensor2d([ids], [1, ids.length])) as tf.Tensor).dataSync()];
    const classifier = await trainedClassifier(session.folder);
    const [ours] = await classifier.classify(['the film is good']);
    theirs.forEach((probability, at) => assert.ok(Math.abs(probability - (ours?.probabilities[at] ?? 0)) < 1e-6));
    classifier.dispose();
    stock.dispose();
  });

  it('reports skipped rows, truncated texts and unbalanced classes, and rejects bad rows if configured', async () => {
    const text = `${Array.from({ length: 40 }, (_, i) => `text number ${i} of the many\tmany`).join('\n')}\n${Array.from({ length: 4 }, (_, i) => `one ${i}\tfew`).join('\n')}\nno label\n`;
    const { session, events } = await start(
      { task: { name: 'classification', maximumLength: 2 }, model: { family: 'naive-bayes' } },
      text,
    );
    session.control.stop();
    await session.train();
    const notices = events.of('start')[0]?.notices.map(say).join('\n') ?? '';
    assertNames(notices, 1, 45, 'opinions.tsv');
    assert.match(notices, /\d+ .*"many".*\d+ .*"few"/);
    assertNames(notices, 40, 'task.maximumLength', 2);
    await assert.rejects(
      start({ task: { name: 'classification', badRows: 'refuse' }, model: { family: 'naive-bayes' } }, text),
      errorWith({ name: 'InputError', code: 'unreadable' }, 45, 'task.badRows'),
    );
  });

  it('reads a folder with a file for each class, and weights rare classes', async () => {
    const folder = join(home(), 'words');
    await mkdir(folder);
    await writeFile(
      join(folder, 'vowels.txt'),
      Array.from({ length: 60 }, (_, i) => `${'aeiou'.repeat(2).slice(i % 5, (i % 5) + 3)}${i % 7}`).join('\n'),
    );
    await writeFile(
      join(folder, 'consonants.txt'),
      Array.from({ length: 12 }, (_, i) => `${'bcdfgh'.repeat(2).slice(i % 6, (i % 6) + 3)}${i % 7}`).join('\n'),
    );
    const events = recorder();
    const config = parseRunConfig({
      backend: 'reference',
      task: { name: 'classification', tokens: 'character', minimumCount: 1, classWeights: 'balanced' },
      model: { units: 6, embedding: 6 },
      training: { steps: 60, batchSize: 16, learningRate: 0.03, validateEvery: 1000, checkpointEvery: 1000 },
    });
    const session = await Session.start(
      { config, source: { kind: 'file', path: folder }, backends: backends() },
      events.emit,
    );
    await session.train();
    assert.ok((events.of('validation').at(-1)?.scores?.['macroF1'] ?? 0) > 0.9);
    const resumed = await Session.resume(
      { folder: session.folder, changes: { steps: 61 }, backends: backends() },
      () => undefined,
    );
    assert.equal((await resumed.train()).steps, 61);
  });

  it('distinguishes sentences with the same bag of words only with a network', async () => {
    const pair = ['The movie my friend has not seen is good', 'The movie my friend has seen is not good'];
    const text = Array.from(
      { length: 30 },
      (_, i) => `${pair[i % 2] ?? ''} ${'again '.repeat(Math.floor(i / 2) % 5)}\t${i % 2 === 0 ? 'good' : 'bad'}`,
    ).join('\n');
    const answers = async (model: RunConfigInput['model'], steps: number) => {
      const { session } = await start({ model, training: { steps } }, text);
      await session.train();
      const classifier = await trainedClassifier(session.folder);
      const found = await classifier.classify(pair);
      classifier.dispose();
      return found;
    };
    const [one, other] = await answers({ family: 'naive-bayes' }, 1);
    assert.deepEqual(one?.probabilities, other?.probabilities, 'the bags are the same');
    assert.deepEqual(
      (await answers({ units: 12, embedding: 8 }, 150)).map(({ label }) => label),
      ['good', 'bad'],
    );
  });

  it('ends with the report of the model that is kept, also if a run is resumed', async () => {
    // Labels without a rule: the validation loss rises soon.
    const noise = Array.from(
      { length: 60 },
      (_, i) => `the ${things[i % 6] ?? ''} ${i}\t${(i * 7) % 3 === 0 ? 'a' : 'b'}`,
    );
    const training = { steps: 60, validateEvery: 10, checkpointEvery: 30, learningRate: 0.05, patience: 0 };
    const { session, events } = await start({ model: { units: 8 }, training }, `${noise.join('\n')}\n`);
    await session.train();
    const { progress } = await readRecord(session.folder);
    assert.ok(progress.kept && progress.kept.step < 60, `kept: ${progress.kept?.step}`);
    const shown = await readReport(session.folder);
    const ofKept = events.of('report').find(({ report }) => report.step === progress.kept?.step);
    assert.deepEqual(shown, ofKept?.report);
    assert.deepEqual(events.of('report').at(-1)?.report, shown);
    const resumed = await Session.resume(
      { folder: session.folder, changes: { steps: 70 }, backends: backends() },
      events.emit,
    );
    await resumed.train();
    const again = (await readRecord(session.folder)).progress.kept?.step;
    assert.equal((await readReport(session.folder))?.step, again);
  });
});
