import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { applicableTo } from '../../../src/protocol/applicableTo.ts';
import { formatNumber } from '../../../webview/charts/number.ts';
import { describeLoss, formatBytes, formatDuration, formatLoss, formatMetric } from '../../../webview/panel/format.ts';
import { pictureName } from '../../../webview/pictureName.ts';
import {
  actionsOf,
  allActions,
  canSample,
  describeEmpty,
  describeSize,
  stateLabels,
  describeValidation,
} from '../../../webview/panel/describeRun.ts';
import { describeProgress, fractionDone } from '../../../webview/panel/describeProgress.ts';
import { CHARACTERS } from '../../../src/protocol/metrics.ts';
import { noProgress, runState, type RunState, type RunProgress, type RunView } from '../../../src/protocol/panel.ts';
import { trainingRun } from '../../fixtures/panelPage/runs.ts';
import { assertNames, names, type Fact } from '../../harness/facts.ts';

const characters = CHARACTERS;

describe('formatted numbers', () => {
  const numbers: [number, string][] = [
    [0, '0'],
    [0.005, '0.005'],
    [0.00025, '0.00025'],
    [0.00001, '1e-5'],
    [1.23456, '1.235'],
    [999.96, '1,000'],
    [48_213.4, '48,213'],
    [12_500_000, '1.25e7'],
    [-3.2, '-3.2'],
  ];
  for (const [value, text] of numbers) it(`formats ${value} as ${text}`, () => assert.equal(formatNumber(value), text));

  it('formats a loss in three forms', () => {
    assert.equal(formatLoss(2.3), '2.300');
    assert.equal(formatLoss(1e9), '1e9');
    const formatPerplexity = (value: number) => formatMetric({ format: 'perplexity' }, value, characters);
    assert.equal(formatPerplexity(66), '66.0');
    assert.equal(formatPerplexity(1), '1.00');
    assertNames(formatPerplexity(Infinity), '1e308');
    assertNames(describeLoss(Math.log(8), characters), '2.079', characters.loss, '3.000 bits', '8.00');
  });

  const durations: [number, string][] = [
    [0.6, '1 s'],
    [59.7, '1 min'],
    [80, '1 min 20 s'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [90_000, '1 d 1 h'],
    [86_400 * 1500, '1,500 d'],
  ];
  const sizes: [number, string][] = [
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [12_345_678, '12.3 MB'],
    [2e9, '2 GB'],
    [3e13, '30000 GB'],
  ];
  for (const [bytes, text] of sizes)
    it(`formats ${bytes} bytes as ${text}`, () => assert.equal(formatBytes(bytes), text));

  for (const [seconds, text] of durations)
    it(`formats ${seconds} s as ${text}`, () => assert.equal(formatDuration(seconds), text));

  it('does not format a short duration as 0 s', () => assertNames(formatDuration(0), '1 s'));
});

describe('descriptions of a run', () => {
  const run = (changed: Partial<RunView>): RunView => ({ ...trainingRun(3).view, ...changed });
  const actionsOn = (name: string, state: RunState) =>
    actionsOf(run({ state, backend: { name, device: '', threads: 1, reason: '' } }), 3);

  it('have a label, a reason for an empty chart, and a button for every state', () => {
    for (const state of runState.options) {
      assert.ok(stateLabels[state]);
      assert.notEqual(describeEmpty(state), '');
      assert.ok(actionsOn('wasm', state).length > 0);
    }
    assert.ok(!runState.options.some((state) => describeEmpty(state) === describeEmpty(null)));
  });

  it('have every action in some state, and a button for every action', () => {
    const offered = new Set(runState.options.flatMap((state) => actionsOn('webgpu', state)));
    assert.deepEqual(new Set(allActions), offered);
  });

  it('offer changed settings to a diverged run, and no plain resume', () => {
    const actions = actionsOn('webgpu', 'diverged').map(({ action }) => action);
    assert.deepEqual(actions.slice(0, 2), ['resumeWithHalfLearningRate', 'resumeWithClipping']);
    assert.ok(!actions.includes('resume'));
    assert.ok(actionsOn('wasm', 'failed').some(({ action }) => action === 'resume'));
  });

  it('offer no pause and no stop for a run that another process trains', () => {
    for (const state of ['running', 'paused'] as const)
      assert.deepEqual(actionsOf(run({ state, elsewhere: true }), 3), []);
  });

  it('offer to train longer only after a training by steps', () => {
    const actions = (family: 'recurrent' | 'naive-bayes') => {
      const applies = applicableTo(parseRunConfig({ task: { name: 'classification' }, model: { family } }));
      return actionsOf(run({ state: 'completed', applies }), 3).map(({ action }) => action);
    };
    assert.deepEqual([actions('recurrent')[0], actions('naive-bayes')[0]], ['resume', 'trainAgain']);
  });

  it('describe the progress of a fit in its own words', () => {
    const shown = (training: 'iterations' | 'counting', state: RunState, step: number) =>
      describeProgress(run({ state, steps: 5000, applies: { ...run({}).applies, training } }), { ...noProgress, step });
    assertNames(shown('iterations', 'running', 12), 12, '5,000');
    for (const state of ['completed', 'stopped', 'paused'] as const) {
      assertNames(shown('iterations', state, 37), 37);
      assert.doesNotMatch(shown('iterations', state, 37), /5,000/);
      assert.doesNotMatch(shown('counting', state, 1), /5,000|\b1\b.*\b1\b/);
    }
    assert.equal(fractionDone(run({ state: 'completed', steps: 5000 }), { ...noProgress, step: 1 }), 1);
  });

  it('offer the bundled backend only to failed runs on native backends', () => {
    const offers = (name: string) => actionsOn(name, 'failed').map(({ action }) => action);
    for (const name of ['webgpu', 'tensorflow']) assert.ok(offers(name).includes('resumeOnBundledBackend'));
    for (const name of ['wasm', 'reference']) assert.ok(!offers(name).includes('resumeOnBundledBackend'));
  });

  it('allow samples only while the run is training or paused', () => {
    assert.deepEqual(runState.options.filter(canSample), ['running', 'paused']);
  });

  it('contain the step and the time left', () => {
    const shown = (changed: Partial<RunView>, progress: Partial<RunProgress>) =>
      describeProgress(run(changed), { ...noProgress, ...progress });
    assertNames(shown({}, { step: 150, secondsLeft: 80 }), 150, '2,000', '1 min 20 s');
    const early = shown({}, { step: 1, secondsLeft: null });
    assertNames(early, 1, '2,000');
    assert.doesNotMatch(early, /\d s/);
    const [paused = '', stopped = ''] = (['paused', 'stopped'] as const).map((state) =>
      shown({ state }, { step: 9, seconds: 2 }),
    );
    for (const text of [paused, stopped]) assertNames(text, 9, '2,000', '2 s');
    assert.notEqual(paused, stopped);
    assert.doesNotMatch(shown({ state: 'starting' }, {}), /\d/);
    const timed = shown({ steps: 1e8, secondsLimit: 30 }, { step: 150, seconds: 10, secondsLeft: 20 });
    assertNames(timed, 150, '20 s');
    assert.doesNotMatch(timed, /000/);
  });

  it('measure progress by the limit that ends the run first', () => {
    const share = (changed: Partial<RunView>, progress: Partial<RunProgress>) =>
      fractionDone(run(changed), { ...noProgress, ...progress });
    assert.equal(share({ steps: 2000 }, { step: 500 }), 0.25);
    assert.equal(share({ steps: 2000, secondsLimit: 30 }, { step: 500, seconds: 15 }), 0.5);
    assert.equal(share({ steps: 2000 }, { step: 2001 }), 1);
  });

  it('omit unknown sizes of model and data', () => {
    assert.equal(describeSize(run({ parameters: 0, facts: [] })), '');
    const { facts } = run({});
    assertNames(describeSize(run({})), '73,466', ...facts);
  });

  it('give a picture a name that is valid on every file system', () => {
    assertNames(pictureName({ name: 'hamlet.txt', step: 150 }, 'Loss'), 'hamlet.txt', 'loss', 150);
    assertNames(pictureName({ name: 'a/b:c*?"<>|\n.txt', step: 1 }, 'Loss'), 'a-b-c-------.txt', 'loss', 1);
    assert.ok(pictureName({ name: 'x'.repeat(500), step: 1 }, 'Loss').length <= 200);
    assert.equal(pictureName(null, 'Loss'), 'loss');
  });
});

describe('the description of a validation', () => {
  const baselines = { uniform: 4.19, unigram: 3.31, bigram: 2.45 };
  const cases: [loss: number, ...facts: Fact[]][] = [
    [2.31, '2.310', 'bigram', 2.45],
    [3, '3.000', 'bigram', 2.45, 'unigram', 3.31],
    [4.18, '4.180', 'unigram', 3.31, 'uniform', 4.19],
    [5, '5.000', 'uniform', 4.19],
  ];
  for (const [loss, ...facts] of cases)
    it(`names the baselines next to a loss of ${loss}: ${facts.join(', ')}`, () => {
      const sentence = describeValidation('step 150', loss, characters, baselines);
      assertNames(sentence, 150, characters.loss, ...facts);
      for (const [name, value] of Object.entries(baselines))
        assert.equal(names(sentence, value), facts.includes(value), name);
    });

  it('works without baselines, and with a loss that is not finite', () => {
    const bare = describeValidation('step 50', 2, characters, {});
    assertNames(bare, 50, '2.000', characters.loss);
    assert.ok(Object.keys(baselines).every((name) => !names(bare, name)));
    const broken = describeValidation('step 50', null, characters, baselines);
    assertNames(broken, 50);
    assert.ok(!names(broken, characters.loss));
  });

  it('uses the unit of the task', () => {
    const units = { ...characters, loss: 'mean squared error', nats: false };
    const sentence = describeValidation('step 50', 0.0123456, units, { 'always 1': 1 / 6 });
    assertNames(sentence, 50, 0.0123, units.loss, 'always 1', 0.17);
  });
});
