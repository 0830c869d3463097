import assert from 'node:assert/strict';
import fc from 'fast-check';
import { configFields } from '../../../src/config/fields.ts';
import {
  applyAssignments,
  checkField,
  getField,
  parseJson,
  parseRunConfig,
  setField,
} from '../../../src/config/parse.ts';
import { assertNames, errorWith, type Fact } from '../../harness/facts.ts';

describe('run configuration', () => {
  it('fills in every default', () => {
    const config = parseRunConfig({});
    for (const field of configFields) assert.equal(getField(config, field.path), field.default, field.path);
  });

  it('has a description and a default for every field', () => {
    for (const field of configFields) {
      assert.ok(field.description.endsWith('.'), field.path);
      assert.notEqual(field.default, undefined, field.path);
    }
  });

  it('is unchanged if it is parsed again', () => {
    const config = parseRunConfig({ model: { units: 7 }, training: { schedule: 'cosine' }, seed: 9 });
    assert.deepEqual(parseRunConfig(config), config);
  });

  const wrong: [field: string, value: unknown, ...allowed: Fact[]][] = [
    ['training.clipNorm', -1, 0],
    ['training.learningRate', 0, 0, 10],
    ['training.steps', 1.5, 1, 100000000],
    ['model.units', '128', 1, 4096],
    ['model.cell', 'transformer', '"lstm"', '"gru"', '"rnn"'],
    ['task.name', 'juggling', '"language-model"', '"temporal-order"', '"adding"'],
    ['model.resetAfter', 'yes', 'true', 'false'],
    ['model.dropout', 1, 0, 0.95],
    ['backend', 'gpu', '"auto"', '"wasm"', '"tensorflow"', '"webgpu"', '"reference"'],
    ['data.validationShare', Number.NaN, 0.01, 0.5],
    ['seed', -1, 0, 4294967295],
  ];
  for (const [field, value, ...allowed] of wrong) {
    it(`names ${field}, the value ${String(value)} and the allowed values`, () => {
      const written = String(JSON.stringify(value));
      assert.throws(
        () => parseRunConfig(setField({}, field, value)),
        errorWith({ name: 'ConfigError', fields: [field] }, field, written, ...allowed),
      );
      assertNames(checkField(field, value), field, written, ...allowed);
    });
  }

  it('names every invalid field, one per line', () => {
    assert.throws(
      () => parseRunConfig({ seed: -1, training: { steps: 0, clipNorm: -2 } }),
      (error: Error) => {
        const fields = ['training.clipNorm', 'training.steps', 'seed'];
        errorWith({ name: 'ConfigError', fields })(error);
        const lines = error.message.split('\n');
        assert.equal(lines.length, fields.length);
        fields.forEach((field, i) => assertNames(lines[i], field));
        return true;
      },
    );
  });

  it('rejects unknown fields and suggests the closest one', () => {
    assert.throws(
      () => parseRunConfig({ training: { foo: 1 } }),
      errorWith({ name: 'ConfigError', fields: ['training.foo'] }, 'training.foo'),
    );
    assert.throws(() => applyAssignments({}, ['steps=5']), errorWith({ fields: ['steps'] }, 'training.steps'));
    assert.throws(() => applyAssignments({}, ['__proto__.polluted=1']), errorWith({ fields: ['__proto__.polluted'] }));
  });

  it('accepts the fields of the selected task', () => {
    const config = parseRunConfig(applyAssignments({}, ['task.name=adding', 'task.validationSequences=20']));
    assert.deepEqual(config.task, { name: 'adding', validationSequences: 20 });
    assert.throws(
      () => parseRunConfig({ task: { name: 'language-model', validationSequences: 20 } }),
      errorWith({ name: 'ConfigError', fields: ['task.validationSequences'] }, '"language-model"'),
    );
    assert.throws(
      () => parseRunConfig({ task: { name: 'adding', validationSequences: 0 } }),
      errorWith({ name: 'ConfigError', fields: ['task.validationSequences'] }, 0, 1),
    );
    assert.deepEqual(
      configFields.filter(({ path }) => path.startsWith('task')),
      [],
    );
  });

  it('reads assignments as JSON if they are JSON, otherwise as text', () => {
    const config = applyAssignments({ model: { layers: 2 } }, [
      'model.units=64',
      'sampling.prompt=Once upon',
      'training.learningRate=1e-3',
    ]);
    assert.deepEqual(config, {
      model: { layers: 2, units: 64 },
      sampling: { prompt: 'Once upon' },
      training: { learningRate: 0.001 },
    });
    assert.throws(
      () => applyAssignments({}, ['model.units']),
      errorWith({ name: 'ConfigError', fields: [] }, '"model.units"'),
    );
  });

  it('sets and gets any field without touching the others', () => {
    fc.assert(
      fc.property(fc.constantFrom(...configFields), fc.constantFrom(...configFields), fc.integer(), (a, b, value) => {
        const before = parseRunConfig({});
        const after = setField(before, a.path, value);
        assert.equal(getField(after, a.path), value);
        if (a.path !== b.path) assert.equal(getField(after, b.path), getField(before, b.path));
      }),
    );
  });

  it('names the file with invalid JSON', () => {
    assert.throws(
      () => parseJson('{"a": ', 'mine.sequence-lab.json'),
      errorWith({ name: 'ConfigError' }, 'mine.sequence-lab.json'),
    );
  });
});
