import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { MODEL_FILE, SentimentModel } from '../../../src/sentiment/sentimentModel.ts';
import { OpenClassifier } from '../../../src/worker/classifier.ts';
import { tinyParts } from '../sentiment/tiny.ts';

const backends = { home: '', tensorflowPath: '', wideSimd: false };

describe('OpenClassifier', () => {
  let folder = '';

  /** A run that has trained a classifier of these labels. */
  async function run(name: string, labels: readonly string[]): Promise<string> {
    const model = join(folder, name, 'model');
    await mkdir(model, { recursive: true });
    const trained = new SentimentModel(await tinyParts('a good film', labels));
    await writeFile(join(model, MODEL_FILE), trained.encode());
    trained.dispose();
    return join(folder, name);
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-classifier-'));
  });
  after(async () => rm(folder, { recursive: true }));

  it('answers with the labels of its run, and is replaced by the next one opened', async () => {
    const classifier = new OpenClassifier();
    const [two, four] = [
      ['bad', 'good'],
      ['north', 'east', 'south', 'west'],
    ];
    assert.deepEqual((await classifier.open({ run: await run('two', two), backends })).labels, two);
    const tensors = tf.memory().numTensors;
    assert.deepEqual((await classifier.open({ run: await run('four', four), backends })).labels, four);
    assert.equal(tf.memory().numTensors, tensors, 'the previous classifier is disposed');
    const answer = await classifier.explain('a good, good film');
    assert.ok(four.includes(answer.label));
    assert.equal(answer.probabilities.length, 4);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it('ends a cancelled classification immediately, and answers the next one', async () => {
    const classifier = new OpenClassifier();
    await classifier.open({ run: await run('cancelled', ['bad', 'good']), backends });
    const long = classifier.explain('a good film. '.repeat(2000));
    classifier.cancel();
    await assert.rejects(long, { name: 'AbortError' });
    assert.equal((await classifier.explain('good')).wordCount, 1);
  });

  it('reports missing files, and keeps the open classifier', async () => {
    const classifier = new OpenClassifier();
    await assert.rejects(classifier.explain('good'), { name: 'Error' });
    await classifier.open({ run: await run('kept', ['bad', 'good']), backends });
    await assert.rejects(classifier.open({ run: join(folder, 'nowhere'), backends }), /nowhere/);
    assert.equal((await classifier.explain('good')).wordCount, 1);
  });
});
