import assert from 'node:assert/strict';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { WordVocabulary } from '../../../src/data/words/vocabulary.ts';
import { RecurrentClassifier } from '../../../src/models/recurrentClassifier.ts';
import { Generator } from '../../../src/random/generator.ts';
import { Explainer } from '../../../src/worker/inspector/explainer.ts';
import { classifierReading } from '../../../src/worker/tasks/classification/classifierReading.ts';
import { explainedText } from '../../fixtures/explainedText.ts';
import { errorWith } from '../../harness/facts.ts';

const unit = { inspection: 1, direction: 'forward', unit: 2 } as const;
const weight = { gate: 'forget', from: 0 } as const;

describe('Explainer', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('explains the loss of the most likely class of a classifier, whose correct class is unknown', async () => {
    const vocabulary = WordVocabulary.of(['bad', 'film', 'good']);
    const { model } = parseRunConfig({ task: { name: 'classification' }, model: { units: 4, embedding: 3 } });
    const classifier = new RecurrentClassifier({ ...model, vocabularySize: vocabulary.size, classes: 2 });
    classifier.initialize(Generator.forPurpose(1, 'weights'), model);
    const answers = {
      labels: ['no', 'yes'],
      rules: { tokens: 'word', wordRules: 'unicode', lowerCase: true, stripAccents: false } as const,
      maximumLength: 100,
      knows: () => true,
      probabilities: () => assert.fail('not asked'),
      dispose: () => undefined,
    };
    const reading = classifierReading(classifier, answers, vocabulary) ?? assert.fail();
    const { tokens, ids } = reading.encode('a good film');
    const kept = { tokens, ids, before: classifier.network.zeroState(1), activations: [] };
    const explainer = new Explainer();
    const at = { ...unit, layer: 'lstm_1', token: 2 };
    const { outputs, target, reads } = await explainer.step(kept, reading, at);
    assert.equal(reads, 'embedding');
    assert.equal(target, outputs[0]?.index);
    const { loss, h } = await explainer.gradient(kept, reading, { ...at, lossAt: 2, ...weight });
    assert.ok(Math.abs(loss + Math.log(outputs[0]?.probability ?? NaN)) < 1e-12);
    assert.deepEqual(
      h.parts.map(({ path }) => path),
      ['output'],
    );
    assert.deepEqual(h.parts[0]?.sum.terms.map(({ token }) => token).sort(), ['no', 'yes']);
    classifier.dispose();
  });

  it('names the paths of a gradient in each layer', async () => {
    const pathsOf = async (shape: Parameters<typeof explainedText>[1], layer: string, token: number) => {
      const gate = shape.cell === 'gru' ? 'reset' : 'forget';
      const { h, c } = await explainedText('abcabc', { units: 4, ...shape }).explainGradient({
        ...unit,
        layer,
        token,
        lossAt: 4,
        gate,
        from: 0,
      });
      return [h, c].map((gradient) =>
        gradient?.parts.map(({ path, gate: through }) => `${path} ${through ?? ''}`.trim()),
      );
    };
    const gates = (path: string) => ['input', 'forget', 'candidate', 'output'].map((gate) => `${path} ${gate}`);
    assert.deepEqual(await pathsOf({ cell: 'lstm' }, 'lstm_1', 2), [gates('next'), ['hidden', 'cell']]);
    assert.deepEqual(await pathsOf({ cell: 'lstm' }, 'lstm_1', 4), [['output'], ['hidden']]);
    assert.deepEqual(await pathsOf({ cell: 'lstm', layers: 2 }, 'lstm_1', 2), [
      [...gates('above'), ...gates('next')],
      ['hidden', 'cell'],
    ]);
    assert.deepEqual(await pathsOf({ cell: 'gru' }, 'gru_1', 2), [
      ['kept', 'next update', 'next reset', 'next candidate'],
      undefined,
    ]);
  });

  it('names a layer, a unit and a token that do not exist', async () => {
    const { explainStep } = explainedText('abcabc', { units: 4 });
    const at = { ...unit, layer: 'lstm_1', token: 0 };
    await assert.rejects(explainStep({ ...at, layer: 'gru_9' }), errorWith({ name: 'RangeError' }, 'gru_9'));
    await assert.rejects(explainStep({ ...at, unit: 4 }), errorWith({ name: 'RangeError' }, 4));
    await assert.rejects(explainStep({ ...at, token: 6 }), errorWith({ name: 'RangeError' }, 6));
  });
});
