import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { type EncodedPair, pairBatch } from '../../../src/data/pairs/pairBatches.ts';
import { beamSearch, likeliestTokens, perToken } from '../../../src/models/encoderDecoder/beamSearch.ts';
import { EncoderDecoder } from '../../../src/models/encoderDecoder/encoderDecoder.ts';
import { savedEncoderDecoder } from '../../../src/models/savedModels.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import { Generator } from '../../../src/random/generator.ts';
import { pairLoss, scorePairs } from '../../../src/training/pairs/pairLoss.ts';
import { Translator } from '../../../src/training/pairs/translator.ts';
import { probedEncoder } from '../../../src/training/pairs/probedEncoder.ts';
import { assertClose } from '../../oracle/compare.ts';
import { readEncoderDecoderFixtures } from '../../oracle/encoderDecoderFixture.ts';
import { errorWith } from '../../harness/facts.ts';

const PADDING = { source: 6, target: 7 };
const OPTIONS = { unwritten: [0, 1, 7], sourcePadding: 6, maxLength: 5 };

function newModel(config: Parameters<typeof modelSchema.parse>[0], seed = 1): EncoderDecoder {
  const shape = modelSchema.parse({ units: 5, ...(config as object) });
  const model = new EncoderDecoder({ ...shape, sourceSize: 7, targetSize: 8 });
  model.initialize(Generator.forPurpose(seed, 'weights'), shape);
  return model;
}

async function gradientsOf(model: EncoderDecoder, pairs: readonly EncodedPair[], padding = PADDING) {
  const { value, grads } = tf.variableGrads(
    () => pairLoss(model, pairBatch(pairs, padding)),
    model.parameters.map(({ variable }) => variable),
  );
  return {
    loss: (await value.data())[0]!,
    gradients: await readTensors(
      model.parameters.map(({ name, variable }) => ({ name, tensor: grads[variable.name]! })),
    ),
  };
}

const ids = (values: readonly number[]) => Int32Array.from(values);
const pairsOfIds = fc.array(
  fc.record({
    source: fc.array(fc.integer({ min: 3, max: 5 }), { minLength: 1, maxLength: 6 }).map(ids),
    target: fc.array(fc.integer({ min: 3, max: 6 }), { minLength: 0, maxLength: 5 }).map(ids),
  }),
  { minLength: 2, maxLength: 4 },
);

describe('an encoder and decoder', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const { name, fixture } of readEncoderDecoderFixtures()) {
    it(`has the loss, the alignment and all gradients of PyTorch: ${name}`, async () => {
      const model = new EncoderDecoder({ ...modelSchema.parse({}), ...fixture.shape });
      writeVariables(
        model.parameters,
        Object.entries(fixture.weights).map(([weight, { shape, values }]) => ({
          name: weight,
          shape,
          values: Float32Array.from(values),
        })),
      );
      const pairs = fixture.pairs.map(({ source, target }) => ({ source: ids(source), target: ids(target) }));
      const { loss, gradients } = await gradientsOf(model, pairs);
      assertClose('loss', [loss], [fixture.loss], 1e-5);
      assert.deepEqual(gradients.map((tensor) => tensor.name).sort(), Object.keys(fixture.gradients).sort());
      const expected = gradients.map((tensor) => fixture.gradients[tensor.name]?.values ?? []);
      assertClose(
        'all gradients',
        gradients.flatMap(({ values }) => [...values]),
        expected.flat(),
        1e-5,
      );
      // Gradients of attention scores are small differences of large numbers, and less accurate in single precision.
      for (const [at, { name: weight, values }] of gradients.entries())
        assertClose(weight, values, expected[at] ?? [], 5e-5);

      const { source, target } = pairBatch(pairs, PADDING);
      const { state, memory } = model.encode(tf.tensor2d(source.ids, [source.timeSteps, 3], 'int32'), source.lengths);
      const { alignment } = model.decode(tf.tensor2d(target.inputs, [target.timeSteps, 3], 'int32'), state, memory);
      assertClose('alignment', [...(alignment?.dataSync() ?? [])], fixture.alignment, 1e-5);
    });
  }

  for (const attention of ['none', 'dot', 'additive'] as const) {
    for (const cell of ['lstm', 'gru', 'rnn'] as const) {
      it(`has for a batch the mean loss of its pairs, independent of the padding: ${cell}, attention ${attention}`, async () => {
        const model = newModel({ cell, attention, layers: 2, embedding: 3 });
        await fc.assert(
          fc.asyncProperty(pairsOfIds, async (pairs) => {
            const batch = await gradientsOf(model, pairs);
            const otherwise = await gradientsOf(model, pairs, { source: 3, target: 4 });
            assert.equal(otherwise.loss, batch.loss);
            for (const [at, { values }] of batch.gradients.entries())
              assert.equal(JSON.stringify(otherwise.gradients[at]?.values), JSON.stringify(values));
            const alone = await Promise.all(
              pairs.map(async (pair) => ({ ...(await gradientsOf(model, [pair])), tokens: pair.target.length + 1 })),
            );
            const tokens = alone.reduce((sum, each) => sum + each.tokens, 0);
            const mean = (of: (each: (typeof alone)[number]) => number) =>
              alone.reduce((sum, each) => sum + of(each) * each.tokens, 0) / tokens;
            assertClose('loss', [batch.loss], [mean((each) => each.loss)], 1e-5);
            const expected = batch.gradients.flatMap(({ values }, at) =>
              Array.from(values, (_, index) => mean((each) => each.gradients[at]!.values[index]!)),
            );
            assertClose(
              'gradients',
              batch.gradients.flatMap(({ values }) => [...values]),
              expected,
              1e-5,
            );
          }),
          { seed: 1, numRuns: 4 },
        );
      });
    }
  }

  it('writes the same texts in a batch, one by one, and with a beam of width 1', async () => {
    for (const attention of ['none', 'dot', 'additive'] as const) {
      const translator = new Translator(newModel({ attention, units: 9 }, 3), OPTIONS);
      const sources = [[3, 4, 5, 3, 3], [4], [5, 5, 3]].map(ids);
      const together = await translator.greedy(sources);
      for (const [at, source] of sources.entries()) {
        const [alone] = await translator.greedy([source]);
        assert.deepEqual(together[at]?.ids, alone?.ids);
        assert.deepEqual((await translator.beam(source, 1))[0]?.ids, alone?.ids);
        const drawn: number[] = [];
        for await (const { id } of translator.draws(source)) drawn.push(id);
        assert.deepEqual(drawn.at(-1) === 2 ? drawn.slice(0, -1) : drawn, alone?.ids);
        for (const [row, shares] of (together[at]?.alignment ?? []).entries()) {
          assertClose('alignment', shares, alone?.alignment[row] ?? [], 1e-5);
          assert.equal(shares.length, source.length);
          assertClose('shares', [shares.reduce((sum, share) => sum + share, 0)], [1], 1e-5);
        }
        for (const id of together[at]?.ids ?? []) assert.ok(![0, 1, 2, 7].includes(id));
      }
    }
  });

  it('finds the same texts for several sources at once as one by one', async () => {
    const options = { ...OPTIONS, maxLength: 9 };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          attention: fc.constantFrom('none' as const, 'dot' as const, 'additive' as const),
          bidirectional: fc.boolean(),
          cell: fc.constantFrom('lstm' as const, 'gru' as const),
          embedding: fc.constantFrom(0, 3),
          layers: fc.integer({ min: 1, max: 2 }),
        }),
        fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(10)),
        fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 }), {
          minLength: 1,
          maxLength: 9,
        }),
        fc.nat(50),
        async (config, width, texts, seed) => {
          const model = newModel({ ...config, units: 6 }, seed);
          // Large weights, so that some texts end before others.
          for (const { variable } of model.parameters) tf.tidy(() => void variable.assign(tf.mul(variable, 6)));
          const translator = new Translator(model, options);
          const sources = texts.map(ids);
          let steps = 0;
          const tensors = tf.memory().numTensors;
          const together = await translator.beams(sources, width, async () => Promise.resolve(void steps++));
          assert.equal(tf.memory().numTensors, tensors);
          assert.ok(steps > 0 && steps <= options.maxLength + 1);
          for (const [at, source] of sources.entries()) {
            const alone = await translator.beam(source, width);
            assert.deepEqual(
              together[at]?.map((text) => text.ids),
              alone.map((text) => text.ids),
            );
            assertClose('scores', together[at]?.map(perToken) ?? [], alone.map(perToken), 1e-5);
            for (const text of alone) for (const id of text.ids) assert.ok(!options.unwritten.includes(id));
          }
          model.dispose();
        },
      ),
      { numRuns: 15 },
    );
  });

  it('never finds a worse text with a wider beam', async () => {
    const model = newModel({ attention: 'dot', units: 9 }, 5);
    const translator = new Translator(model, OPTIONS);
    const score = async (source: Int32Array, target: readonly number[]) => {
      const { loss } = await scorePairs(model, [pairBatch([{ source, target: ids(target) }], PADDING)], () =>
        Promise.resolve(),
      );
      return loss;
    };
    for (const source of [[3, 4, 5], [4, 4], [5]].map(ids)) {
      const [[wide], [narrow]] = [await translator.beam(source, 40), await translator.beam(source, 2)];
      assert.ok((await score(source, wide?.ids ?? [])) <= (await score(source, narrow?.ids ?? [])) + 1e-5);
    }
  });

  it('applies dropout only in training, with new masks in each step and the same masks from the same generator state', () => {
    const shape = modelSchema.parse({ units: 5, embedding: 3, dropout: 0.5, attention: 'dot' });
    const masks = Generator.forPurpose(1, 'masks');
    const model = new EncoderDecoder({ ...shape, sourceSize: 7, targetSize: 8 }, masks);
    model.initialize(Generator.forPurpose(1, 'weights'), shape);
    const batch = pairBatch([{ source: ids([3, 4, 5]), target: ids([3, 4]) }], PADDING);
    const loss = (training: boolean) => pairLoss(model, batch, { training }).dataSync()[0];
    const { state } = masks;
    const [first, second] = [loss(true), loss(true)];
    assert.notEqual(first, second);
    assert.equal(loss(false), loss(false));
    masks.restore(state);
    assert.deepEqual([loss(true), loss(true)], [first, second]);
  });

  it('is saved and loaded with the same losses and texts, and names the obstacle for TensorFlow.js', async () => {
    const model = newModel({ cell: 'gru', attention: 'additive', layers: 2, embedding: 3 });
    const files = await savedEncoderDecoder.files(model, 'dates');
    const loaded = savedEncoderDecoder.load(files);
    const pair = { source: ids([3, 4]), target: ids([5]) };
    assert.equal((await gradientsOf(loaded, [pair])).loss, (await gradientsOf(model, [pair])).loss);
    assert.match(files['task.json'], /"obstacle": "./);
    assert.throws(
      () => savedEncoderDecoder.load({ ...files, 'task.json': '{"version":1}' }),
      errorWith({ name: 'Error' }, 'task.json'),
    );
  });

  it('is probed with the sum of its losses, from given states', () => {
    const model = newModel({ attention: 'dot' });
    const batch = pairBatch(
      [
        { source: ids([3, 4, 5]), target: ids([3]) },
        { source: ids([4]), target: ids([5, 6, 3]) },
      ],
      PADDING,
    );
    const probed = probedEncoder(model, batch);
    assert.deepEqual([probed.timeSteps, probed.lengths, probed.lossAt], [3, [3, 1], 'the end']);
    const losses = probed.losses([1, 0, 1], model.zeroState(3), () => undefined).dataSync();
    assertClose('repeated', [losses[0]!], [losses[2]!], 1e-6);
    assertClose('sum', [losses[0]! + losses[1]!], [6 * pairLoss(model, batch).dataSync()[0]!], 1e-5);
  });

  it('leaks no tensors', async () => {
    const model = newModel({ attention: 'additive' });
    const run = async () => {
      const translator = new Translator(model, OPTIONS);
      await translator.greedy([ids([3, 4]), ids([5])]);
      await translator.beam(ids([3, 4]), 3);
      await scorePairs(model, [pairBatch([{ source: ids([3]), target: ids([4]) }], PADDING)], () => Promise.resolve());
      return tf.memory().numTensors;
    };
    assert.equal(await run(), await run());
  });
});

describe('beam search', () => {
  /** Made-up log probabilities of 3 tokens, of which 2 is the end, after each text. */
  const table = (seed: number) => (text: readonly number[]) => {
    const generator = Generator.forPurpose(seed, text.join());
    const weights = [0, 1, 2].map(() => Math.exp(2 * generator.nextNormal()));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => Math.log(weight / total));
  };
  const search = async (seed: number, width: number, maxLength: number) =>
    beamSearch(
      null,
      async (live) =>
        live.map(({ ids: text }) => ({ candidates: likeliestTokens(table(seed)(text), width), state: null })),
      { width, maxLength, endId: 2 },
    );

  it('of sufficient width finds the best text', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const texts: number[][] = [[]];
      for (let at = 0; at < texts.length; at++)
        if (texts[at]!.length < 3) texts.push([...texts[at]!, 0], [...texts[at]!, 1]);
      const scoreOf = (text: number[]) =>
        [...text, 2].reduce((sum, id, at) => sum + table(seed)(text.slice(0, at))[id]!, 0) / (text.length + 1);
      const [best] = texts.sort((a, b) => scoreOf(b) - scoreOf(a));
      const [found, ...others] = await search(seed, 64, 3);
      assert.deepEqual(found?.ids, best);
      const scores = [found, ...others].map((each) => perToken(each!));
      assert.deepEqual(
        scores,
        scores.toSorted((a, b) => b - a),
      );
    }
  });

  it('of width 1 is greedy, and cuts off texts that do not end', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const text: number[] = [];
      while (text.length < 4) {
        const values = table(seed)(text);
        const id = values.indexOf(Math.max(...values));
        if (id === 2) break;
        text.push(id);
      }
      assert.deepEqual((await search(seed, 1, 4))[0]?.ids, text);
    }
  });
});
