import assert from 'node:assert/strict';
import { configDifference } from '../../../src/config/configDifference.ts';
import { applyAssignments, parseRunConfig } from '../../../src/config/parse.ts';
import { configFields } from '../../../src/config/fields.ts';

describe('configDifference', () => {
  const config = parseRunConfig({});

  it('is empty for equal configurations', () => {
    assert.deepEqual(configDifference(config, parseRunConfig({})), {});
  });

  it('finds every field that can be set, by its path', () => {
    const numbers = configFields.filter(({ type, minimum = 0 }) => type === 'integer' && minimum < 3);
    assert.ok(numbers.length > 10);
    for (const { path } of numbers) {
      const changed = parseRunConfig(applyAssignments(config, [`${path}=3`]));
      const isDefault = configFields.find((field) => field.path === path)?.default === 3;
      assert.deepEqual(configDifference(config, changed), isDefault ? {} : { [path]: 3 });
    }
  });

  it('applied to the first configuration gives the second one', () => {
    const changed = parseRunConfig({ model: { cell: 'gru', dropout: 0.2 }, training: { seconds: 9 }, seed: 7 });
    const difference = configDifference(config, changed);
    assert.deepEqual(Object.keys(difference).sort(), ['model.cell', 'model.dropout', 'seed', 'training.seconds']);
    const assignments = Object.entries(difference).map(([path, value]) => `${path}=${String(value)}`);
    assert.deepEqual(parseRunConfig(applyAssignments(config, assignments)), changed);
  });

  it('has the fields of the new task only', () => {
    const other = parseRunConfig({ task: { name: 'recall', distance: 60 } });
    const difference = configDifference(config, other);
    assert.deepEqual(difference['task.name'], 'recall');
    assert.ok(Object.keys(difference).every((path) => path.startsWith('task.')));
  });
});
