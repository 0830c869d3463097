import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../../src/backends/reference.ts';
import { InputError } from '../../../../src/data/inputError.ts';
import { lessonSteps } from '../../../../src/protocol/course.ts';
import type { ReportBlock } from '../../../../src/protocol/report.ts';
import { orderSteps } from '../../../../src/worker/course/orderSteps.ts';
import { pipelineSteps } from '../../../../src/worker/course/pipelineSteps.ts';
import { assertNames } from '../../../harness/facts.ts';

const three = [
  'The sun is shining',
  'The weather is sweet',
  'The sun is shining, the weather is sweet, and one and one is two',
];

/** A step of a lesson, by its place from 1. */
function matrixAt(blocks: readonly ReportBlock[], place: number): Extract<ReportBlock, { kind: 'matrix' }> {
  const found = blocks[place - 1];
  assert.ok(found?.kind === 'matrix', `step ${place}`);
  return found;
}

describe('lesson on the word pipeline', () => {
  it('shows the values of the course for its three sentences', () => {
    const steps = pipelineSteps(three);
    assert.deepEqual(lessonSteps.parse(steps), steps);
    const [vocabulary, indices] = steps;
    assert.ok(vocabulary?.kind === 'table' && indices?.kind === 'table');
    assert.equal(
      vocabulary.rows.map(([id, word]) => `${word}${id}`).join(' '),
      '<unk>0 and1 is2 one3 shining4 sun5 sweet6 the7 two8 weather9 <pad>10',
    );
    assert.deepEqual(
      indices.rows.map(([, , ids]) => ids),
      ['7 5 2 4', '7 9 2 6', '7 5 2 4 7 9 2 6 1 3 1 3 2 8'],
    );
    const padding = matrixAt(steps, 3);
    assert.equal(padding.columns.length, 14);
    assert.deepEqual(padding.values.slice(0, 14), [7, 5, 2, 4, ...new Array<number>(10).fill(10)]);
  });

  it('shows that one-hot vectors times the embedding matrix are rows of that matrix', () => {
    const steps = pipelineSteps(three);
    const embedding = matrixAt(steps, 5);
    const read = matrixAt(steps, 6);
    const row = (id: number) => embedding.values.slice(4 * id, 4 * id + 4);
    assert.deepEqual(read.values, [7, 5, 2, 4].flatMap(row));
    assertNames(read.note, 0);
  });

  it('rejects texts without words', () => assert.throws(() => pipelineSteps(['...', '']), InputError));
});

describe('lesson on word order', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const has = 'The movie my friend has not seen is good';
  const hasNot = 'The movie my friend has seen is not good';

  it('shows the same bag of words and different states', async () => {
    const tensors = tf.memory().numTensors;
    const steps = await orderSteps([has, hasNot]);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(lessonSteps.parse(steps), steps);
    const bags = matrixAt(steps, 1);
    assert.deepEqual(bags.values.slice(0, bags.columns.length), bags.values.slice(bags.columns.length));
    const states = matrixAt(steps, 4);
    const distance = Math.hypot(...states.values.slice(0, 10).map((value, i) => value - (states.values[10 + i] ?? 0)));
    assert.ok(distance > 0.01, String(distance));
  });

  it('shows equal states while the words are equal', async () => {
    const steps = await orderSteps([has, hasNot]);
    const [a, b] = [matrixAt(steps, 2), matrixAt(steps, 3)];
    const column = (block: typeof a, t: number) =>
      Array.from({ length: 10 }, (_, unit) => block?.values[unit * (block?.columns.length ?? 0) + t]);
    for (let t = 0; t < 5; t++) assert.deepEqual(column(a, t), column(b, t));
    assert.notDeepEqual(column(a, 5), column(b, 5));
  });

  it('reports that the bags differ', async () => {
    const [same] = await orderSteps([has, hasNot]);
    const [bags] = await orderSteps(['good', 'bad']);
    assert.notEqual(bags?.note, same?.note);
    await assert.rejects(orderSteps(['good', '']), InputError);
  });
});
