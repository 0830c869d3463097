import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { compareWeights, weightDifference } from '../../../src/worker/checkpoints/compareWeights.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, train } from './fixture.ts';

const tensors = fc.array(fc.float({ noNaN: true, min: -10, max: 10 }), { minLength: 6, maxLength: 6 }).map((values) => [
  { name: 'gru_1/kernel', shape: [2, 2], values: Float32Array.from(values.slice(0, 4)) },
  { name: 'dense/bias', shape: [2], values: Float32Array.from(values.slice(4)) },
  { name: 'adam/m/dense/bias', shape: [2], values: new Float32Array(2) },
]);

const norm = (values: Float32Array) => Math.hypot(...values);

describe('the change of weights between two checkpoints', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  it('has the norm of each tensor, the largest relative change first, and nothing of the optimizer', () => {
    fc.assert(
      fc.property(tensors, tensors, (a, b) => {
        const { changes, unmatched } = weightDifference(a, b);
        assert.deepEqual(unmatched, []);
        assert.deepEqual(changes.map(({ tensor }) => tensor).sort(), ['dense/bias', 'gru_1/kernel']);
        for (const { tensor, norm: change } of changes) {
          const [before, after] = [a, b].map(
            (all) => all.find(({ name }) => name === tensor)?.values ?? new Float32Array(),
          );
          const expected = norm(Float32Array.from(before!, (value, at) => after![at]! - value));
          assert.ok(Math.abs((change ?? NaN) - expected) <= 1e-5 * (1 + expected), `${change} ${expected}`);
        }
        const relative = changes.map(({ relative: each }) => each ?? Infinity);
        assert.deepEqual(
          relative,
          [...relative].sort((x, y) => y - x),
        );
        assert.ok(
          weightDifference(a, structuredClone(a)).changes.every(
            ({ norm: change, relative: r }) => change === 0 && r === 0,
          ),
        );
      }),
    );
  });

  it('names tensors that cannot be compared', () => {
    const tensor = (name: string, shape: number[]): NamedTensor => ({ name, shape, values: new Float32Array(2) });
    const { changes, unmatched } = weightDifference(
      [tensor('a', [2]), tensor('b', [2])],
      [tensor('b', [1, 2]), tensor('c', [2])],
    );
    assert.deepEqual([changes, unmatched.sort()], [[], ['a', 'b', 'c']]);
  });

  it('grows from checkpoint to checkpoint of a run, and is an error for a step without one', async () => {
    const { folder } = await train(request(home()));
    const change = async (to: number) => {
      const { changes } = await compareWeights([
        { folder, step: 10 },
        { folder, step: to },
      ]);
      assert.ok(changes.length >= 4);
      return Math.max(...changes.map(({ relative }) => relative ?? 0));
    };
    assert.equal(await change(10), 0);
    assert.ok((await change(20)) > 0);
    await assert.rejects(change(15), errorWith({ code: 'impossible' }, 15, 10, 20, 30));
    await assert.rejects(
      compareWeights([
        { folder: join(home(), 'none'), step: 1 },
        { folder, step: 10 },
      ]),
      errorWith({ code: 'impossible' }, 'none'),
    );
  });
});
