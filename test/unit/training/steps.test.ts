import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { type ModelConfig, modelSchema } from '../../../src/config/schema.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { Tagger } from '../../../src/models/tagger.ts';
import { normsOf } from '../../../src/kernels/norms.ts';
import { clipScale, globalNorm } from '../../../src/training/update.ts';
import { Progress } from '../../../src/worker/progress.ts';
import { learningRateAt } from '../../../src/training/schedule.ts';
import { draw as drawToken } from '../../../src/training/drawing.ts';
import { glorotUniform, normal, orthogonalRows, repeatedIdentity } from '../../../src/layers/initializers.ts';
import { Generator } from '../../../src/random/generator.ts';

describe('parts of a training step', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  describe('gradient norm', () => {
    it('does not underflow or overflow where float32 squares would', async () => {
      assert.ok(Math.abs((await normOf([3e-30, 4e-30])) / 5e-30 - 1) < 1e-6);
      assert.ok(Math.abs((await normOf([3e30, 4e30])) / 5e30 - 1) < 1e-6);
    });

    it('is not finite when a value is not', async () => {
      assert.ok(Number.isNaN(await normOf([1, NaN])));
      assert.equal(await normOf([1, Infinity]), Infinity);
    });

    it('of several tensors is that of one long vector', () => {
      fc.assert(
        fc.property(fc.array(fc.float({ noNaN: true, min: -1e3, max: 1e3 }), { minLength: 1 }), (values) => {
          const whole = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
          assert.ok(Math.abs(globalNorm(values.map(Math.abs)) - whole) <= 1e-9 * Math.max(1, whole));
        }),
      );
    });

    it('is at most clipNorm after clipping, and untouched below it', () => {
      fc.assert(
        fc.property(
          fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
          fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
          (norm, clipNorm) => {
            const clipped = norm * clipScale(norm, clipNorm);
            assert.ok(clipped <= clipNorm * (1 + 1e-12));
            if (norm <= clipNorm) assert.equal(clipped, norm);
            assert.equal(clipScale(norm, 0), 1);
          },
        ),
      );
    });
  });

  describe('schedule', () => {
    it('holds a constant rate', () => {
      assert.equal(learningRateAt(7, rates({ schedule: 'constant', learningRate: 0.1, steps: 5 })), 0.1);
    });

    it('falls as half a cosine from the full rate to zero, and stays there', () => {
      const at = (step: number) => learningRateAt(step, rates({ schedule: 'cosine', learningRate: 2, steps: 100 }));
      assert.equal(at(1), 2);
      assert.ok(Math.abs(at(51) - 1) < 1e-12);
      assert.ok(at(101) === 0 && at(1000) === 0);
      for (let step = 1; step < 101; step++) assert.ok(at(step + 1) < at(step));
    });
  });

  describe('other schedules', () => {
    const at = (step: number, changes: Parameters<typeof rates>[0], plateaus = 0) =>
      learningRateAt(step, rates({ learningRate: 1, steps: 110, ...changes }), plateaus);

    it('start with a linear warm-up to the full rate', () => {
      const warm = { schedule: 'cosine', warmUp: 10 } as const;
      assert.deepEqual(
        [1, 5, 10].map((step) => at(step, warm)),
        [0.1, 0.5, 1],
      );
      for (let step = 11; step < 110; step++)
        assert.equal(at(step, warm), at(step - 10, { schedule: 'cosine', steps: 100 }));
    });

    it('multiply the rate of a range test by the same factor at each step, and then keep it', () => {
      const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
      fc.assert(
        fc.property(rate, rate, fc.integer({ min: 3, max: 300 }), (learningRate, lastLearningRate, steps) => {
          const test = { schedule: 'range-test', learningRate, lastLearningRate, steps } as const;
          const near = (a: number, b: number) => assert.ok(Math.abs(a / b - 1) < 1e-9, `${a} and ${b}`);
          assert.equal(at(1, test), learningRate);
          near(at(steps, test), lastLearningRate);
          assert.equal(at(steps + 5, test), at(steps, test));
          for (let step = 2; step < steps; step++)
            near(at(step + 1, test) / at(step, test), at(step, test) / at(step - 1, test));
        }),
      );
    });

    it('lower the rate every N steps', () => {
      const stepwise = { schedule: 'step', decayEvery: 3, decayFactor: 0.1 } as const;
      assert.deepEqual(
        [1, 3, 4, 6, 7].map((step) => at(step, stepwise)),
        [1, 1, 0.1, 0.1, 0.1 ** 2],
      );
    });

    it('lower the rate at a plateau of the validation loss', () => {
      const config = parseRunConfig({ training: { plateauPatience: 2, validateEvery: 1 } });
      const progress = new Progress({ config, baselines: {} });
      const lowered = [3, 2, 2.5, 2, 1.9, 2, 2, 2, 2].map((loss) => {
        progress.addStep({ loss, gradientNorm: 1, clippedGradientNorm: 1 });
        progress.addValidation({ loss, solved: false });
        const { plateaus } = progress;
        return [plateaus.since, at(50, { schedule: 'plateau', decayFactor: 0.5 }, plateaus.lowered)];
      });
      assert.deepEqual(lowered, [
        [0, 1],
        [0, 1],
        [1, 1],
        [2, 0.5],
        [0, 0.5],
        [1, 0.5],
        [2, 0.25],
        [3, 0.25],
        [4, 0.125],
      ]);
    });
  });

  describe('sampling', () => {
    const generator = Generator.forPurpose(1, 'test');
    const draw = (logits: readonly number[], temperature: number, topK = 0) =>
      drawToken(Float32Array.from(logits), { temperature, topK, unwritten: [0] }, generator).id;

    it('selects the most likely character at temperature 0, and never <unk>', () => {
      assert.equal(draw([9, 1, 3, 2], 0), 2);
      for (let n = 0; n < 1000; n++) assert.notEqual(draw([50, 0, 0, 0], 1), 0);
    });

    it('draws with the probabilities of the softmax', () => {
      const logits = [0, Math.log(1), Math.log(2), Math.log(7)];
      const counts = [0, 0, 0, 0];
      for (let n = 0; n < 20_000; n++) {
        const id = draw(logits, 1);
        counts[id] = (counts[id] ?? 0) + 1;
      }
      const expected = [0, 2000, 4000, 14000];
      // Chi-square with 2 degrees of freedom: above 18.4 once in 10,000.
      const chiSquare = counts.reduce(
        (sum, count, id) => sum + (count - (expected[id] ?? 0)) ** 2 / Math.max(1, expected[id] ?? 1),
        0,
      );
      assert.ok(chiSquare < 18.4, counts.join());
    });

    it('draws from the most likely tokens only, the first ones of equal ones', () => {
      const drawn = new Set(Array.from({ length: 500 }, () => draw([9, 1, 3, 2, 3, 3], 5, 2)));
      assert.deepEqual([...drawn].sort(), [2, 4]);
      const all = new Set(Array.from({ length: 500 }, () => draw([9, 1, 1, 1], 1, 10)));
      assert.deepEqual([...all].sort(), [1, 2, 3]);
    });

    it('survives logits of any size', () => {
      assert.equal(draw([0, 1e38, -1e38], 1), 1);
      assert.equal(draw([0, -1e38, -1e38], 0.01) > 0, true);
    });
  });

  describe('initial weights', () => {
    it('have orthonormal rows', () => {
      const [rows, columns] = [7, 28];
      const matrix = orthogonalRows(rows, columns, Generator.forPurpose(3, 'x'));
      for (let a = 0; a < rows; a++) {
        for (let b = 0; b < rows; b++) {
          let dot = 0;
          for (let k = 0; k < columns; k++) dot += (matrix[a * columns + k] ?? NaN) * (matrix[b * columns + k] ?? NaN);
          assert.ok(Math.abs(dot - (a === b ? 1 : 0)) < 1e-6);
        }
      }
    });

    it('are concatenated identity matrices', () => {
      assert.deepEqual([...repeatedIdentity(2, 6)], [1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1]);
    });

    it('are normal with the requested standard deviation', () => {
      const values = normal(10_000, 0.1, Generator.forPurpose(3, 'x'));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      assert.ok(Math.abs(mean) < 0.005 && Math.abs(variance / 0.01 - 1) < 0.1, `${mean} ${variance}`);
    });

    it('of a model have a forget bias in LSTM layers only, and the requested gain', () => {
      const initial = (config: Partial<ModelConfig>) => {
        const shape = { ...modelSchema.parse({ units: 3, ...config }), vocabularySize: 5 };
        const model = new LanguageModel(shape);
        model.initialize(Generator.forPurpose(1, 'x'), shape);
        return new Map(model.parameters.map(({ name, variable }) => [name, [...variable.dataSync()]]));
      };
      assert.deepEqual(initial({ forgetBias: 2 }).get('lstm_1/bias'), [0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0]);
      assert.ok(
        initial({ cell: 'gru' })
          .get('gru_1/bias')
          ?.every((value) => value === 0),
      );
      const scaled = initial({ cell: 'rnn', recurrentInitializer: 'identity', recurrentGain: 0.5 });
      assert.deepEqual(scaled.get('simple_rnn_1/recurrent_kernel'), [0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5]);
    });

    it('of a bidirectional model are drawn for both directions', () => {
      const shape = { ...modelSchema.parse({ units: 3, bidirectional: true }), vocabularySize: 5, tags: 2 };
      const model = new Tagger(shape);
      model.initialize(Generator.forPurpose(1, 'x'), shape);
      const weights = new Map(
        model.parameters.map(({ name, variable }) => [name, [...variable.dataSync<'float32'>()]]),
      );
      const norm = (values: readonly number[]) => Math.hypot(...values);
      for (const direction of ['forward', 'backward']) {
        const of = (kind: string) => weights.get(`bidirectional_lstm_1/${direction}_lstm_1/${kind}`) ?? [];
        assert.ok(norm(of('kernel')) > 0, 'drawn at random');
        // Three orthonormal rows.
        assert.ok(Math.abs(norm(of('recurrent_kernel')) - Math.sqrt(3)) < 1e-6);
        assert.deepEqual(of('bias'), [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
      }
      model.dispose();
    });

    it('are uniform within the Glorot limit', () => {
      const values = glorotUniform(30, 50, Generator.forPurpose(3, 'x'));
      const limit = Math.sqrt(6 / 80);
      assert.ok(values.every((value) => Math.abs(value) <= limit));
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      assert.ok(Math.abs(variance / (limit ** 2 / 3) - 1) < 0.1);
    });
  });
});

/** The norm of one tensor. */
async function normOf(values: number[]): Promise<number> {
  const [norm = NaN] = await normsOf([tf.tensor1d(values)]);
  return norm;
}

/** Settings of the learning rate; other settings have their defaults. */
function rates(changes: Partial<Parameters<typeof learningRateAt>[1]>): Parameters<typeof learningRateAt>[1] {
  return { ...parseRunConfig({}).training, ...changes };
}
