import assert from 'node:assert/strict';
import { upgradeProbe } from '../../../src/runs/oldProbe.ts';
import { probe, type Probe } from '../../../src/protocol/probes.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';

/** A probe as version 0.1.0 stored it. */
function oldProbe(factor: number, verdict: string): object {
  const { flow, learning, verdicts, facts, advice, forgetting, start, ...others } = madeUpProbe({
    step: 300,
    factor,
    layers: ['lstm_1', 'lstm_2'],
  });
  assert.ok(flow.length === 2 && verdicts.length > 0 && facts.length > 0 && start === 'zero');
  assert.deepEqual([learning, forgetting], [null, null]);
  const old = advice.map(({ name, label, why, changes }) => ({ name, label, why, changes }));
  return {
    ...others,
    verdict: { verdict, reasons: [{ verdict, sentence: 'As it was.' }], advice: verdict === 'healthy' ? [] : old },
  };
}

const upgraded = (factor: number, verdict: string): Probe => probe.parse(upgradeProbe(oldProbe(factor, verdict)));

describe('a stored probe of version 0.1.0', () => {
  it('is judged by its curve over the whole window, in every layer', () => {
    for (const [factor, old, verdict] of [
      [0.9, 'healthy', 'vanishing'],
      [0.99, 'saturated', 'healthy'],
      [1.1, 'healthy', 'exploding'],
    ] as const) {
      const { verdict: headline, flow, verdicts, layers } = upgraded(factor, old);
      assert.equal(headline, verdict);
      assert.deepEqual(
        flow.map(({ layer, median }) => [layer, median]),
        layers.map(({ layer, lastStep }) => [layer, lastStep.h]),
      );
      assert.equal(verdicts.length, 2);
    }
  });

  it('keeps its advice, whose odds nobody measured', () => {
    const { advice } = upgraded(0.9, 'vanishing');
    assert.deepEqual(
      advice.map(({ name, occasion, odds }) => [name, occasion, odds]),
      [
        ['forgetBias', 'vanishing', null],
        ['clip', 'vanishing', null],
      ],
    );
  });

  it('knows neither growth nor intervals', () => {
    const [flow] = upgraded(0.9, 'vanishing').flow;
    assert.deepEqual([flow?.growthPerStep.value, flow?.endInterval.low, flow?.low], [null, null, []]);
  });

  it('opens if its verdict was healthy, which has no advice', () => {
    assert.equal(probe.safeParse(upgradeProbe({ ...oldProbe(0.99, 'healthy') })).success, true);
  });
});

describe('a probe of today', () => {
  it('is left alone', () => {
    const today = madeUpProbe({ step: 0 });
    assert.equal(upgradeProbe(today), today);
  });
});
