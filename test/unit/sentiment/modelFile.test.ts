import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { decodeModel, encodeModel } from '../../../src/sentiment/modelFile.ts';
import { MODEL_FILE, SentimentModel, type SentimentParts } from '../../../src/sentiment/sentimentModel.ts';
import { packRows } from '../../../src/sentiment/packedRows.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { tinyParts, withOpinion } from './tiny.ts';
import { errorWith } from '../../harness/facts.ts';

const TEXT = 'a good film , not a bad one at all';

describe('classifier file', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));
  const folder = temporaryFolder();

  it('restores words, vectors, labels and calibration exactly, and weights up to rounding', async () => {
    const keys = Uint32Array.of(1, 7, 4_000_000_000);
    const ngrams = { bias: -0.25, keys, weights: packRows(Float32Array.of(1, -2, 0.5), keys.length, 8) };
    const parts = { ...(await withOpinion(await tinyParts(TEXT, ['rot', 'grün', 'blau']), 1.5)), ngrams };
    const back = decodeModel(encodeModel(parts));
    assert.deepEqual(back.table, parts.table);
    assert.deepEqual(
      [back.labels, back.units, back.pooling, back.temperature],
      [parts.labels, parts.units, parts.pooling, parts.temperature],
    );
    assert.deepEqual(
      back.members.map(({ difference }) => difference),
      parts.members.map(({ difference }) => difference),
    );
    assert.deepEqual(back.ngrams, ngrams);
    assert.deepEqual([back.opinion?.units, back.opinion?.threshold], [parts.opinion?.units, 1.5]);
    const tensorsOf = ({ members, opinion }: SentimentParts) => [
      ...members.flatMap((member) => member.weights),
      ...(opinion?.weights ?? []),
    ];
    const weights = tensorsOf(parts);
    assert.equal(tensorsOf(back).length, weights.length);
    tensorsOf(back).forEach(({ name, shape, values }, index) => {
      const weight = weights[index];
      assert.ok(weight);
      assert.deepEqual([name, shape], [weight.name, weight.shape]);
      const size = Math.max(...weight.values.map(Math.abs));
      values.forEach((value, k) => assert.ok(Math.abs(value - weight.values[k]!) <= size / 127));
    });
  });

  it('gives the same answers from bytes, a file and a folder', async () => {
    const bytes = encodeModel(await tinyParts(TEXT));
    await mkdir(join(folder(), 'm'));
    await writeFile(join(folder(), 'm', MODEL_FILE), bytes);
    const before = tf.memory().numTensors;
    const answers = [];
    for (const source of [bytes, join(folder(), 'm', MODEL_FILE), join(folder(), 'm')]) {
      const model = await SentimentModel.load(source);
      answers.push(await model.classify([TEXT]));
      model.dispose();
    }
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
    assert.equal(tf.memory().numTensors, before, 'no tensors are leaked');
  });

  it('is rejected if it is another file, damaged, truncated or too long', async () => {
    const bytes = encodeModel(await tinyParts(TEXT));
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    assert.throws(() => decodeModel(text('PK')), Error);
    assert.throws(() => decodeModel(new Uint8Array()), Error);
    assert.throws(() => decodeModel(bytes.subarray(0, bytes.length - 1)), Error);
    assert.throws(() => decodeModel(bytes.subarray(0, 40)), Error);
    assert.throws(() => decodeModel(Uint8Array.of(...bytes, 0)), errorWith({ name: 'Error' }, 1));
    const other = bytes.slice();
    other.set(text('"version":9'), Buffer.from(other).indexOf('"version":1'));
    assert.throws(() => decodeModel(other), /version/);
  });
});
