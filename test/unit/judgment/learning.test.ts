import assert from 'node:assert/strict';
import { assertNames } from '../../harness/facts.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { tasks } from '../../../src/config/tasks.ts';
import type { Finding } from '../../../src/protocol/verdicts.ts';
import { Generator } from '../../../src/random/generator.ts';
import {
  judgeLearning,
  type LearningContext,
  NO_VALIDATIONS,
  noiseOf,
  type Validated,
  withValidation,
} from '../../../src/judgment/learning.ts';
import { learningSettings } from '../../../src/judgment/learningAdvice.ts';
import { MAX_KEPT, MIN_VALIDATIONS } from '../../../src/judgment/learningThresholds.ts';

const SEEDS = 200;

const context: LearningContext = {
  baselines: { uniform: 4.19, unigram: 3.3, bigram: 2.46 },
  references: tasks['language-model'].references,
  settings: learningSettings(parseRunConfig({})),
  solved: false,
  divergence: null,
};

type Verdict = Finding['verdict'];

interface Losses {
  readonly loss: number;
  readonly train?: number;
}

function judge(curve: readonly Losses[], changed: Partial<LearningContext> = {}) {
  const history = curve.reduce((before, { loss, train = loss }, index) => {
    const validated: Validated = {
      step: 100 * (index + 1),
      loss: Number.isFinite(loss) ? loss : null,
      trainLoss: train,
    };
    return withValidation(before, validated);
  }, NO_VALIDATIONS);
  return judgeLearning(history, { ...context, ...changed });
}

/** Verdicts on a curve, most severe first. */
function verdicts(curve: readonly Losses[], changed: Partial<LearningContext> = {}): string[] {
  return judge(curve, changed).findings.map(({ verdict }) => verdict);
}

/** A family of curves: the validation and the training loss at validation k of n, without noise. */
interface Family {
  readonly name: string;
  readonly n: number;
  readonly at: (k: number) => Losses;
  /** Standard deviation of the noise relative to the loss. */
  readonly noise: number;
  /** Verdict that the curves have, and those that they must not have. */
  readonly has?: Verdict;
  readonly hasNot: readonly Verdict[];
}

const alarms: readonly Verdict[] = ['worse-than-uniform', 'no-better-than-counting', 'overfitting', 'noisy'];

const families: readonly Family[] = [
  {
    name: 'a falling exponential',
    n: 15,
    at: (k) => ({ loss: 1.6 + 1.2 * Math.exp(-k / 8) }),
    noise: 0.005,
    has: 'still-falling',
    hasNot: [...alarms, 'plateau'],
  },
  {
    name: 'a slow fall of 0.5 % a validation',
    n: 40,
    at: (k) => ({ loss: 2.3 * 0.995 ** k }),
    noise: 0.005,
    has: 'still-falling',
    hasNot: [...alarms, 'plateau'],
  },
  {
    name: 'a U shape while the training loss falls',
    n: 14,
    at: (k) => ({ loss: 2 + 0.02 * (k - 3) ** 2, train: 2.5 * Math.exp(-k / 4) }),
    noise: 0.01,
    has: 'overfitting',
    hasNot: ['worse-than-uniform', 'no-better-than-counting', 'plateau', 'still-falling'],
  },
  {
    name: 'a constant after a fall',
    n: 40,
    at: (k) => ({ loss: 1.7 + 0.8 * Math.exp(-k / 3) }),
    noise: 0.005,
    has: 'plateau',
    hasNot: [...alarms, 'still-falling'],
  },
  {
    name: 'a constant after a fall while the training loss falls on',
    n: 40,
    at: (k) => ({ loss: 1.7 + 0.8 * Math.exp(-k / 3), train: 2.5 * 0.95 ** k }),
    noise: 0.005,
    has: 'plateau',
    hasNot: [...alarms, 'still-falling'],
  },
  {
    name: 'nothing but noise of 15 %',
    n: 20,
    at: () => ({ loss: 2 }),
    noise: 0.15,
    has: 'noisy',
    hasNot: ['worse-than-uniform', 'overfitting', 'plateau', 'still-falling'],
  },
  {
    name: 'a fall of 3 % a validation under noise of 8 %',
    n: 24,
    at: (k) => ({ loss: 2.2 * 0.97 ** k }),
    noise: 0.08,
    has: 'still-falling',
    hasNot: ['worse-than-uniform', 'overfitting', 'plateau'],
  },
  {
    name: 'losses far above a uniform guess',
    n: 10,
    at: () => ({ loss: 90 }),
    noise: 0.3,
    has: 'worse-than-uniform',
    hasNot: ['overfitting', 'plateau', 'still-falling'],
  },
  {
    name: 'a loss that stays at the frequencies of characters',
    n: 12,
    at: () => ({ loss: 3.29 }),
    noise: 0.003,
    has: 'no-better-than-counting',
    hasNot: ['worse-than-uniform', 'overfitting', 'noisy', 'still-falling'],
  },
];

describe('verdicts on learning', () => {
  for (const { name, n, at, noise, has, hasNot } of families) {
    it(`see ${name} as it is, in 200 draws of its noise`, () => {
      const found = Array.from({ length: SEEDS }, (_, seed) => {
        const generator = Generator.forPurpose(seed, name);
        const curve = Array.from({ length: n }, (_, k) => {
          const { loss, train = loss } = at(k);
          return {
            loss: loss * (1 + noise * generator.nextNormal()),
            train: train * (1 + noise * generator.nextNormal()),
          };
        });
        return verdicts(curve);
      });
      const share = (verdict: string) => found.filter((each) => each.includes(verdict)).length / SEEDS;
      if (has) assert.ok(share(has) >= 0.9, `${has}: ${share(has)}`);
      for (const verdict of hasNot) assert.ok(share(verdict) <= 0.05, `${verdict}: ${share(verdict)}`);
    });
  }

  it('wait for the fifth validation', () => {
    const bad = { loss: 90 };
    for (let n = 1; n < MIN_VALIDATIONS; n++) assert.deepEqual(verdicts(Array<Losses>(n).fill(bad)), []);
    assert.equal(verdicts(Array<Losses>(MIN_VALIDATIONS).fill(bad))[0], 'worse-than-uniform');
  });

  it('name overfitting, with its numbers, on the first run of a newcomer, and never a loss worse than uniform', () => {
    // media/samples/ferry.txt with the default configuration.
    const losses = [2.117, 2.015, 2.072, 2.298, 2.361, 2.514, 2.84, 2.73, 3.03, 3.049, 3.263, 3.273, 4.1, 4.2, 4.26];
    const train = [2.56, 1.492, 1.011, 0.696, 0.53, 0.394, 0.303, 0.228, 0.165, 0.132, 0.097, 0.069, 0.03, 0.01, 0.004];
    const baselines = { uniform: 3.912, unigram: 2.974, bigram: 2.174 };
    const curve = losses.map((loss, index) => ({ loss, train: train[index] ?? 0 }));
    for (let n = 6; n <= curve.length; n++) {
      const { findings, advice } = judge(curve.slice(0, n), { baselines });
      const [first] = findings;
      assert.equal(first?.verdict, 'overfitting', `after ${n}`);
      assert.deepEqual([first.numbers['bestStep'], first.numbers['bestLoss']], [200, 2.015]);
      assert.ok(findings.every(({ verdict }) => verdict !== 'worse-than-uniform'));
      assert.deepEqual(
        advice.map(({ name, occasion }) => [name, occasion]),
        [['fewerUnits', 'overfitting']],
      );
    }
    const settings = learningSettings(parseRunConfig({ model: { layers: 2 }, training: { keepBest: false } }));
    assert.deepEqual(
      new Set(judge(curve, { baselines, settings }).advice.map(({ name }) => name)),
      new Set(['keepBest', 'fewerUnits', 'dropout']),
    );
  });

  it('name the first guess from counts that the best validation does not reach', () => {
    const stuck = (loss: number) => Array<Losses>(8).fill({ loss });
    const baseline = (loss: number) => judge(stuck(loss)).findings[0]?.numbers['baseline'];
    assert.deepEqual([baseline(3.4), baseline(2.6), baseline(2.2)], [3.3, 2.46, undefined]);
  });

  it('allow for the error of a baseline that holds for the distribution of the data', () => {
    const adding = { baselines: { 'always 1': 1 / 6 }, references: tasks.adding.references };
    assert.equal(verdicts(Array<Losses>(8).fill({ loss: 0.16 }), adding)[0], 'no-better-than-counting');
    assert.ok(!verdicts(Array<Losses>(8).fill({ loss: 0.14 }), adding).includes('no-better-than-counting'));
  });

  it('say nothing of a task that is solved, nor of the ups and downs of a loss near zero', () => {
    const solved = Array<Losses>(20).fill({ loss: 4 });
    assert.deepEqual(verdicts(solved, { solved: true }), []);
    const near = Array.from({ length: 20 }, (_, k) => ({ loss: k % 2 === 0 ? 0.001 : 0.003 }));
    assert.deepEqual(verdicts(near), []);
  });

  it('advise against the overflow of initial weights and against that of an update differently', () => {
    const settings = learningSettings(parseRunConfig({ model: { recurrentGain: 3 }, training: { clipNorm: 0 } }));
    const advice = (step: number) =>
      judge([], { settings, divergence: { step, parameter: null, part: 'forward' } })
        .advice.map(({ name }) => name)
        .sort();
    assert.deepEqual([advice(1), advice(12)], [['orthogonal'], ['clip', 'lowerLearningRate']]);
    const { findings, step } = judge([], { divergence: { step: 12, parameter: 'lstm_1/kernel', part: 'update' } });
    assert.deepEqual([step, findings.length], [12, 1]);
    assertNames(findings[0]?.sentence, 'lstm_1/kernel', 11);
  });

  it('advise a far lower learning rate alone to a run that is worse than a guess, and clipping to a noisy one', () => {
    const config = { training: { learningRate: 10, clipNorm: 0 } };
    const settings = learningSettings(parseRunConfig(config));
    const changes = (curve: readonly Losses[]) =>
      Object.fromEntries(judge(curve, { settings }).advice.flatMap((each) => Object.entries(each.changes)));
    const bad = Array<Losses>(8).fill({ loss: 90 });
    assert.deepEqual(changes(bad), { 'training.learningRate': 0.1 });
    const noisy = Array.from({ length: 12 }, (_, k) => ({ loss: k % 2 === 0 ? 1.5 : 2.2 }));
    assert.deepEqual(changes(noisy), { 'training.learningRate': 3, 'training.clipNorm': 1 });
  });

  it('advise against overfitting where a run also stays above the counts', () => {
    const curve = Array.from({ length: 12 }, (_, k) => ({ loss: 2.5 + 0.1 * k, train: 2 * 0.8 ** k }));
    const { findings, advice } = judge(curve);
    assert.deepEqual(
      findings.map(({ verdict }) => verdict),
      ['no-better-than-counting', 'overfitting'],
    );
    assert.ok(advice.length > 0 && advice.every(({ occasion }) => occasion === 'overfitting'));
  });

  it('propose more steps for a loss that still falls', () => {
    const curve = Array.from({ length: 10 }, (_, k) => ({ loss: 2.4 - 0.05 * k }));
    const { advice, findings } = judge(curve);
    assert.deepEqual([findings[0]?.verdict, advice[0]?.changes], ['still-falling', { 'training.steps': 10_000 }]);
  });

  it('keep a bounded number of validations, and the best of all', () => {
    let history = NO_VALIDATIONS;
    for (let step = 1; step <= 300; step++)
      history = withValidation(history, { step, loss: step === 7 ? 1 : 2, trainLoss: null });
    assert.deepEqual([history.recent.length, history.count, history.best?.step], [MAX_KEPT, 300, 7]);
  });

  it('estimate the noise of a straight line and of noise around it', () => {
    assert.ok(Math.abs(noiseOf([5, 4, 3, 2, 1]) - 0.003) < 1e-12);
    const generator = Generator.forPurpose(1, 'noise');
    const values = Array.from({ length: 4000 }, (_, k) => 100 - 0.01 * k + generator.nextNormal());
    assert.ok(Math.abs(noiseOf(values) - 1) < 0.1, String(noiseOf(values)));
  });
});
