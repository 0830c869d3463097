import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasEffect } from '../../../../src/config/applicability.ts';
import { fieldsOf } from '../../../../src/config/fields.ts';
import { getField, parseRunConfig } from '../../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../../src/config/schema.ts';
import { taskNames } from '../../../../src/config/task.ts';
import { tasks } from '../../../../src/config/tasks.ts';
import { choicesOf, draftOf, type Inputs, isChanged } from '../../../../webview/form/draft.ts';
import { controlKind, readTyped, showValue, type Typed } from '../../../../webview/form/fieldText.ts';
import { BASICS, OTHER_GROUPS } from '../../../../webview/form/groups.ts';
import { labelOf } from '../../../../webview/form/labels.ts';

const start = parseRunConfig({});
const paths = [BASICS, ...OTHER_GROUPS].flatMap((group) => group.paths);
const schemaPaths = [...new Set(taskNames.flatMap((task) => fieldsOf(task).map(({ path }) => path)))];

/** Some text that a user may type into the control of any field. */
const typedText = fc.oneof(
  fc.constantFrom<Typed>(
    '',
    '0',
    '1',
    '-1',
    '2.5',
    '1e9',
    '3 min',
    'x',
    'gru',
    'rnn',
    'word',
    'sgd',
    'step',
    true,
    false,
  ),
  fc.string({ maxLength: 5 }),
);
const inputs = fc.dictionary(fc.constantFrom(...paths), typedText, { maxKeys: 6 });

describe('groups of fields in the form', () => {
  it('have every field of the schema once, with a label', () => {
    assert.deepEqual([...paths].sort(), [...schemaPaths].sort());
    for (const path of paths) assert.notEqual(labelOf(path), path);
  });
});

describe('text of a field', () => {
  const cases: [path: string, typed: Typed, value: unknown][] = [
    ['training.seconds', '90', 90],
    ['training.seconds', '1.5 min', 90],
    ['training.seconds', '2m', 120],
    ['training.seconds', '1 h', 3600],
    ['training.seconds', '', 0],
    ['training.seconds', 'soon', 'soon'],
    ['training.steps', ' 500 ', 500],
    ['training.steps', '5 min', '5 min'],
    ['training.steps', '', ''],
    ['training.learningRate', '1e-3', 0.001],
    ['sampling.prompt', '42', '42'],
    ['training.keepBest', false, false],
  ];
  for (const [path, typed, value] of cases) {
    it(`${path}: ${JSON.stringify(typed)} is ${JSON.stringify(value)}`, () => {
      const field = fieldsOf('language-model').find((each) => each.path === path);
      assert.ok(field);
      assert.deepEqual(readTyped(field, typed), value);
    });
  }

  it('of every default is read as the default, in every task', () => {
    for (const task of taskNames) {
      for (const field of fieldsOf(task)) {
        assert.equal(readTyped(field, showValue(field, field.default)), field.default, field.path);
      }
    }
  });

  it('has a control of each kind', () => {
    const kinds = new Set(taskNames.flatMap((task) => fieldsOf(task).map(controlKind)));
    assert.equal(kinds.size, 6);
  });
});

describe('draft of a configuration', () => {
  const draft = (typed: Inputs, from: RunConfigInput = {}) => draftOf(parseRunConfig(from), typed);
  const pathsIn = (typed: Inputs, from: RunConfigInput = {}) => draft(typed, from).fields.map(({ path }) => path);

  it('without input is the configuration it starts from, in every task', () => {
    for (const task of taskNames) {
      const config = parseRunConfig({ task: { name: task } });
      const { valid, config: result, problems } = draftOf(config, {});
      assert.deepEqual([valid, result, problems.size], [config, config, 0]);
    }
  });

  it('with the defaults of all fields typed in is the default configuration, in every task', () => {
    for (const task of taskNames) {
      const config = parseRunConfig({ task: { name: task } });
      const typed = Object.fromEntries(
        fieldsOf(task).map((field) => [field.path, showValue(field, getField(config, field.path))]),
      );
      assert.deepEqual(draftOf(config, typed).config, config);
    }
  });

  it('shows only fields that have an effect', () => {
    fc.assert(
      fc.property(fc.constantFrom(...taskNames), inputs, (task, typed) => {
        const { valid, fields } = draftOf(parseRunConfig({ task: { name: task } }), typed);
        for (const { path } of fields) assert.ok(hasEffect(valid, path), path);
      }),
    );
    assert.ok(pathsIn({}).includes('model.forgetBias'));
    assert.ok(!pathsIn({ 'model.cell': 'gru' }).includes('model.forgetBias'));
    assert.ok(pathsIn({ 'model.cell': 'gru' }).includes('model.resetAfter'));
    assert.ok(!pathsIn({}).includes('training.momentum'));
    assert.ok(pathsIn({ 'training.optimizer': 'sgd' }).includes('training.momentum'));
    assert.ok(!pathsIn({}).includes('model.family'), 'one family');
    const markov: RunConfigInput = { task: { name: 'tagging' }, model: { family: 'hidden-markov' } };
    for (const path of ['model.cell', 'model.units', 'training.learningRate', 'training.clipNorm'])
      assert.ok(!pathsIn({}, markov).includes(path), path);
  });

  it('is valid whatever is typed, and complete only if nothing is refused', () => {
    fc.assert(
      fc.property(inputs, (typed) => {
        const { valid, config, problems } = draftOf(start, typed);
        assert.deepEqual(parseRunConfig(valid), valid);
        assert.equal(config === undefined, problems.size > 0);
      }),
    );
  });

  it('names the field that is wrong, with the bounds of its task', () => {
    assert.deepEqual([...draft({ 'training.steps': '0', 'model.units': 'many' }).problems.keys()].sort(), [
      'model.units',
      'training.steps',
    ]);
    assert.match(draft({ 'training.steps': '0' }).problems.get('training.steps') ?? '', /^0 .* 1 .* 100000000\.$/);
    const tagging: RunConfigInput = { task: { name: 'tagging' } };
    assert.match(
      draft({ 'task.maximumVocabulary': '5' }, tagging).problems.get('task.maximumVocabulary') ?? '',
      / 10 /,
    );
    assert.match(
      draft(
        { 'model.kernelWidths': '3;4' },
        { task: { name: 'classification' }, model: { family: 'convolutional' } },
      ).problems.get('model.kernelWidths') ?? '',
      /3,4,5/,
    );
  });

  it('names fields that do not fit together', () => {
    assert.deepEqual([...draft({ 'model.projection': '100' }).problems.keys()], ['model.projection']);
    assert.deepEqual([...draft({ 'model.embedding': '8', 'model.tieWeights': true }).problems.keys()].sort(), [
      'model.embedding',
      'model.tieWeights',
    ]);
    const recurrence = { 'model.cell': 'rnn', 'model.recurrence': 'output', 'model.layers': '2' };
    assert.deepEqual([...draft(recurrence).problems.keys()], ['model.recurrence']);
  });

  it('leaves out input without effect, and takes it back with the field it depends on', () => {
    const typed = { 'training.optimizer': 'sgd', 'training.momentum': '0.9' };
    assert.equal(draft(typed).config?.training.momentum, 0.9);
    assert.equal(draft({ ...typed, 'training.optimizer': 'adam' }).config?.training.momentum, 0);
    const wrong = { 'model.cell': 'gru', 'model.forgetBias': 'x' };
    assert.equal(draft(wrong).problems.size, 0);
  });

  it('of another task has the defaults of that task', () => {
    const { config, fields } = draft({ 'task.name': 'tagging', 'task.minimumCount': '4' });
    assert.deepEqual(config?.task, { ...parseRunConfig({ task: { name: 'tagging' } }).task, minimumCount: 4 });
    assert.ok(fields.some(({ path }) => path === 'task.tagColumn'));
    assert.deepEqual(
      [
        ...draftOf(parseRunConfig({ task: { name: 'tagging' }, model: { family: 'hidden-markov' } }), {
          'task.name': 'forecasting',
        }).problems.keys(),
      ],
      ['model.family'],
    );
  });

  it('offers the tasks that fit the data, and the families of the task', () => {
    const offered = (path: string, generated: boolean, task = 'language-model') => {
      const shown = draftOf(parseRunConfig({ task: { name: task } }), {});
      const field = shown.fields.find((each) => each.path === path);
      return field && choicesOf(field, shown, generated);
    };
    assert.ok(offered('task.name', false)?.every((name) => !tasks[name as keyof typeof tasks].generated));
    assert.ok(offered('task.name', true)?.includes('adding'));
    assert.deepEqual(offered('model.family', false, 'classification'), tasks.classification.families);
  });

  it('knows which fields are changed', () => {
    const typed = { 'model.units': '100', 'model.layers': '2', seed: 'x' };
    const shown = draft(typed);
    assert.deepEqual(
      shown.fields.map(({ path }) => path).filter((path) => isChanged(shown, start, path)),
      ['model.layers', 'seed'],
    );
    const other = draft({ 'task.name': 'tagging' });
    assert.deepEqual(
      other.fields.map(({ path }) => path).filter((path) => isChanged(other, start, path)),
      ['task.name'],
    );
  });
});
