import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TrainingQueue, type TurnOptions } from '../../../../src/host/runs/trainingQueue.ts';

/** A queue whose number of slots can change, with the ids of the runs whose turns have begun, in order. */
function setUp(slots = 2) {
  const begun: string[] = [];
  const state = { slots, changes: 0 };
  const queue = new TrainingQueue({ slots: () => state.slots, changed: () => state.changes++ });
  const request = (id: string, options?: TurnOptions) => {
    // The number of slots may have been reduced since.
    const hasSlot = queue.training.includes(id);
    queue.request(
      id,
      () => {
        assert.ok(queue.training.includes(id), 'a turn begins with a slot');
        assert.ok(hasSlot || queue.training.length <= state.slots, 'no more runs than slots');
        begun.push(id);
      },
      options,
    );
  };
  return { queue, begun, state, request, waiting: () => queue.waiting.map(({ id }) => id) };
}

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      id,
      next: fc.boolean(),
      despitePause: fc.boolean(),
      after: fc.option(id, { nil: undefined }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('release', 'withdraw', 'finish', 'trainNext', 'pause', 'proceed'), id }),
  },
  fc.record({ do: fc.constant('move' as const), id, by: fc.constantFrom(-1 as const, 1 as const) }),
  fc.record({
    do: fc.constant('moveTo' as const),
    ids: fc.uniqueArray(id),
    target: fc.option(id, { nil: undefined }),
  }),
  fc.record({ do: fc.constant('startAfter' as const), id, other: id }),
  fc.record({ do: fc.constant('slots' as const), slots: fc.integer({ min: 1, max: 4 }) }),
);
type Action = typeof action extends fc.Arbitrary<infer Each> ? Each : never;

describe('TrainingQueue', () => {
  const act = ({ queue, state, request }: ReturnType<typeof setUp>, each: Action) => {
    switch (each.do) {
      case 'request':
        return request(each.id, each);
      case 'move':
        return queue.move(each.id, each.by);
      case 'moveTo':
        return queue.moveTo(each.ids, each.target);
      case 'startAfter':
        return void queue.startAfter(each.id, each.other);
      case 'slots':
        state.slots = each.slots;
        return queue.refill();
      case 'pause':
        return queue.pause();
      case 'proceed':
        return queue.proceed();
      case 'finish':
        queue.finish(each.id);
        assert.ok(!queue.training.includes(each.id), 'an ended run leaves its slot');
        assert.ok(queue.waiting.every(({ id, after }) => id !== each.id && after !== each.id));
        return undefined;
      case 'release':
        return queue.release(each.id);
      case 'withdraw':
        return queue.withdraw(each.id);
      case 'trainNext':
        return queue.trainNext(each.id);
    }
  };

  /** No run is in two places, and no slot is free while a run could have it. */
  const check = ({ queue, state, waiting }: ReturnType<typeof setUp>) => {
    const all = [...queue.training, ...waiting()];
    assert.equal(new Set(all).size, all.length, all.join(' '));
    if (queue.isPaused || queue.training.length >= state.slots) return;
    assert.ok(queue.waiting.every(({ after }) => after !== undefined));
  };

  it('never lets more runs train than there are slots, and leaves no slot free, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const made = setUp();
        for (const each of actions) {
          act(made, each);
          check(made);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets every waiting run train in the end, once, when the runs before it end', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const made = setUp();
        for (const each of actions) act(made, each);
        const { queue, begun, waiting } = made;
        const waited = waiting();
        begun.length = 0;
        queue.proceed();
        // Runs that are paused end as well.
        for (const each of ['a', 'b', 'c', 'd', 'e', 'f']) if (!waited.includes(each)) queue.finish(each);
        for (let turns = 0; turns < waited.length; turns++) for (const each of queue.training) queue.finish(each);
        assert.deepEqual([...begun].sort(), [...waited].sort());
        assert.deepEqual([...queue.training, ...waiting()], []);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the order of the requests', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (ends, slots) => {
        const { queue, begun, request } = setUp(slots);
        const ids = ends.map((_, index) => `run ${index}`);
        for (const [index, count] of ends.entries()) {
          request(`run ${index}`);
          for (const each of queue.training.slice(0, count)) queue.finish(each);
        }
        while (queue.training.length > 0) queue.finish(queue.training[0] ?? '');
        assert.deepEqual(begun, ids);
      }),
    );
  });

  it('gives a run that trains next, and those that go on after a pause, the places before all others', () => {
    const { queue, begun, request, waiting } = setUp(1);
    for (const each of ['a', 'b', 'c', 'd']) request(each);
    queue.trainNext('d');
    request('e', { next: true });
    request('f', { next: true });
    assert.deepEqual(waiting(), ['d', 'e', 'f', 'b', 'c']);
    queue.move('b', -1);
    queue.move('c', 1);
    queue.move('d', -1);
    assert.deepEqual(waiting(), ['d', 'e', 'b', 'f', 'c']);
    queue.finish('a');
    assert.deepEqual(begun, ['a', 'd']);
  });

  it('moves runs to the place of another one, in their order, and changes no order among the others', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'];
    fc.assert(
      fc.property(fc.subarray(six, { minLength: 1 }), fc.option(id, { nil: undefined }), (ids, target) => {
        const { queue, request, waiting } = setUp(1);
        request('first');
        for (const each of six) request(each);
        queue.moveTo([...ids].reverse(), target);
        const after = waiting();
        const others = six.filter((each) => !ids.includes(each));
        if (target !== undefined && ids.includes(target)) return assert.deepEqual(after, six);
        assert.deepEqual(
          after.filter((each) => ids.includes(each)),
          ids,
        );
        assert.deepEqual(
          after.filter((each) => !ids.includes(each)),
          others,
        );
        const start = after.indexOf(ids[0] ?? '');
        assert.deepEqual(after.slice(start, start + ids.length), ids, 'they are next to each other');
        if (target === undefined) assert.equal(start + ids.length, six.length);
        else if (ids.length === 1) assert.equal(start, six.indexOf(target));
      }),
    );
  });

  it('moves no run that does not wait, and runs to the end if the other one does not wait', () => {
    const { queue, request, waiting } = setUp(1);
    for (const each of ['a', 'b', 'c', 'd']) request(each);
    queue.moveTo(['a', 'x'], 'd');
    assert.deepEqual(waiting(), ['b', 'c', 'd']);
    queue.moveTo(['b', 'a'], 'a');
    assert.deepEqual(waiting(), ['c', 'd', 'b']);
  });

  it('begins no turn while it is paused, except that of a run that the user continues', () => {
    const { queue, begun, request } = setUp(2);
    queue.pause();
    request('a');
    request('b', { despitePause: true });
    assert.deepEqual(begun, ['b']);
    queue.proceed();
    assert.deepEqual(begun, ['b', 'a']);
  });

  it('gives the slot of a paused run to the next one, and a new turn to the paused run', () => {
    const { queue, begun, request, waiting } = setUp(1);
    request('a');
    request('b');
    queue.release('a');
    assert.deepEqual(begun, ['a', 'b']);
    request('a', { next: true });
    assert.deepEqual(waiting(), ['a']);
    queue.withdraw('a');
    assert.deepEqual(waiting(), []);
    request('a', { next: true });
    queue.finish('b');
    assert.deepEqual(begun, ['a', 'b', 'a']);
  });

  it('starts a run when another one ends, before those that waited longer', () => {
    const { queue, begun, request } = setUp(2);
    request('a');
    request('b', { after: 'a' });
    assert.deepEqual(begun, ['a'], 'although a slot is free');
    request('c');
    request('d');
    assert.deepEqual(begun, ['a', 'c']);
    queue.finish('c');
    assert.deepEqual(begun, ['a', 'c', 'd']);
    queue.release('a');
    assert.deepEqual(begun, ['a', 'c', 'd'], 'a paused run has not ended');
    queue.finish('d');
    request('e');
    request('f');
    request('g');
    queue.finish('a');
    queue.finish('e');
    assert.deepEqual(begun, ['a', 'c', 'd', 'e', 'f', 'b']);
  });

  it('gives the slot of a run to those that follow it, in their order', () => {
    const { queue, begun, request } = setUp(1);
    for (const each of ['a', 'b', 'c']) request(each);
    request('d', { after: 'a' });
    request('e', { after: 'a' });
    for (const each of ['a', 'd', 'e', 'b']) queue.finish(each);
    assert.deepEqual(begun, ['a', 'd', 'e', 'b', 'c']);
  });

  it('refuses runs that would wait for each other, and does not wait for a run that has ended', () => {
    const { queue, begun, request } = setUp(1);
    for (const each of ['a', 'b', 'c', 'd']) request(each);
    assert.ok(queue.startAfter('c', 'b'));
    assert.ok(queue.startAfter('d', 'c'));
    assert.ok(queue.follows('d', 'b') && !queue.follows('b', 'd'));
    assert.ok(!queue.startAfter('b', 'd'));
    assert.ok(!queue.startAfter('b', 'b'));
    queue.finish('b');
    queue.finish('a');
    assert.deepEqual(begun, ['a', 'c']);
    request('e', { after: 'a' });
    assert.equal(queue.waiting.at(-1)?.after, undefined);
  });

  it('goes on after a run that could not begin', () => {
    const { queue, begun, request, state } = setUp(1);
    queue.request('broken', () => queue.finish('broken'));
    request('a');
    queue.request('also broken', () => queue.finish('also broken'));
    request('b');
    queue.finish('a');
    assert.deepEqual(begun, ['a', 'b']);
    assert.ok(state.changes > 0);
  });
});
