import assert from 'node:assert/strict';
import { adviceFor } from '../../../src/probes/advice.ts';
import { diagnose, type Measurements } from '../../../src/probes/diagnosis.ts';
import type { LayerProbe, VerdictName } from '../../../src/protocol/probes.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { context } from './context.ts';

/** Measurements of a healthy probe whose leading layer differs in `changes`. */
function measured(changes: Partial<LayerProbe> = {}, clippedShare = 0): Measurements {
  const probe = madeUpProbe({ step: 0, lastStep: Array.from({ length: 51 }, (_, lag) => 0.95 ** lag) });
  return { ...probe, clippedShare, layers: probe.layers.map((layer) => ({ ...layer, ...changes })) };
}

const verdicts = (measurements: Measurements): VerdictName[] =>
  diagnose(measurements, context.settings).reasons.map(({ verdict }) => verdict);

/** Gates of which this fraction is saturated, half of it at either bound. */
function gatesWith(share: number): Partial<LayerProbe> {
  const [gate] = measured().layers[0]!.gates;
  return { gates: [{ ...gate!, low: share / 2, high: share / 2 }] };
}

/** A last-step curve that falls or grows to `ratio` at lag 20. */
function curveTo(ratio: number): Partial<LayerProbe> {
  return { lastStep: { h: Array.from({ length: 51 }, (_, lag) => ratio ** (lag / 20)), c: null } };
}

describe('the thresholds of a verdict', () => {
  for (const [name, measurements, expected] of [
    ['nothing out of the ordinary', measured(), 'healthy'],
    ['gates saturated by exactly half', measured(gatesWith(0.5)), 'healthy'],
    ['gates saturated by 51 %', measured(gatesWith(0.51)), 'saturated'],
    ['steps clipped by exactly a fifth', measured({}, 0.2), 'healthy'],
    ['steps clipped by 21 %', measured({}, 0.21), 'clipped'],
    ['a ratio at lag 20 just below 1e-3', measured(curveTo(0.99e-3)), 'vanishing'],
    ['a ratio at lag 20 just above 1e-3', measured(curveTo(1.01e-3)), 'healthy'],
    ['a ratio at lag 20 just above 10', measured(curveTo(10.1)), 'exploding'],
    ['a ratio at lag 20 just below 10', measured(curveTo(9.9)), 'healthy'],
  ] as const) {
    it(`${name}: ${expected}`, () => assert.deepEqual(verdicts(measurements), [expected]));
  }
});

describe('the advised window', () => {
  const advised = (effectiveMemory: number | null, sequenceLength: number): unknown =>
    adviceFor(
      new Set(['vanishing']),
      { ...context.settings, sequenceLength },
      {
        ...measured().layers[0]!,
        effectiveMemory,
      },
    ).find(({ name }) => name === 'truncate')?.changes['data.sequenceLength'];

  it('is twice the effective memory', () => {
    assert.equal(advised(12, 100), 24);
    assert.equal(advised(12, 25), 24);
  });

  it('is at least ten steps', () => assert.equal(advised(2, 100), 10));

  it('is absent if it would not be shorter or the memory is unknown', () => {
    assert.equal(advised(12, 24), undefined);
    assert.equal(advised(null, 100), undefined);
  });
});
