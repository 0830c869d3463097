import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { conditionedBatch } from '../../../src/data/labeled/conditionedBatches.ts';
import { MarkedVocabulary } from '../../../src/data/pairs/markedVocabulary.ts';
import { ConditionedModel } from '../../../src/models/conditioned/conditionedModel.ts';
import { savedConditionedModel } from '../../../src/models/savedModels.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import { Generator } from '../../../src/random/generator.ts';
import {
  conditionedLoss,
  probedConditioned,
  scoreConditioned,
} from '../../../src/training/conditioned/conditionedLoss.ts';
import { fitRecognizer, recognition } from '../../../src/training/conditioned/recognition.ts';
import { writeLabeled } from '../../../src/training/conditioned/writeLabeled.ts';
import {
  biasRowsOf,
  type CellKind,
  cellKinds,
  columnsOf,
  hasCellState,
  layerName,
  makeCell,
} from '../../oracle/cells.ts';
import { assertClose } from '../../oracle/compare.ts';
import { crossEntropy } from '../../oracle/crossEntropy.ts';
import { finiteDifferences } from '../../oracle/finiteDifferences.ts';
import { addToRows, Matrix, multiply, oneHot } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';
import { stored } from '../../oracle/storedTensors.ts';

const vocabulary = MarkedVocabulary.fit(['ab', 'c'], 'character');
const [SIZE, UNITS, LABELS] = [vocabulary.size, 4, 3];
const TEXTS = [
  { label: 2, ids: vocabulary.encode('abca') },
  { label: 0, ids: vocabulary.encode('c') },
  { label: 2, ids: vocabulary.encode('ba') },
];

function newModel(config: Parameters<typeof modelSchema.parse>[0], labels = LABELS): ConditionedModel {
  const shape = modelSchema.parse({ units: UNITS, ...(config as object) });
  const model = new ConditionedModel({ ...shape, vocabularySize: SIZE, labels });
  model.initialize(Generator.forPurpose(1, 'weights'), shape);
  return model;
}

/** The mean loss in double precision, text by text and character by character. */
function oracleLoss(kind: CellKind, weights: ReadonlyMap<string, Matrix>): number {
  const get = (name: string) => weights.get(name)!;
  const layer = layerName(kind, 0);
  const cell = makeCell(kind, {
    kernel: get(`${layer}/kernel`),
    recurrentKernel: get(`${layer}/recurrent_kernel`),
    bias: get(`${layer}/bias`),
  });
  let [sum, count] = [0, 0];
  for (const { label, ids } of TEXTS) {
    const parts = hasCellState(kind) ? ['h', 'c'] : ['h'];
    const initial = parts.map(
      (part) =>
        new Matrix(1, UNITS, get(`label_1_${part}/embeddings`).values.slice(label * UNITS, (label + 1) * UNITS)),
    );
    const { states } = cell.run(
      [1, ...ids].map((id) => oneHot([id], SIZE)),
      initial as never,
    );
    [...ids, 2].forEach((target, t) => {
      const logits = addToRows(multiply((states[t] as readonly Matrix[])[0]!, get('dense/kernel')), get('dense/bias'));
      sum += crossEntropy([logits], [[target]]).loss;
      count += 1;
    });
  }
  return sum / count;
}

describe('a label-conditioned model', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));
  const batch = conditionedBatch(TEXTS, vocabulary.paddingId);

  for (const [name, kind] of Object.entries(cellKinds)) {
    it(`has the loss and finite differences of the oracle, including those of the labels: ${name}`, async () => {
      const model = newModel(kind);
      const random = new Random(5);
      const bias = biasRowsOf(kind);
      const weights = new Map(
        model.parameters.map(({ name: weight, variable: { shape } }) => {
          const [rows, columns] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0] as number];
          return [
            weight,
            random.matrix(
              weight.endsWith('_1/bias') ? bias : rows,
              weight.endsWith('_1/bias') ? columnsOf(kind, UNITS) : columns,
              0.8,
            ),
          ];
        }),
      );
      writeVariables(
        model.parameters,
        [...weights].map(([weight, matrix]) => stored(weight, matrix)),
      );
      const { value, grads } = tf.variableGrads(
        () => conditionedLoss(model, batch),
        model.parameters.map(({ variable }) => variable),
      );
      const loss = () => oracleLoss(kind, weights);
      assertClose('loss', await value.data(), [loss()], 1e-5);
      for (const { name: weight, variable } of model.parameters) {
        assertClose(
          weight,
          grads[variable.name]!.dataSync(),
          finiteDifferences(weights.get(weight)!, loss).values,
          1e-4,
        );
      }
    });
  }

  it('has the same loss in scoring and probes, independent of the padding', async () => {
    const model = newModel({ layers: 2, cell: 'gru', embedding: 3 });
    const [loss = NaN] = conditionedLoss(model, batch).dataSync();
    const { loss: scored, characters } = await scoreConditioned(model, [batch], () => Promise.resolve());
    assertClose('scored', [scored], [loss], 1e-5);
    assert.equal(characters, 10);
    const losses = probedConditioned(model, batch)
      .losses([0, 1, 2], model.network.zeroState(3), () => undefined)
      .dataSync<'float32'>();
    const counted = losses.reduce((sum, value, place) => sum + value * batch.texts.weights[place]!, 0);
    assertClose('probed', [counted / 10], [loss], 1e-5);
    assert.equal(conditionedLoss(model, conditionedBatch(TEXTS, 3)).dataSync()[0], loss);
  });

  it('is saved and loaded with the same losses and texts', async () => {
    const model = newModel({ layers: 2 });
    const loaded = savedConditionedModel.load(await savedConditionedModel.files(model, 'conditioned-generation'));
    assert.deepEqual(conditionedLoss(loaded, batch).dataSync(), conditionedLoss(model, batch).dataSync());
    const options = { labels: Int32Array.of(0, 1, 2, 2), prompt: 'a', maxLength: 6, temperature: 1 };
    const write = async (of: ConditionedModel) =>
      writeLabeled(of, vocabulary, { ...options, generator: Generator.forPurpose(3, 'test') });
    const texts = await write(model);
    assert.deepEqual(await write(loaded), texts);
    for (const text of texts) assert.match(text, /^a[abc]{0,5}$/);
    assert.equal(
      (await readTensors(model.parameters.map(({ name, variable }) => ({ name, tensor: variable })))).length,
      model.parameters.length,
    );
  });

  it('leaks no tensors', async () => {
    const model = newModel({});
    const run = async () => {
      await writeLabeled(model, vocabulary, {
        labels: Int32Array.of(0, 1),
        prompt: '',
        maxLength: 5,
        temperature: 0,
        generator: Generator.forPurpose(3, 'test'),
      });
      await scoreConditioned(model, [batch], () => Promise.resolve());
      return tf.memory().numTensors;
    };
    assert.equal(await run(), await run());
  });
});

describe('recognition of generated texts', () => {
  it('recognizes frequent and rare labels by their characters, and returns fractions by label', () => {
    const real = [...['anna', 'nana', 'hanna', 'ana'].map((text) => ({ text, label: 0 })), { text: 'bobo', label: 1 }];
    const recognize = fitRecognizer(real, 2);
    assert.deepEqual([recognize('nanna'), recognize('obo')], [0, 1]);
    const { byLabel, mean } = recognition(
      recognize,
      [
        { text: 'nanna', label: 0 },
        { text: 'bob', label: 0 },
        { text: 'bob', label: 1 },
      ],
      2,
    );
    assert.deepEqual([byLabel, mean], [[0.5, 1], 0.75]);
    assert.equal(recognition(recognize, [{ text: 'bob', label: 1 }], 2).mean, 1);
  });
});
