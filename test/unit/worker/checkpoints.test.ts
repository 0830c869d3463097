import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { StoredCheckpoint } from '../../../src/protocol/trainer.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { compareReadings } from '../../../src/worker/checkpoints/compareReadings.ts';
import { compareWeights, weightDifference } from '../../../src/worker/checkpoints/compareWeights.ts';
import { errorWith } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, rhyme, train } from './fixture.ts';

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

describe('two checkpoints that read one passage', function () {
  this.timeout(120_000);
  const home = temporaryFolder();

  it('have the surprisals, gates and text of their own weights', async () => {
    const { folder } = await train(request(home(), { training: { learningRate: 0.05 } }));
    const { backends } = request(home());
    const read = async (steps: readonly [number, number], passage: string | null) => {
      const [first, second] = steps.map((step) => ({ folder, step })) as [StoredCheckpoint, StoredCheckpoint];
      const options = { passage, length: 30, temperature: 1, seed: 7 };
      return compareReadings({ checkpoints: [first, second], options, backends });
    };
    const same = await read([10, 10], 'the cat sat on the mat');
    assert.deepEqual(same.readings[0], same.readings[1]);
    for (const {
      maps: [a, b],
    } of same.maps)
      assert.deepEqual(a, b);

    const { passage, readings, maps } = await read([10, 30], null);
    assert.deepEqual(
      maps.map(({ activation }) => activation),
      readings[0].activations.map(({ activation }) => activation),
    );
    for (const { layer, direction, activation, maps: pair } of maps) {
      pair.forEach((map, place) => {
        assert.ok(map);
        const { units, timeSteps, low, high, values } = map;
        assert.deepEqual([low, high], [pair[0]?.low, pair[0]?.high], 'one range');
        const means = readings[place]?.activations.find(
          (each) => each.layer === layer && each.direction === direction && each.activation === activation,
        )?.means;
        assert.equal(means?.length, timeSteps);
        for (let t = 0; t < timeSteps; t++) {
          let sum = 0;
          for (let unit = 0; unit < units; unit++)
            sum += low + ((values[unit * timeSteps + t] ?? 0) / 255) * (high - low);
          assert.ok(Math.abs(sum / units - (means?.[t] ?? NaN)) <= (high - low) / 255);
        }
      });
      assert.notDeepEqual(pair[0], pair[1]);
    }
    assert.ok(rhyme.endsWith(passage), 'the end of the text of the run');
    const [early, late] = readings;
    assert.deepEqual([early.step, late.step], [10, 30]);
    assert.deepEqual(early.tokens, late.tokens);
    assert.equal(early.tokens.join(''), passage);
    const mean = (values: readonly (number | null)[]) => {
      const present = values.filter((value) => value !== null);
      assert.equal(present.length, values.length - 1, 'the first token is not predicted');
      return present.reduce((sum, value) => sum + value, 0) / present.length;
    };
    assert.ok(mean(late.surprisal) < mean(early.surprisal), 'training lowers the surprisal');
    for (const { activations, tokens, written } of readings) {
      assert.deepEqual(
        activations.filter(({ layer }) => layer === activations[0]?.layer).map(({ means }) => means.length),
        activations.map(() => tokens.length),
      );
      assert.ok(activations.some(({ activation }) => activation === 'forget'));
      assert.equal(Array.from(written ?? '').length, 30);
    }
    assert.notDeepEqual(early.activations, late.activations);

    await assert.rejects(read([10, 30], 'the cat '.repeat(100)), errorWith({}, 800));
  });
});
