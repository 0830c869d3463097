import assert from 'node:assert/strict';
import fc from 'fast-check';
import { configFields } from '../../../src/config/fields.ts';
import {
  applyAssignments,
  checkField,
  ConfigError,
  getField,
  parseJson,
  parseRunConfig,
  setField,
} from '../../../src/config/parse.ts';

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

  it('keeps what it has checked: parsing twice is parsing once', () => {
    const config = parseRunConfig({ model: { units: 7 }, training: { schedule: 'cosine' }, seed: 9 });
    assert.deepEqual(parseRunConfig(config), config);
  });

  const wrong: [field: string, value: unknown, allowed: string][] = [
    ['training.clipNorm', -1, 'a number of at least 0'],
    ['training.learningRate', 0, 'a number from more than 0 to 10'],
    ['training.steps', 1.5, 'a whole number from 1 to 100000000'],
    ['model.units', '128', 'a whole number from 1 to 4096'],
    ['model.cell', 'transformer', '"lstm", "gru", "rnn"'],
    ['task.name', 'juggling', '"language-model", "temporal-order", "adding"'],
    ['model.resetAfter', 'yes', 'true and false'],
    ['model.dropout', 1, 'a number from 0 to 0.95'],
    ['backend', 'gpu', '"auto", "wasm", "tensorflow", "webgpu", "reference"'],
    ['data.validationShare', Number.NaN, 'a number from 0.01 to 0.5'],
    ['seed', -1, 'a whole number from 0 to 4294967295'],
  ];
  for (const [field, value, allowed] of wrong) {
    it(`names ${field}, the value ${String(value)} and what is allowed`, () => {
      assert.throws(
        () => parseRunConfig(setField({}, field, value)),
        (error: Error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.message, new RegExp(`^${field}: `));
          assert.ok(error.message.includes(String(JSON.stringify(value))), error.message);
          assert.ok(error.message.includes(allowed), error.message);
          return true;
        },
      );
      assert.ok(checkField(field, value)?.startsWith(`${field}: `));
    });
  }

  it('names every wrong field, one a line', () => {
    assert.throws(
      () => parseRunConfig({ seed: -1, training: { steps: 0, clipNorm: -2 } }),
      (error: Error) => {
        assert.deepEqual(
          error.message.split('\n').map((line) => line.split(':')[0]),
          ['training.clipNorm', 'training.steps', 'seed'],
        );
        return true;
      },
    );
  });

  it('refuses unknown fields and points to the one that was meant', () => {
    assert.throws(() => parseRunConfig({ training: { foo: 1 } }), /training\.foo: there is no such field/);
    assert.throws(() => applyAssignments({}, ['steps=5']), /did you mean training\.steps\?/);
    assert.throws(() => applyAssignments({}, ['__proto__.polluted=1']), /there is no such field/);
  });

  it('knows the fields of a task, which are no settings, by the name of the task', () => {
    const config = parseRunConfig(applyAssignments({}, ['task.name=adding', 'task.validationSequences=20']));
    assert.deepEqual(config.task, { name: 'adding', validationSequences: 20 });
    assert.throws(
      () => parseRunConfig({ task: { name: 'language-model', validationSequences: 20 } }),
      /^ConfigError: task\.validationSequences: the task "language-model" has no such field\.$/,
    );
    assert.throws(
      () => parseRunConfig({ task: { name: 'adding', validationSequences: 0 } }),
      /task\.validationSequences: 0 is not allowed; allowed is a whole number from 1/,
    );
    assert.deepEqual(
      configFields.filter(({ path }) => path.startsWith('task')),
      [],
    );
  });

  it('reads assignments as JSON where they are JSON and as text otherwise', () => {
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
    assert.throws(() => applyAssignments({}, ['model.units']), /not of the form field=value/);
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

  it('names the file whose JSON is broken', () => {
    assert.throws(
      () => parseJson('{"a": ', 'mine.sequence-lab.json'),
      /^ConfigError: mine\.sequence-lab\.json is not valid JSON/,
    );
  });
});
