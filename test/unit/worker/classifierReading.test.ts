import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { WordVocabulary } from '../../../src/data/words/vocabulary.ts';
import { RecurrentClassifier } from '../../../src/models/recurrentClassifier.ts';
import { Generator } from '../../../src/random/generator.ts';
import { classifierReading } from '../../../src/worker/tasks/classification/classifierReading.ts';

const vocabulary = WordVocabulary.of(['bad', 'film', 'good']);
const answers = {
  labels: ['no', 'yes'],
  rules: { tokens: 'word', wordRules: 'unicode', lowerCase: true, stripAccents: false } as const,
  maximumLength: 100,
  knows: () => true,
  probabilities: () => assert.fail('not asked'),
  dispose: () => undefined,
};

function modelOf(shape: { bidirectional?: boolean; pooling?: 'last' | 'mean' }): RecurrentClassifier {
  const { model } = parseRunConfig({ task: { name: 'classification' }, model: { units: 4, embedding: 3, ...shape } });
  const classifier = new RecurrentClassifier({ ...model, vocabularySize: vocabulary.size, classes: 2 });
  classifier.initialize(Generator.forPurpose(1, 'weights'), model);
  return classifier;
}

describe('classifierReading', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('has the same probabilities after each token as for a text that ends there', () => {
    const model = modelOf({});
    const reading = classifierReading(model, answers, vocabulary);
    assert.ok(reading);
    const { tokens, ids, offsets } = reading.encode('A good, good film');
    assert.deepEqual(
      [tokens, offsets],
      [
        ['A', 'good', ',', 'good', 'film'],
        [0, 2, 6, 8, 13],
      ],
    );
    const read = reading.model
      .logits(tf.tensor2d(ids, [5, 1], 'int32'), model.network.zeroState(1))
      .logits.arraySync() as number[][];
    for (let end = 1; end <= 5; end++) {
      const prefix = model
        .logits(tf.tensor2d(ids.slice(0, end), [end, 1], 'int32'), tf.tensor1d([end], 'int32'))
        .arraySync() as number[][];
      prefix[0]?.forEach((value, i) => assert.ok(Math.abs(value - (read[end - 1]?.[i] ?? NaN)) < 1e-6));
    }
    assert.throws(() => reading.encode('  '), Error);
    model.dispose();
  });

  it('is undefined for bidirectional and pooling classifiers', () => {
    for (const shape of [{ bidirectional: true }, { pooling: 'mean' as const }]) {
      const model = modelOf(shape);
      assert.equal(classifierReading(model, answers, vocabulary), undefined);
      model.dispose();
    }
    assert.equal(classifierReading(undefined, answers, vocabulary), undefined);
  });
});
