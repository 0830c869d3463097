import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import { taskNames } from '../../../src/config/task.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { type Applicable, applicable } from '../../../src/protocol/applicable.ts';
import { applicableTo } from '../../../src/protocol/applicableTo.ts';
import { countSteps, nameStep } from '../../../src/protocol/steps.ts';

const applies = (config: RunConfigInput): Applicable => applicableTo(parseRunConfig(config));

/** Configurations of all tasks with all families that they support. */
const all = taskNames.flatMap((name) =>
  tasks[name].families.map((family) => ({ task: { name }, model: { family } }) as RunConfigInput),
);

describe('what applies to a run', () => {
  it('has no curve of a learning rate that stays the same', () => {
    assert.deepEqual(applies({}).fixed, ['learningRate']);
    assert.deepEqual(applies({ training: { schedule: 'plateau' } }).fixed, []);
    assert.deepEqual(applies({ training: { warmUp: 10 } }).fixed, []);
  });

  it('contains the first tab, the losses, and no tab without its condition, for every task and family', () => {
    for (const config of all) {
      const { family } = parseRunConfig(config).model;
      const { tabs, firstTab, metrics, training } = applicable.parse(applies(config));
      assert.ok(tabs.includes(firstTab), JSON.stringify(config));
      assert.ok(metrics.includes('trainLoss') && metrics.includes('validationLoss'));
      assert.equal(tabs.includes('gradients'), family === 'recurrent');
      assert.equal(metrics.includes('learningRate'), training === 'steps');
      assert.equal(metrics.includes('clippedGradientNorm'), training === 'steps');
    }
  });

  const cases: [string, RunConfigInput, Partial<Applicable>][] = [
    [
      'a language model',
      {},
      { tabs: ['loss', 'generate', 'gradients', 'gates', 'explain', 'text', 'compare'], firstTab: 'loss' },
    ],
    [
      'a hidden Markov model that tags',
      { task: { name: 'tagging' }, model: { family: 'hidden-markov' } },
      {
        tabs: ['loss', 'results', 'compare'],
        firstTab: 'results',
        metrics: ['trainLoss', 'validationLoss'],
        training: 'counting',
      },
    ],
    [
      'a hidden Markov model that classifies',
      { task: { name: 'classification' }, model: { family: 'hidden-markov' } },
      { training: 'iterations', firstTab: 'results' },
    ],
    [
      'a bag of words',
      { task: { name: 'classification' }, model: { family: 'bag-of-words' } },
      {
        tabs: ['loss', 'results', 'compare'],
        metrics: ['trainLoss', 'validationLoss', 'gradientNorm', 'itemsPerSecond'],
        training: 'iterations',
      },
    ],
    [
      'a classifier that answers from its last state',
      { task: { name: 'classification' } },
      { tabs: ['loss', 'results', 'gradients', 'gates', 'explain', 'compare'], firstTab: 'results' },
    ],
    [
      'a classifier that pools its states',
      { task: { name: 'classification' }, model: { pooling: 'mean' } },
      { tabs: ['loss', 'results', 'gradients', 'compare'] },
    ],
    [
      'generation from a label',
      { task: { name: 'conditioned-generation' } },
      { tabs: ['loss', 'results', 'generate', 'gradients', 'compare'] },
    ],
    ['a translator', { task: { name: 'dates' } }, { tabs: ['loss', 'results', 'generate', 'gradients', 'compare'] }],
    ['a generated task', { task: { name: 'adding' } }, { tabs: ['loss', 'gradients', 'compare'], firstTab: 'loss' }],
  ];
  for (const [name, config, expected] of cases)
    it(`is right for ${name}`, () => {
      const found = applies(config);
      assert.deepEqual({ ...found, ...expected }, found);
    });

  it('names steps in the words of the way to train', () => {
    assert.match(nameStep(applies({}), 1200), /1,200/);
    assert.notEqual(nameStep(applies({}), 7), nameStep({ training: 'iterations' }, 7));
    assert.equal(nameStep({ training: 'counting' }, 1), '');
    assert.match(countSteps(applies({}), 5000), /5,000/);
    assert.doesNotMatch(countSteps({ training: 'counting' }, 1), /\d/);
  });
});
