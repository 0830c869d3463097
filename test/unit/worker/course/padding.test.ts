import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../../src/backends/reference.ts';
import { CONVOLUTION_POOL, type ConvolutionPoolOutputs } from '../../../../src/kernels/contract.ts';
import { convolutionPool } from '../../../../src/kernels/ops.ts';
import { runKernel } from '../../../../src/kernels/runKernel.ts';
import { paddingLessonContract } from '../../../../src/protocol/lessons/padding.ts';
import { DIMENSIONS, LECTURE_EMBEDDING, LECTURE_TEXTS } from '../../../../src/protocol/lessons/texts.ts';
import { workPadding } from '../../../../src/worker/course/padding.ts';
import { derivationAt } from '../../../../webview/course/padding/describePadding.ts';

const embedding = Object.fromEntries(Object.entries(LECTURE_EMBEDDING).map(([word, row]) => [word, [...row]]));
const filter = [
  [0.1, -0.1, 0.2, 0],
  [-0.2, 0.1, 0.3, -0.1],
  [0, 0.2, -0.1, 0.1],
];
const request = { texts: LECTURE_TEXTS, embedding, filter, bias: 0.1 };

describe('lesson on convolutions and padding', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('pads the sentences of the lecture to 14 steps', () => {
    const result = workPadding(request);
    assert.deepEqual(paddingLessonContract.workPadding.result.parse(result), result);
    assert.equal(result.timeSteps, 14);
    assert.deepEqual(result.padded.slice(0, 14), [7, 5, 2, 4, ...new Array<number>(10).fill(10)]);
  });

  it('has the values of the convolutional classifier with a mask', () => {
    const { words, timeSteps, vectors, masked } = workPadding(request);
    const [values, maxima] = tf.tidy(() => {
      const lengths = tf.tensor1d(
        words.map(({ length }) => length),
        'int32',
      );
      const x = tf.transpose(tf.tensor3d(vectors, [3, timeSteps, DIMENSIONS]), [1, 0, 2]);
      const kernel = tf.tensor2d(filter.flat(), [3 * DIMENSIONS, 1]);
      const bias = tf.tensor1d([0.1]);
      const inputs = { x, lengths, kernel0: kernel, bias0: bias };
      const [, h] = runKernel<ConvolutionPoolOutputs>(CONVOLUTION_POOL, inputs, { pooling: 'mean' });
      const pooled = convolutionPool({ x, lengths, filters: [{ kernel, bias }] }, { pooling: 'max' });
      return [[...tf.transpose(h as tf.Tensor3D, [1, 0, 2]).dataSync()], [...pooled.dataSync()]];
    });
    words.forEach((each, text) => {
      assert.ok(Math.abs((maxima[text] ?? 0) - (masked.max[text] ?? 0)) < 1e-5);
      each.forEach((_, t) => {
        const at = text * timeSteps + t;
        assert.ok(Math.abs((values[at] ?? 0) - (masked.values[at] ?? 0)) < 1e-5, `${text} ${t}`);
      });
    });
  });

  it('shows that the padding is larger than every word without a mask, and that a mask excludes it', () => {
    const { words, unmasked, masked } = workPadding(request);
    for (const text of [0, 1]) {
      assert.ok((unmasked.maxAt[text] ?? 0) >= (words[text]?.length ?? 0));
      assert.ok((masked.maxAt[text] ?? 9) < (words[text]?.length ?? 0));
      assert.ok((unmasked.max[text] ?? 0) > (masked.max[text] ?? 0));
    }
    assert.equal(unmasked.max[2], masked.max[2]);
  });

  it('is independent of longer sentences with a mask only', () => {
    const short = workPadding(request);
    const long = workPadding({ ...request, texts: [...LECTURE_TEXTS, `${LECTURE_TEXTS.join(' ')} and one`] });
    assert.deepEqual(long.masked.max.slice(0, 3), short.masked.max);
    assert.deepEqual(long.masked.mean.slice(0, 3), short.masked.mean);
    assert.notDeepEqual(long.unmasked.mean.slice(0, 3), short.unmasked.mean);
  });

  it('derives every value from the words in the window', () => {
    const result = workPadding(request);
    for (const masked of [true, false]) {
      const { values } = masked ? result.masked : result.unmasked;
      result.words.forEach((each, text) => {
        for (let step = 0; step < (masked ? each.length : result.timeSteps); step++) {
          const { value } = derivationAt({ result, filter, bias: 0.1 }, text, step, masked);
          assert.ok(Math.abs(value - (values[text * result.timeSteps + step] ?? NaN)) < 1e-9, `${text} ${step}`);
        }
      });
    }
  });

  it('names a sentence without words', () =>
    assert.throws(() => workPadding({ ...request, texts: ['a', '!'] }), { name: 'InputError', message: /2/ }));
});
