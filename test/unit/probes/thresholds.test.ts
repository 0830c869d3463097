import assert from 'node:assert/strict';
import { adviceFor, type RunSettings } from '../../../src/judgment/advice.ts';
import { judge, type Measurements } from '../../../src/judgment/diagnosis.ts';
import { judgeFlow } from '../../../src/judgment/flow.ts';
import { isExperiment, rankAdvice } from '../../../src/protocol/advice.ts';
import type { Flow } from '../../../src/protocol/flow.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';
import type { Advice } from '../../../src/protocol/verdicts.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { context } from './context.ts';

/** Measurements of a healthy probe whose layer differs in `changes`. */
function measured(changes: Partial<LayerProbe> = {}, clippedShare = 0): Measurements {
  const probe = madeUpProbe({ step: 100, factor: 0.95, verdict: 'healthy' });
  return { ...probe, clippedShare, layers: probe.layers.map((layer) => ({ ...layer, ...changes })) };
}

/** Gates of which this share is saturated, half of it at either end. */
function gatesWith(share: number): Partial<LayerProbe> {
  const [gate] = measured().layers[0]!.gates;
  return { gates: [{ ...gate!, low: share / 2, high: share / 2 }] };
}

/** Flow of sequences whose gradient is `ratio` of its value at lag 0 at the end of a window of 50 steps. */
function flowTo(ratio: number): Flow {
  const curve = Float64Array.from({ length: 51 }, (_, lag) => ratio ** (lag / 50));
  return judgeFlow({ layer: 'rnn_1', direction: 'forward', h: [curve, curve], c: null }, false);
}

describe('the thresholds of a verdict', () => {
  for (const [ratio, expected] of [
    [0.0099, 'vanishing'],
    [0.0101, 'carries'],
    [9.9, 'carries'],
    [10.1, 'exploding'],
  ] as const) {
    it(`a ratio of ${ratio} at the end of the window: ${expected}`, () =>
      assert.equal(flowTo(ratio).verdict, expected));
  }

  for (const [name, measurements, expected] of [
    ['nothing out of the ordinary', measured(), []],
    ['gates saturated by exactly half', measured(gatesWith(0.5)), []],
    ['gates saturated by 51 %', measured(gatesWith(0.51)), ['saturated']],
    ['steps clipped by exactly a fifth', measured({}, 0.2), []],
    ['steps clipped by 21 %', measured({}, 0.21), ['clipped']],
  ] as const) {
    it(`${name}: ${expected.join() || 'no fact'}`, () =>
      assert.deepEqual(
        judge(measurements, context).facts.map(({ fact }) => fact),
        expected,
      ));
  }
});

describe('the advised forget bias', () => {
  const advised = (window: number, changes: Partial<RunSettings> = {}): unknown => {
    const curve = Float64Array.from({ length: window + 1 }, (_, lag) => 0.5 ** lag);
    const flow = judgeFlow({ layer: 'lstm_1', direction: 'forward', h: [curve, curve], c: null }, false);
    const advice = adviceFor(new Set(['vanishing']), { ...context.settings, ...changes }, [flow]);
    return advice[0]?.changes['model.forgetBias'];
  };

  it('keeps about 1/e of the cell state over the window', () => {
    for (const window of [10, 50, 200]) {
      const bias = Number(advised(window));
      const kept = (1 / (1 + Math.exp(-bias))) ** window;
      assert.ok(kept > Math.exp(-1) && kept < 0.45, `${window} steps, bias ${bias}: ${kept}`);
    }
  });

  it('is that of an LSTM in place of another cell', () => {
    assert.equal(advised(50, { cell: 'gru' }), advised(50, { cell: 'lstm' }));
  });

  it('is absent if the bias is as large already', () => assert.equal(advised(50, { forgetBias: 4 }), undefined));
});

describe('the ranking of advice', () => {
  const advice = (name: Advice['name'], odds: Advice['odds']): Advice => ({
    name,
    label: name,
    why: '',
    changes: {},
    occasion: 'vanishing',
    odds,
  });

  it('puts the most successful first, and what was not measured last', () => {
    const ranked = rankAdvice([
      advice('clip', null),
      advice('lstm', { tried: 10, helped: 5 }),
      advice('orthogonal', { tried: 10, helped: 9 }),
    ]);
    assert.deepEqual(
      ranked.map((each) => [each.name, isExperiment(each)]),
      [
        ['orthogonal', false],
        ['lstm', true],
        ['clip', true],
      ],
    );
  });

  it('drops what hardly ever helps, and the less successful of two equal changes', () => {
    const ranked = rankAdvice([
      advice('truncate', { tried: 20, helped: 3 }),
      advice('clip', { tried: 10, helped: 5 }),
      { ...advice('clip', { tried: 10, helped: 8 }), occasion: 'exploding' },
    ]);
    assert.deepEqual(
      ranked.map(({ name, occasion }) => [name, occasion]),
      [['clip', 'exploding']],
    );
  });
});
