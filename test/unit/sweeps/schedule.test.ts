import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Generator } from '../../../src/random/generator.ts';
import type { PlanEvent } from '../../../src/sweeps/plan/events.ts';
import { hasFailed, SweepState } from '../../../src/sweeps/plan/sweepState.ts';
import { Heap, SortedItems } from '../../../src/sweeps/schedule/ordered.ts';
import { type Decision, Schedule } from '../../../src/sweeps/schedule/schedule.ts';
import type { Sweep } from '../../../src/sweeps/sweep.ts';
import { endOf, planOf, promotionOf, startOf, sweepOf } from './examples.ts';
import { plainDecide } from './plainDecide.ts';

interface Played {
  readonly sweep: Sweep;
  readonly events: readonly PlanEvent[];
  readonly state: SweepState;
  /** Numbers of settings that had ended at a rung, and that had been promoted from it, at each promotion. */
  readonly promotions: readonly {
    setting: number;
    rung: number;
    ended: readonly (readonly [number, number | null])[];
  }[];
}

/** The decision of a schedule that begins with a state as it is. */
function decide(sweep: Sweep, state: SweepState): Decision {
  return new Schedule(sweep, state).decide();
}

/** Objective of a trial at a rung; every ninth or so diverges. */
function objectiveOf(random: Generator): number | null {
  return random.nextBelow(9) === 0 ? null : random.nextBelow(20) / 4;
}

/** Plays a sweep to its end with a number of trainers, whose trials end in a random order. */
function play(sweep: Sweep, { workers, seed }: { readonly workers: number; readonly seed: number }): Played {
  const random = Generator.forPurpose(seed, 'play');
  const events = planOf(sweep);
  const state = SweepState.of(events);
  const schedule = new Schedule(sweep, state);
  const running: number[] = [];
  const promotions: Played['promotions'][number][] = [];
  const apply = (event: PlanEvent) => {
    assert.ok(state.apply(event), JSON.stringify(event));
    events.push(event);
  };
  for (;;) {
    const decision = running.length < workers ? schedule.decide() : ({ do: 'wait' } as const);
    if (decision.do === 'end') break;
    if (decision.do === 'promote') {
      const { setting, rung } = decision;
      const ended = settingsAt(state, rung - 1);
      promotions.push({ setting, rung, ended });
      apply(promotionOf(setting, rung));
    } else if (decision.do === 'train') {
      apply(startOf(decision.trial, sweep.rungs?.[state.trial(decision.trial)?.rung ?? 0] ?? 1));
      running.push(decision.trial);
    } else {
      assert.ok(running.length > 0, 'waits for nothing');
      const [trial = 0] = running.splice(random.nextBelow(running.length), 1);
      apply(endOf(trial, objectiveOf(Generator.forPurpose(seed, `${trial} at ${state.trial(trial)?.rung}`))));
    }
  }
  assert.deepEqual(running, []);
  return { sweep, events, state, promotions };
}

/** The settings that have ended at a rung, with the means of their objectives. */
function settingsAt(state: SweepState, rung: number): (readonly [number, number | null])[] {
  return Array.from({ length: state.settings }, (_, setting) => setting).flatMap((setting) => {
    const results = state.trialsOf(setting).map(({ results }) => results[rung]);
    if (results.some((each) => each === undefined)) return [];
    const values = results.flatMap((each) => each?.objective ?? []);
    const mean = values.length === results.length ? values.reduce((sum, each) => sum + each, 0) / values.length : null;
    return [[setting, mean] as const];
  });
}

const cases = fc.record({
  name: fc.constantFrom('halving', 'asha'),
  direction: fc.constantFrom('lower', 'higher'),
  eta: fc.integer({ min: 2, max: 4 }),
  settings: fc.integer({ min: 16, max: 40 }),
  seeds: fc.integer({ min: 1, max: 2 }),
  workers: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never;

function sweepFor({ name, direction, eta, settings, seeds }: Case): Sweep {
  return sweepOf(
    {
      fields: { 'training.learningRate': { range: [0.0001, 1], scale: 'log' } },
      method: { name, eta },
      objective: { direction },
      seeds,
      budget: { trials: settings * seeds },
    },
    { training: { steps: 640, validateEvery: 1 } },
  );
}

describe('successive halving and ASHA', () => {
  it('promote nothing twice, and only settings among the best 1/eta of those that have ended at the rung', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { promotions, state } = play(sweepFor(each), each);
        const keys = promotions.map(({ setting, rung }) => `${setting} ${rung}`);
        assert.equal(new Set(keys).size, keys.length);
        const sign = each.direction === 'lower' ? 1 : -1;
        for (const { setting, ended } of promotions) {
          const own = ended.find(([other]) => other === setting)?.[1];
          assert.ok(typeof own === 'number');
          const better = ended.filter(([, mean]) => mean !== null && sign * mean < sign * own).length;
          assert.ok(better < Math.floor(ended.length / each.eta));
        }
        assert.ok(state.trials.every(({ status }) => status === 'ended'));
      }),
      { numRuns: 150 },
    );
  });

  it('end as ASHA does with one trainer when no other setting is to be promoted', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { sweep, state } = play(sweepFor({ ...each, name: 'asha' }), each);
        for (let rung = 0; rung < (sweep.rungs?.length ?? 0) - 1; rung++) {
          const ended = settingsAt(state, rung).filter(([, mean]) => mean !== null);
          const promoted = settingsAt(state, rung + 1).length;
          const due = Math.min(ended.length, Math.floor(settingsAt(state, rung).length / each.eta));
          assert.ok(promoted >= due, `rung ${rung}: ${promoted} of ${due}`);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('halving: promotes one in eta settings, the same ones for any number of trainers and order of arrival', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 9 }), (each, workers) => {
        const sweep = sweepFor({ ...each, name: 'halving' });
        const played = play(sweep, each);
        const others = play(sweep, { ...each, workers });
        assert.deepEqual(
          others.state.trials.map(({ rung }) => rung),
          played.state.trials.map(({ rung }) => rung),
        );
        for (let rung = 1; rung < (sweep.rungs?.length ?? 0); rung++) {
          const [below, here] = [settingsAt(played.state, rung - 1), settingsAt(played.state, rung)];
          const finite = below.filter(([, mean]) => mean !== null).length;
          assert.equal(here.length, Math.min(finite, Math.floor(below.length / each.eta)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('decide from what has ended, not from the order of the events', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (each, cut) => {
        const { sweep, events } = play(sweepFor(each), each);
        const first = planOf(sweep).length;
        const some = events.slice(0, first + (cut % (events.length - first)));
        // The same starts and ends, with the ends in another order where that is possible.
        const others = reordered(some, first, each.seed);
        const [state, other] = [SweepState.of(some), SweepState.of(others)];
        assert.deepEqual(other.trials, state.trials);
        assert.deepEqual(decide(sweep, other), decide(sweep, state));
      }),
      { numRuns: 100 },
    );
  });

  it('ASHA decides as algorithm 2 of Li et al. does', () => {
    const sweep = sweepOf(
      {
        fields: { 'training.learningRate': { range: [0.0001, 1], scale: 'log' } },
        method: { name: 'asha', eta: 2, minimumSteps: 1 },
        budget: { trials: 4 },
      },
      { training: { steps: 4, validateEvery: 1 } },
    );
    assert.deepEqual(sweep.rungs, [1, 2, 4]);
    const state = SweepState.of(planOf(sweep));
    const next = () => decide(sweep, state);
    const run = (trial: number, objective: number) => {
      assert.deepEqual(next(), { do: 'train', trial });
      state.apply(startOf(trial));
      state.apply(endOf(trial, objective));
    };
    const promote = (setting: number, rung: number) => {
      assert.deepEqual(next(), { do: 'promote', setting, rung });
      state.apply(promotionOf(setting, rung));
    };
    run(1, 3);
    run(2, 2);
    promote(1, 1);
    run(2, 2);
    run(3, 1);
    // Of three settings, one is promoted: the best is now another one.
    promote(2, 1);
    run(3, 0.5);
    // The highest rung comes first: of two settings, the better one is promoted.
    promote(2, 2);
    run(3, 0.4);
    run(4, 4);
    // Of four settings, two are promoted: both have been.
    assert.deepEqual(next(), { do: 'end', because: 'done' });
  });
});

/** Moves ends of trials behind later events that do not depend on them, at random. */
function reordered(events: readonly PlanEvent[], first: number, seed: number): PlanEvent[] {
  const random = Generator.forPurpose(seed, 'order');
  const order = [...events];
  for (let swap = 0; swap < 4 * order.length; swap++) {
    const place = first + random.nextBelow(Math.max(1, order.length - first - 1));
    const [a, b] = [order[place], order[place + 1]];
    if (!a || !b || !areIndependent(a, b)) continue;
    order[place] = b;
    order[place + 1] = a;
  }
  return order;
}

function areIndependent(a: PlanEvent, b: PlanEvent): boolean {
  return 'trial' in a && 'trial' in b && a.trial !== b.trial;
}

describe('budget and order of a sweep', () => {
  const fields = { 'training.learningRate': { values: [0.1, 0.01, 0.001] } };

  it('starts no trial once the steps are used up, but ends those that have begun', () => {
    const sweep = sweepOf({ fields, budget: { steps: 25 } });
    const state = SweepState.of(planOf(sweep));
    state.apply(startOf(1, 20));
    assert.deepEqual(decide(sweep, state), { do: 'train', trial: 2 });
    state.apply(startOf(2, 20));
    assert.deepEqual(decide(sweep, state), { do: 'wait' });
    state.releaseRunning();
    assert.deepEqual(decide(sweep, state), { do: 'train', trial: 1 });
    for (const trial of [1, 2]) {
      state.apply(startOf(trial, 20));
      state.apply(endOf(trial, 1, 20));
    }
    assert.deepEqual(decide(sweep, state), { do: 'end', because: 'budget' });
  });

  it('starts no trial once the seconds are used up', () => {
    const sweep = sweepOf({ fields, budget: { seconds: 1.5 } });
    const state = SweepState.of(planOf(sweep));
    for (const trial of [1, 2]) {
      assert.deepEqual(decide(sweep, state), { do: 'train', trial });
      state.apply(startOf(trial));
      state.apply(endOf(trial, 1));
    }
    assert.deepEqual(decide(sweep, state), { do: 'end', because: 'budget' });
  });

  it('halving goes on to the last rung if a setting that failed is tried again, and is among the best then', () => {
    const sweep = sweepOf(
      {
        fields: { 'model.units': { range: [4, 400] } },
        method: { name: 'halving', eta: 3, minimumSteps: 100 },
        budget: { trials: 9 },
      },
      { training: { steps: 900, validateEvery: 100 } },
    );
    const state = SweepState.of(planOf(sweep));
    const apply = (event: PlanEvent) => assert.ok(state.apply(event), JSON.stringify(event));
    const failed: PlanEvent = { ...endOf(9, null), reason: 'failed' } as PlanEvent;
    let isRetried = false;
    for (;;) {
      const decision = decide(sweep, state);
      if (decision.do === 'promote') apply(promotionOf(decision.setting, decision.rung));
      else if (decision.do === 'train') {
        const { trial } = decision;
        apply(startOf(trial, sweep.rungs?.[state.trial(trial)?.rung ?? 0]));
        apply(trial === 9 && !isRetried ? failed : endOf(trial, trial === 9 ? 0.5 : trial));
        // The other settings of the next rung have been promoted.
        if (!isRetried && state.trials.some(({ rung }) => rung === 1)) {
          isRetried = true;
          apply({ event: 'requeued', at: '2026-01-01T00:00:00.000Z', trial: 9 });
        }
      } else break;
    }
    assert.ok(isRetried);
    assert.equal(state.trial(9)?.rung, 2, 'the best setting trains to the end');
  });
});

const budgets = fc.record(
  { steps: fc.integer({ min: 1, max: 400 }), seconds: fc.integer({ min: 1, max: 60 }).map((quarters) => quarters / 4) },
  { requiredKeys: [] },
);

describe('schedule', () => {
  it('decides as the plain definition after any events: ends, failures, repetitions, stops and reopened plans', () => {
    fc.assert(
      fc.property(cases, budgets, fc.boolean(), (each, budget, isGrid) => {
        const rungs = sweepFor(each);
        const method = isGrid ? { method: { name: 'random' } as const } : {};
        const file = { ...rungs.file, ...method, budget: { ...rungs.file.budget, ...budget } } as Sweep['file'];
        const sweep = { ...rungs, file, rungs: isGrid ? null : rungs.rungs };
        const random = Generator.forPurpose(each.seed, 'events');
        const state = SweepState.of(planOf(sweep));
        let schedule = new Schedule(sweep, state);
        const kinds = new Set<string>();
        for (let event = 0; event < 300; event++) {
          const decision = schedule.decide();
          assert.deepEqual(decision, plainDecide(sweep, state), `event ${event}`);
          assert.equal(state.ended, state.trials.filter(({ status }) => status === 'ended').length);
          assert.equal(state.failed, state.trials.filter(hasFailed).length);
          kinds.add(decision.do);
          const running = state.trials.filter(({ status }) => status === 'running');
          const trial = running[random.nextBelow(Math.max(1, running.length))]?.trial;
          const chance = random.nextBelow(20);
          if (chance === 0) state.releaseRunning();
          else if (chance === 1) schedule = new Schedule(sweep, state);
          else if (chance < 4 && trial !== undefined) state.release(trial);
          else if (chance < 6) {
            const ended = state.trials.filter(({ status }) => status === 'ended');
            const again = ended[random.nextBelow(Math.max(1, ended.length))];
            if (again)
              assert.ok(state.apply({ event: 'requeued', at: again.results[0]?.at ?? '', trial: again.trial }));
          } else if (chance < 12 && trial !== undefined)
            assert.ok(state.apply(endOf(trial, objectiveOf(random), 1 + random.nextBelow(9))));
          else if (decision.do === 'train') assert.ok(state.apply(startOf(decision.trial, 1 + random.nextBelow(9))));
          else if (decision.do === 'promote') assert.ok(state.apply(promotionOf(decision.setting, decision.rung)));
        }
        assert.ok(kinds.has('train'));
      }),
      { numRuns: 150 },
    );
  });
});

describe('items in order', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 6000 });
  const ascending = (a: number, b: number) => a - b;

  it('a heap gives them back in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (items) => {
        const heap = new Heap(ascending);
        for (const item of items) heap.add(item);
        const sorted = items.toSorted(ascending);
        for (const item of sorted) {
          assert.equal(heap.first, item);
          heap.removeFirst();
        }
        assert.equal(heap.first, undefined);
      }),
    );
  });

  it('are counted before an item, also when they are in several parts', () => {
    fc.assert(
      fc.property(numbers, fc.array(fc.integer({ min: -1, max: 5001 }), { minLength: 1 }), (items, others) => {
        const sorted = new SortedItems(ascending);
        for (const item of items) sorted.add(item);
        for (const other of others)
          assert.equal(sorted.countBefore(other), items.filter((item) => item < other).length);
      }),
      {
        numRuns: 40,
        examples: [[Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000), [-1, 0, 2500, 4999, 5000]]],
      },
    );
  });
});
