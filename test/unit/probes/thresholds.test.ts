import assert from 'node:assert/strict';
import { adviceFor } from '../../../src/probes/advice.ts';
import { judge, type Measurements } from '../../../src/probes/diagnosis.ts';
import { judgeFlow } from '../../../src/probes/flow.ts';
import type { Flow } from '../../../src/protocol/flow.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';
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

describe('the advised window', () => {
  const advised = (stepsToHundredth: number | null, sequenceLength: number): unknown =>
    adviceFor(new Set(['vanishing']), { ...context.settings, sequenceLength }, [
      { ...flowTo(0.001), stepsToHundredth },
    ]).find(({ name }) => name === 'truncate')?.changes['data.sequenceLength'];

  it('is twice the lag from which on less than 1 % of the gradient is left', () => {
    assert.equal(advised(12, 100), 24);
    assert.equal(advised(12, 25), 24);
  });

  it('is at least ten steps', () => assert.equal(advised(2, 100), 10));

  it('is absent if it would not be shorter or the lag is unknown', () => {
    assert.equal(advised(12, 24), undefined);
    assert.equal(advised(null, 100), undefined);
  });
});
