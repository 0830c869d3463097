import assert from 'node:assert/strict';
import { checkSweep } from '../../src/sweeps/checkSweep.ts';
import type { PlanEvent } from '../../src/sweeps/plan/events.ts';
import { SweepState } from '../../src/sweeps/plan/sweepState.ts';
import { plainDecide } from '../unit/sweeps/plainDecide.ts';
import { clusterOfTests } from '../harness/slurmCluster.ts';
import { sweepOf, sweepWorkOfTests } from './sweepWork.ts';

const RATES = [0.001, 0.003, 0.01, 0.03];

describe('successive halving on a Slurm cluster', function () {
  this.timeout(300_000);
  const cluster = clusterOfTests();
  const work = sweepWorkOfTests(cluster);

  /** Starts and promotions of a plan, in their order. */
  const decisions = (events: readonly PlanEvent[]) =>
    events.flatMap((each) => {
      if (each.event === 'started') return `trial ${each.trial} to ${each.steps}`;
      return each.event === 'promoted' ? `setting ${each.setting} to rung ${each.rung}` : [];
    });

  const rungs = (name: string) => ({ method: { name, eta: 2, minimumSteps: 20 }, budget: { trials: RATES.length } });

  it('promotes with ASHA as on this machine, trial after trial', async () => {
    await work().write(sweepOf(40, RATES, rungs('asha')));
    assert.equal(await work().run('here', '--workers', '1'), 0);
    assert.equal(await work().run('cluster', '--slurm', '--workers', '1'), 0);
    const made = decisions(await work().plan('cluster'));
    assert.deepEqual(made, decisions(await work().plan('here')));
    assert.ok(made.some((each) => each.startsWith('setting')));
    await work().assertEndedOnce('cluster', RATES.length);
    assert.deepEqual(await work().results('cluster', RATES.length), await work().results('here', RATES.length));
  });

  it('promotes by what has ended while other trials train, and goes on from checkpoints', async () => {
    await work().write(sweepOf(40, RATES, rungs('asha')));
    assert.equal(await work().run('cluster', '--slurm'), 0);
    await work().assertEndedOnce('cluster', RATES.length);
    const events = await work().plan('cluster');
    const promoted = assertDecided(events);
    assert.notEqual(promoted.size, 0);
    for (const each of events) {
      if (each.event !== 'created') continue;
      const alone = await work().alone(
        Number(each.values['training.learningRate']),
        promoted.has(each.setting) ? 40 : 20,
      );
      assert.deepEqual(await work().result('cluster', each.trial), alone, `trial ${each.trial}`);
    }
  });
});

/**
 * Asserts that each promotion of a plan is the decision that follows from the results before it.
 * @returns the settings that were promoted
 */
function assertDecided([header, ...others]: readonly PlanEvent[]): Set<number> {
  assert.equal(header?.event, 'sweep');
  const sweep = checkSweep(header.sweep, header.base);
  const promoted = new Set<number>();
  const state = new SweepState(header);
  for (const event of others) {
    if (event.event === 'promoted') {
      const { setting, rung } = event;
      assert.deepEqual(plainDecide(sweep, state), { do: 'promote', setting, rung });
      promoted.add(setting);
    }
    assert.ok(state.apply(event));
  }
  return promoted;
}
