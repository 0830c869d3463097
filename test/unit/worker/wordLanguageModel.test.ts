import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { checkModel, taskOf } from '../../../src/config/tasks.ts';
import { TextWordVocabulary } from '../../../src/data/words/textWordVocabulary.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { Generator } from '../../../src/random/generator.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { lossAndGradients } from '../../../src/training/lossAndGradients.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { OpenedRun } from '../../../src/worker/openedRun.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertResumesExactly, request, rhyme, train, generatedText } from './fixture.ts';

const ferry = 'This is the ferry, the old ferry.\nThis is the bend that the ferry took.\n'.repeat(12);

describe('a language model of words', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  const starting = (steps: number, model: RunConfigInput['model'] = {}, text = ferry) => ({
    config: parseRunConfig({
      backend: 'reference',
      task: { name: 'language-model', tokens: 'word' },
      data: { sequenceLength: 8, validationShare: 0.25 },
      model: { units: 8, ...model },
      training: { batchSize: 2, steps, validateEvery: 5, checkpointEvery: 5, learningRate: 0.02 },
      sampling: { every: 5, length: 10 },
      probes: { every: 0 },
    }),
    source: { kind: 'text' as const, text, name: 'ferry.txt' },
    backends: request(home()).backends,
  });

  for (const model of [{}, { embedding: 8, tieWeights: true }])
    it(`resumes exactly, ${model.tieWeights ? 'with' : 'without'} tied weights`, async () => {
      const { whole } = await assertResumesExactly((steps) => starting(steps, model));
      const [start] = whole.events.of('start');
      const { guess, counting } = taskOf({ name: 'language-model', tokens: 'word' }).references;
      assert.deepEqual([start?.tokens, Object.keys(start?.baselines ?? {})], ['word', [guess, ...counting]]);
    });

  it('counts words, scores, writes, reads and probes by words', async () => {
    const { folder, events } = await train(starting(150, { embedding: 8, tieWeights: true }));
    const { text, baselines } = await readRecord(folder);
    const words = text?.words;
    assert.ok(words && text && words.trainTokens + words.validationTokens === 12 * 20);
    assert.equal(text.trainCharacters + text.validationCharacters, ferry.length);
    assert.ok((baselines['trigram back-off'] ?? 9) < (baselines['unigram'] ?? 0));
    assert.ok((events.of('validation').at(-1)?.loss ?? 9) < (baselines['unigram'] ?? 0));

    const { backends } = request(home());
    const path = join(home(), 'other.txt');
    await writeFile(path, 'This is the ferry, the new ferry.\n');
    const { measures } = await evaluate(folder, path, {}, backends);
    assert.deepEqual([measures.n, measures['unknown']], [9, 1]);

    const writing = { folder, length: 12, temperature: 1, seed: 1, backends };
    const written = await generatedText({ ...writing, prompt: 'This is ' });
    const vocabulary = TextWordVocabulary.fromJSON(
      JSON.parse(await readFile(join(folder, 'model', 'vocabulary.json'), 'utf8')),
    );
    assert.ok([...vocabulary.encode(`This is ${written}`)].every((id) => id > 0));
    assert.doesNotMatch(written, /<unk>|^ | {2}| [.,]|\n /u);

    const opened = await OpenedRun.open(folder, backends);
    const read = { reader: 'test', text: ferry.slice(0, 34), from: 0, top: 3 };
    const { tokens, offsets, surprisal, top } = await opened.inspector.inspect(read);
    assert.deepEqual(tokens.join(''), ferry.slice(0, 34));
    assert.deepEqual(
      [tokens[3], offsets[3], tokens.length, surprisal.length, top[3]?.length],
      [' ferry', 11, 10, 10, 3],
    );
    assert.equal((await opened.probe(ferry, 'zero')).batch, 1);
    opened.dispose();
  });

  it('needs an embedding as wide as the hidden state for tied weights', () => {
    const tied = (model: RunConfigInput['model']) => checkModel(starting(1, { tieWeights: true, ...model }).config);
    tied({ embedding: 8 });
    tied({ embedding: 4, projection: 4 });
    assert.throws(() => tied({ embedding: 4 }), errorWith({ name: 'ConfigError' }, 'model.units'));
  });

  it('has tied gradients that are the sum of both uses, as finite differences are', async () => {
    const shape = { ...starting(1).config.model, units: 4, embedding: 4, vocabularySize: 5, dropout: 0 };
    const model = new LanguageModel({ ...shape, tieWeights: true });
    const apart = new LanguageModel(shape);
    model.initialize(Generator.forPurpose(1, 'weights'), shape);
    const weight = (of: LanguageModel, name: string) => {
      const found = of.parameters.find((parameter) => parameter.name === name);
      assert.ok(found, name);
      return found.variable;
    };
    assert.ok(!model.parameters.some(({ name }) => name === 'dense/kernel'));
    for (const { name, variable } of model.parameters) weight(apart, name).assign(variable);
    const embedding = weight(model, 'embedding/embeddings');
    embedding.assign(tf.randomNormal([5, 4], 0, 1, 'float32', 3));
    weight(apart, 'embedding/embeddings').assign(embedding);
    weight(apart, 'dense/kernel').assign(tf.transpose(embedding));
    const [inputs, targets] = [Int32Array.of(0, 1, 2, 3, 1, 4), Int32Array.of(2, 3, 1, 4, 0, 1)];
    const run = (of: LanguageModel) =>
      lossAndGradients(of, { inputs, targets, timeSteps: 3, batch: 2 }, of.zeroState(2));
    const gradient = (of: LanguageModel, name: string) =>
      run(of).gradients[of.parameters.findIndex((parameter) => parameter.name === name)] as tf.Tensor2D;
    const tied = await gradient(model, 'embedding/embeddings').data();
    const sum = await tf
      .add(gradient(apart, 'embedding/embeddings'), tf.transpose(gradient(apart, 'dense/kernel')))
      .data();
    const start = await embedding.data();
    const lossAt = (index: number, change: number) => {
      embedding.assign(
        tf.tensor(
          start.map((value, at) => (at === index ? value + change : value)),
          [5, 4],
        ),
      );
      return Number(run(model).loss.dataSync()[0]);
    };
    tied.forEach((value, index) => {
      assert.ok(Math.abs(value - (sum[index] ?? NaN)) < 1e-5, `${index}: ${value}, ${sum[index]}`);
      const difference = (lossAt(index, 1e-2) - lossAt(index, -1e-2)) / 2e-2;
      assert.ok(Math.abs(value - difference) < 1e-3, `${index}: ${value}, ${difference}`);
    });
  });

  it('says how many words are missing from a short text', async () => {
    await assert.rejects(train(starting(1, {}, rhyme.slice(0, 30))), errorWith({ code: 'too-short' }, 'words'));
  });
});
