import assert from 'node:assert/strict';
import type { ProbedFlow } from '../../../src/protocol/comparison.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import type { UntrainedFlow } from '../../../src/protocol/lessons/untrained.ts';
import { describeLearning, describeOpening, describeRise } from '../../../webview/course/cells/describeCells.ts';
import { describeUntrained, gateOf, rounded } from '../../../webview/course/cells/untrainedCells.ts';
import { assertNames } from '../../harness/facts.ts';

const powers = (factor: number) => Array.from({ length: 51 }, (_, lag) => factor ** lag);

function flow(step: number, factor: number): ProbedFlow {
  return { step, median: powers(factor), low: powers(factor), high: powers(factor) };
}

function run(key: string, best: LessonRunView['best'], change: Partial<LessonRunView> = {}) {
  const view: LessonRunView = {
    id: key,
    key,
    seed: 1,
    state: 'completed',
    message: null,
    step: 600,
    seconds: 10,
    steps: 600,
    report: null,
    curves: {},
    solved: false,
    settings: { learningRate: 0.01, clipNorm: 1, truncation: 0, distance: null },
    scores: {},
    scoreCurves: {},
    lastStep: null,
    best,
    baselines: { 'always 1': 1 / 6 },
    probeSteps: [],
    flow: null,
    firstFlow: null,
    ...change,
  };
  return { label: key.toUpperCase(), run: view };
}

describe('the lesson on cells', () => {
  const untrained = (factor: number, gate: number | null): UntrainedFlow => ({
    flow: flow(0, factor),
    forgetProduct: gate === null ? null : powers(gate),
  });

  it('explains the initial gradient by the forget gate', () => {
    assert.equal(rounded(gateOf(1) ** 20), '0.0019');
    const told = (gate: number) =>
      describeUntrained({ rnn: untrained(0.87, null), gru: untrained(0.6, null), lstm: untrained(gate, gate) }, 1);
    const [passed, gates, meaning, halves] = told(gateOf(1));
    assertNames(passed ?? '', rounded(0.87 ** 20), rounded(0.6 ** 20), rounded(gateOf(1) ** 20));
    assertNames(gates ?? '', rounded(gateOf(1), 3), '0.0019');
    assertNames(halves ?? '', '9.5e-7');
    assert.notEqual(told(gateOf(3))[2], meaning, 'an open gate passes more than the RNN');
  });

  it('ranks what was learned, and compares it with the guess', () => {
    const runs = [
      run('rnn', { step: 40, loss: 0.17 }),
      run('gru', { step: 600, loss: 0.0004 }),
      run('lstm', { step: 580, loss: 0.1 }),
      run('new', null),
    ];
    const [ranking, learned, nothing] = describeLearning(runs, 'always 1');
    assert.match(ranking ?? '', /GRU 0\.0004 .*600.*LSTM 0\.1 .*580.*RNN 0\.17 .*40.*always 1.*0\.167/);
    assert.match(learned ?? '', /: GRU\.$/);
    assert.match(nothing ?? '', /: RNN\.$/);
    assert.equal(describeLearning(runs).length, 1);
    assert.deepEqual(describeLearning([run('new', null)]), []);
  });

  it('names runs whose loss has risen again', () => {
    const curves = { validationLoss: [100, 2, 600, 2.5] };
    assert.match(describeRise([run('rnn', { step: 100, loss: 2 }, { curves })])[0] ?? '', /RNN.*100.*2\.5.*600/);
    assert.deepEqual(describeRise([run('rnn', { step: 600, loss: 2.49 }, { curves })]), []);
  });

  it('compares the gradient with that of the first probe', () => {
    const trained = run('lstm', null, { firstFlow: flow(0, 0.7), flow: flow(580, 0.95) });
    assertNames(describeOpening([trained], 20)[0] ?? '', 'LSTM', rounded(0.7 ** 20), rounded(0.95 ** 20), '580');
    assert.deepEqual(describeOpening([run('lstm', null, { firstFlow: flow(0, 1), flow: flow(0, 1) })], 20), []);
  });
});
