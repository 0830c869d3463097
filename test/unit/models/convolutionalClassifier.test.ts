import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { backendNamed } from '../../../src/backends/registry.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { padSequences } from '../../../src/data/labeled/sequenceBatcher.ts';
import { ConvolutionalClassifier } from '../../../src/models/convolutionalClassifier.ts';
import { Generator } from '../../../src/random/generator.ts';
import { classificationLoss, logitsOf } from '../../../src/training/classification.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import { assertClose } from '../../oracle/compare.ts';
import { readConvolutionFixtures } from '../../oracle/convolutionFixture.ts';

const VOCABULARY = 9;

for (const pooling of ['max', 'mean'] as const) {
  describe(`a convolutional classifier that pools by ${pooling}`, () => {
    let model: ConvolutionalClassifier;

    before(async () => {
      await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
      model = new ConvolutionalClassifier({
        vocabularySize: VOCABULARY,
        embedding: 4,
        kernelWidths: [1, 2, 3],
        filters: 3,
        pooling,
        classes: 3,
        dropout: 0,
      });
      model.initialize(Generator.forPurpose(3, 'weights'), modelSchema.parse({}));
    });

    after(() => model.dispose());

    /** Logits of each sequence, and the gradient of every parameter by their sum of squares. */
    function run(sequences: readonly Int32Array[], extra: number): { logits: number[]; gradients: number[][] } {
      const { ids, lengths, timeSteps, batch } = padSequences(sequences, VOCABULARY - 1);
      const padded = new Int32Array((timeSteps + extra) * batch).fill(VOCABULARY - 1);
      padded.set(ids);
      return tf.tidy(() => {
        const logits = () =>
          model.logits(tf.tensor2d(padded, [timeSteps + extra, batch], 'int32'), tf.tensor1d(lengths, 'int32'));
        const variables = model.parameters.map(({ variable }) => variable);
        const { grads } = tf.variableGrads(() => tf.sum(tf.square(logits())), variables);
        return {
          logits: [...logits().dataSync()],
          gradients: variables.map(({ name }) => [...grads[name]!.dataSync()]),
        };
      });
    }

    it('returns the same outputs and gradients for any padding, alone and in a batch', () => {
      const sequence = fc
        .array(fc.nat(VOCABULARY - 2), { minLength: 1, maxLength: 6 })
        .map((ids) => Int32Array.from(ids));
      fc.assert(
        fc.property(
          fc.array(sequence, { minLength: 1, maxLength: 3 }),
          fc.integer({ min: 1, max: 4 }),
          (sequences, extra) => {
            const [whole, longer] = [run(sequences, 0), run(sequences, extra)];
            assertClose('logits', longer.logits, whole.logits, 1e-5);
            whole.gradients.forEach((gradient, index) => {
              if (gradient.some((value) => Math.abs(value) > 1e-6))
                assertClose(
                  `gradient of ${model.parameters[index]?.name}`,
                  longer.gradients[index] ?? [],
                  gradient,
                  1e-4,
                );
            });
            sequences.forEach((each, index) =>
              assertClose('alone', run([each], 0).logits, whole.logits.slice(3 * index, 3 * index + 3), 1e-5),
            );
          },
        ),
        { numRuns: 40 },
      );
    });

    it('matches its definition, computed in double precision', async () => {
      const ids = Int32Array.of(1, 4, 2, 7, 3);
      const weights = new Map<string, number[]>();
      for (const { name, variable } of model.parameters) weights.set(name, [...(await variable.data())]);
      const of = (name: string) => weights.get(name) ?? assert.fail(name);
      const vector = (t: number) =>
        t < 0 || t >= ids.length ? [0, 0, 0, 0] : of('embedding/embeddings').slice(4 * ids[t]!, 4 * ids[t]! + 4);
      const pooled = [1, 2, 3].flatMap((width) => {
        const [kernel, bias] = [of(`convolution_${width}/kernel`), of(`convolution_${width}/bias`)];
        return [0, 1, 2].map((filter) => {
          const values = Array.from(ids, (_, t) => {
            const seen = Array.from({ length: width }, (_each, at) =>
              vector(t + at - Math.floor((width - 1) / 2)),
            ).flat();
            return Math.max(
              0,
              seen.reduce((sum, value, row) => sum + value * (kernel[3 * row + filter] ?? 0), bias[filter] ?? 0),
            );
          });
          return pooling === 'max'
            ? Math.max(...values)
            : values.reduce((sum, value) => sum + value, 0) / values.length;
        });
      });
      const logits = [0, 1, 2].map((k) =>
        pooled.reduce(
          (sum, value, row) => sum + value * (of('dense/kernel')[3 * row + k] ?? 0),
          of('dense/bias')[k] ?? 0,
        ),
      );
      assertClose('logits', run([ids], 2).logits, logits, 1e-5);
    });
  });
}

for (const backend of ['reference', 'wasm'] as const) {
  describe(`a convolutional classifier on ${backend}`, () => {
    before(() => backendNamed(backend).load({ home: '', tensorflowPath: '', threads: 2 }));

    for (const { name, fixture } of readConvolutionFixtures()) {
      it(`has the logits, the loss and all gradients of PyTorch: ${name}`, async () => {
        const { shape, sentences, weights } = fixture;
        const model = new ConvolutionalClassifier({ ...shape, kernelWidths: shape.widths, dropout: 0 });
        writeVariables(
          model.parameters,
          Object.entries(weights).map(([weight, { shape, values }]) => ({
            name: weight,
            shape,
            values: Float32Array.from(values),
          })),
        );
        const batch = {
          ...padSequences(
            sentences.map(({ ids }) => Int32Array.from(ids)),
            shape.vocabularySize - 1,
          ),
          labels: Int32Array.from(sentences, ({ label }) => label),
        };
        const logits = tf.tidy(() => logitsOf(model, batch).dataSync());
        assertClose('logits', logits, fixture.logits, 1e-5);
        const { value, grads } = tf.variableGrads(
          () => classificationLoss(model, batch, undefined, {}),
          model.parameters.map(({ variable }) => variable),
        );
        assertClose('loss', await value.data(), [fixture.loss], 1e-5);
        const gradients = await readTensors(
          model.parameters.map(({ name, variable }) => ({ name, tensor: grads[variable.name]! })),
        );
        assert.deepEqual(gradients.map((tensor) => tensor.name).sort(), Object.keys(fixture.gradients).sort());
        for (const { name: weight, values } of gradients)
          assertClose(weight, values, fixture.gradients[weight]?.values ?? [], 1e-5);
        tf.dispose([value, grads]);
        model.dispose();
      });
    }
  });
}
