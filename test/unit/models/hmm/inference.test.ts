import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ImpossibleObservations } from '../../../../src/models/hmm/chain.ts';
import { HiddenMarkovModel } from '../../../../src/models/hmm/hiddenMarkovModel.ts';
import { backward, forward, logLikelihood, smoothed } from '../../../../src/models/hmm/inference.ts';
import { viterbi } from '../../../../src/models/hmm/viterbi.ts';
import { everyPath, smallCase } from './enumeration.ts';
import { errorWith } from '../../../harness/facts.ts';

const near = (actual: number | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs((actual ?? NaN) - expected) <= tolerance, `${actual} is not ${expected}`);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe('hidden Markov model: weather and activities', () => {
  const RAINY = 0;
  const SUNNY = 1;
  const walkShopClean = [0, 1, 2];
  const weather = HiddenMarkovModel.of({
    initial: [0.6, 0.4],
    transition: [
      [0.7, 0.3],
      [0.4, 0.6],
    ],
    emission: [
      [0.1, 0.4, 0.5],
      [0.6, 0.3, 0.1],
    ],
  });
  const scores = weather.scores(walkShopClean);

  it('walk, shop, clean has probability 0.033612', () => {
    near(Math.exp(weather.logLikelihood(walkShopClean)), 0.033612);
  });

  it('the most likely weather is sunny, rainy, rainy, with 0.01344', () => {
    const { path, logProbability } = viterbi(weather, scores);
    assert.deepEqual([...path], [SUNNY, RAINY, RAINY]);
    near(Math.exp(logProbability), 0.01344);
  });

  it('it rained with probabilities 0.2317, 0.6241 and 0.8640', () => {
    const rain = smoothed(weather, scores).filter((_, at) => at % 2 === RAINY);
    [0.2317, 0.6241, 0.864].forEach((expected, day) => near(rain[day], expected, 5e-5));
  });
});

describe('hidden Markov model: inference', () => {
  it('forward, backward and the likelihood are the sums over all paths', () => {
    fc.assert(
      fc.property(smallCase, ({ model, observations }) => {
        const scores = model.scores(observations);
        const total = sum(everyPath(model, observations).map(({ probability }) => probability));
        near(Math.exp(logLikelihood(model, scores)), total);
        const [alpha, beta] = [forward(model, scores), backward(model, scores)];
        for (let t = 0; t < observations.length; t++) {
          const states = Array.from({ length: model.states }, (_, i) => t * model.states + i);
          near(sum(states.map((at) => Math.exp((alpha[at] ?? NaN) + (beta[at] ?? NaN)))), total);
        }
      }),
    );
  });

  it('smoothed probabilities are those of all paths', () => {
    fc.assert(
      fc.property(smallCase, ({ model, observations }) => {
        const scores = model.scores(observations);
        fc.pre(logLikelihood(model, scores) > -Infinity);
        const probabilities = smoothed(model, scores);
        observations.forEach((_, t) => {
          for (let i = 0; i < model.states; i++) {
            const share = (seen: readonly number[]): number => {
              const paths = everyPath(model, seen);
              return (
                sum(paths.filter(({ path }) => path[t] === i).map((p) => p.probability)) /
                sum(paths.map((p) => p.probability))
              );
            };
            near(probabilities[t * model.states + i], share(observations));
          }
        });
      }),
    );
  });

  it('Viterbi finds the most likely of all paths', () => {
    fc.assert(
      fc.property(smallCase, ({ model, observations }) => {
        const paths = everyPath(model, observations);
        const likeliest = Math.max(...paths.map(({ probability }) => probability));
        fc.pre(likeliest > 0);
        const { path, logProbability } = viterbi(model, model.scores(observations));
        near(Math.exp(logProbability), likeliest);
        near(paths.find((candidate) => candidate.path.join() === path.join())?.probability, likeliest);
      }),
    );
  });

  it('an impossible sequence has likelihood zero and no states', () => {
    const never = HiddenMarkovModel.of({ initial: [1], transition: [[1]], emission: [[1, 0]] });
    const scores = never.scores([0, 1, 0]);
    assert.equal(logLikelihood(never, scores), -Infinity);
    for (const ask of [smoothed, viterbi]) assert.throws(() => ask(never, scores), ImpossibleObservations);
  });

  it('an empty sequence is certain, and has no states', () => {
    const model = HiddenMarkovModel.of({
      initial: [0.5, 0.5],
      transition: [
        [1, 0],
        [0, 1],
      ],
      emission: [[1], [1]],
    });
    assert.equal(model.logLikelihood([]), 0);
    assert.deepEqual(viterbi(model, model.scores([])).path, new Int32Array(0));
    assert.equal(smoothed(model, model.scores([])).length, 0);
  });

  it('10,000 time steps do not underflow', () => {
    const fair = HiddenMarkovModel.of({
      initial: [0.5, 0.5],
      transition: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      emission: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    near(fair.logLikelihood(new Int32Array(10_000)), 10_000 * Math.log(0.5), 1e-6);
  });

  it('a symbol that the model does not have is named', () => {
    const model = HiddenMarkovModel.of({ initial: [1], transition: [[1]], emission: [[0.5, 0.5]] });
    for (const symbol of [2, -1, NaN])
      assert.throws(() => model.scores([0, symbol]), errorWith({ name: 'RangeError' }, 1, String(symbol)));
  });
});
