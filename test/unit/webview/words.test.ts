import assert from 'node:assert/strict';
import { formatNumber } from '../../../webview/charts/number.ts';
import {
  bitsOf,
  describeLoss,
  formatBytes,
  formatDuration,
  formatLoss,
  formatPerplexity,
} from '../../../webview/panel/format.ts';
import { pictureName } from '../../../webview/pictureName.ts';
import {
  actionsOf,
  allActions,
  canSample,
  emptyWords,
  progressWords,
  shareDone,
  sizeWords,
  stateActions,
  stateWords,
} from '../../../webview/panel/runWords.ts';
import { validationSentence } from '../../../webview/panel/loss/validationWords.ts';
import { runState, type RunView } from '../../../src/protocol/panel.ts';
import { trainingRun } from '../../fixtures/panelPage/runs.ts';

const characters = { loss: 'nats per character', nats: true, item: 'character', items: 'characters' };

describe('numbers in words', () => {
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
  for (const [value, text] of numbers) it(`${value} is ${text}`, () => assert.equal(formatNumber(value), text));

  it('a loss has three forms', () => {
    assert.equal(formatLoss(2.3), '2.300');
    assert.equal(formatLoss(1e9), '1e9');
    assert.equal(bitsOf(Math.LN2), 1);
    assert.equal(formatPerplexity(Math.log(66)), '66.0');
    assert.equal(formatPerplexity(0), '1.00');
    assert.equal(formatPerplexity(800), 'beyond 1e308');
    assert.equal(describeLoss(Math.log(8), characters), '2.079 nats per character (3.000 bits, perplexity 8.00)');
  });

  const durations: [number, string][] = [
    [0, 'less than 1 s'],
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
  for (const [bytes, text] of sizes) it(`${bytes} bytes are ${text}`, () => assert.equal(formatBytes(bytes), text));

  for (const [seconds, text] of durations)
    it(`${seconds} s are ${text}`, () => assert.equal(formatDuration(seconds), text));
});

describe('a run in words', () => {
  const run = (changed: Partial<RunView>): RunView => ({ ...trainingRun(3).view, ...changed });

  it('every state has a word, a reason for an empty chart, and at least one button', () => {
    for (const state of runState.options) {
      assert.ok(stateWords[state]);
      assert.match(emptyWords(state), /step\.$/);
      assert.ok(stateActions[state].length > 0);
    }
    assert.match(emptyWords(null), /No run/);
  });

  it('every action is offered in some state, and none that cannot be drawn', () => {
    const offered = new Set(Object.values(stateActions).flat());
    assert.deepEqual(new Set(allActions), offered);
  });

  it('a diverged run is offered what changes its numbers, not the same again', () => {
    const actions = stateActions.diverged.map(({ action }) => action);
    assert.deepEqual(actions, ['resumeWithHalfLearningRate', 'resumeWithClipping', 'reveal']);
    assert.ok(stateActions.failed.some(({ action }) => action === 'resume'));
  });

  it('a run on native code that failed is offered the bundled backend, another is not', () => {
    const offers = (name: string) =>
      actionsOf(run({ state: 'failed', backend: { name, device: '', threads: 1, reason: '' } })).map(
        ({ action }) => action,
      );
    for (const name of ['webgpu', 'tensorflow']) assert.ok(offers(name).includes('resumeOnBundledBackend'));
    for (const name of ['wasm', 'reference']) assert.ok(!offers(name).includes('resumeOnBundledBackend'));
  });

  it('samples are written while a trainer holds the run', () => {
    assert.deepEqual(runState.options.filter(canSample), ['running', 'paused']);
  });

  it('progress says how far and how long', () => {
    assert.equal(progressWords(run({ step: 150, secondsLeft: 80 })), 'Step 150 of 2,000, about 1 min 20 s left');
    assert.equal(progressWords(run({ step: 1, secondsLeft: null })), 'Step 1 of 2,000, time left not known yet');
    assert.equal(
      progressWords(run({ state: 'paused', step: 9, seconds: 2 })),
      'Step 9 of 2,000, held after 2 s of training',
    );
    assert.equal(
      progressWords(run({ state: 'stopped', step: 9, seconds: 2 })),
      'Step 9 of 2,000, ended after 2 s of training',
    );
    assert.equal(progressWords(run({ state: 'starting' })), 'Preparing the first step');
    assert.equal(
      progressWords(run({ step: 150, steps: 1e8, seconds: 10, secondsLimit: 30, secondsLeft: 20 })),
      'Step 150, about 20 s left',
    );
  });

  it('measure progress by what ends the run first', () => {
    assert.equal(shareDone(run({ step: 500, steps: 2000 })), 0.25);
    assert.equal(shareDone(run({ step: 500, steps: 2000, seconds: 15, secondsLimit: 30 })), 0.5);
    assert.equal(shareDone(run({ step: 2001, steps: 2000 })), 1);
  });

  it('the size of model and text is left out while it is not known', () => {
    assert.equal(sizeWords(run({ parameters: 0, facts: [] })), '');
    assert.match(
      sizeWords(run({})),
      /73,466 parameters . vocabulary of 66 . 172,553 characters to train on, 19,173 to validate/,
    );
  });

  it('a picture gets a name that every file system takes', () => {
    assert.equal(pictureName(run({ name: 'hamlet.txt', step: 150 }), 'Loss'), 'hamlet.txt loss step 150');
    assert.equal(pictureName(run({ name: 'a/b:c*?"<>|\n.txt', step: 1 }), 'Loss'), 'a-b-c-------.txt loss step 1');
    assert.ok(pictureName(run({ name: 'x'.repeat(500) }), 'Loss').length <= 200);
    assert.equal(pictureName(null, 'Loss'), 'loss');
  });
});

describe('a validation in words', () => {
  const baselines = { uniform: 4.19, unigram: 3.31, bigram: 2.45 };
  const cases: [number, string][] = [
    [2.31, 'Step 150: validation loss 2.310 nats per character, below the bigram line of 2.45.'],
    [
      3,
      'Step 150: validation loss 3.000 nats per character, between the bigram line of 2.45 and the unigram line of 3.31.',
    ],
    [
      4.18,
      'Step 150: validation loss 4.180 nats per character, between the unigram line of 3.31 and the uniform line of 4.19.',
    ],
    [5, 'Step 150: validation loss 5.000 nats per character, above the uniform line of 4.19.'],
  ];
  for (const [loss, sentence] of cases)
    it(sentence, () => assert.equal(validationSentence(150, loss, characters, baselines), sentence));

  it('does without baselines, and with a loss that is not finite', () => {
    assert.equal(validationSentence(50, 2, characters, {}), 'Step 50: validation loss 2.000 nats per character.');
    assert.equal(validationSentence(50, null, characters, baselines), 'Step 50: the validation loss is not finite.');
  });

  it('speaks in the unit of the task', () => {
    const sentence = validationSentence(
      50,
      0.0123456,
      { ...characters, loss: 'mean squared error', nats: false },
      { 'always 1': 1 / 6 },
    );
    assert.equal(sentence, 'Step 50: validation loss 0.0123 mean squared error, below the always 1 line of 0.17.');
  });
});
