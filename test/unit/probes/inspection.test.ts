import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { Gru } from '../../../src/layers/gru.ts';
import { Lstm } from '../../../src/layers/lstm.ts';
import { RecurrentStack } from '../../../src/layers/recurrentStack.ts';
import { activationMap } from '../../../src/probes/inspection/activationMap.ts';
import { type Activations, unitValues } from '../../../src/probes/inspection/activations.ts';
import { activationMap as activationMapSchema } from '../../../src/protocol/inspection.ts';
import { connectivity } from '../../../src/probes/inspection/connectivity.ts';
import { expectation } from '../../../src/probes/inspection/predictions.ts';
import { disposeStates, readTokens } from '../../../src/probes/inspection/readTokens.ts';
import { strongest } from '../../../src/probes/inspection/strongest.ts';
import type { TextModel } from '../../../src/probes/inspection/textModel.ts';
import { isOfClass } from '../../../src/probes/inspection/tokenClasses.ts';
import { describeRole } from '../../../src/protocol/describeRole.ts';
import { unitRoles } from '../../../src/probes/inspection/unitRoles.ts';
import { unitOrder, unitScores } from '../../../src/probes/inspection/unitScores.ts';
import { Random } from '../../oracle/random.ts';
import { errorWith } from '../../harness/facts.ts';

const [VOCABULARY, UNITS] = [7, 5];
const IDS = Int32Array.from([3, 1, 4, 1, 5, 2, 6, 5, 3, 0]);

/** An LSTM and a GRU on one-hot ids, and a dense layer, with random weights. */
function textModel(): TextModel & { readonly stack: RecurrentStack } {
  const random = new Random(8);
  const stack = new RecurrentStack([
    new Lstm({ name: 'lstm_1', units: UNITS, inputs: VOCABULARY }),
    new Gru({ name: 'gru_2', units: UNITS }),
  ]);
  const network = tf.sequential();
  stack.addTo(network);
  network.setWeights(
    network
      .getWeights()
      .map(({ shape, size }) => tf.tensor(Float32Array.from(random.matrix(1, size, 1).values), shape)),
  );
  const kernel = tf.tensor2d(Float32Array.from(random.matrix(UNITS, VOCABULARY, 2).values), [UNITS, VOCABULARY]);
  return {
    stack,
    layers: stack.layers,
    embeds: false,
    outputLayer: () => ({ kernel, bias: tf.zeros([VOCABULARY]) }),
    inputVectors: (ids) => tf.oneHot(ids, VOCABULARY).toFloat() as tf.Tensor3D,
    logits(x, states, tapsOf) {
      const { h, states: after } = stack.sequence(x, states, { tapsOf });
      return { logits: tf.matMul(tf.reshape(h, [-1, UNITS]) as tf.Tensor2D, kernel), states: after };
    },
  };
}

function activations(values: readonly (readonly number[])[]): Activations {
  const cell = new Gru({ name: 'gru_1', units: values[0]?.length ?? 0 });
  return {
    layer: 'gru_1',
    direction: 'forward',
    cell,
    timeSteps: values.length,
    outputs: [Float32Array.from(values.flat())],
  };
}

describe('values that are not finite', () => {
  const finite = fc.float({ min: -2, max: 2, noNaN: true });
  const strange = fc.constantFrom(NaN, Infinity, -Infinity);
  const cells = fc
    .record({ units: fc.integer({ min: 1, max: 4 }), tokens: fc.integer({ min: 1, max: 6 }) })
    .chain(({ units, tokens }) => {
      const row = fc.array(fc.oneof(finite, strange), { minLength: 4 * units, maxLength: 4 * units });
      return fc.array(row, { minLength: tokens, maxLength: tokens });
    });

  it('are holes of a map, and change no other value, no end of the range and no score', () => {
    const property = fc.property(cells, (values) => {
      const units = values[0]!.length / 4;
      const outputs = [values.map((row) => row.slice(0, units)), values.map((row) => row.slice(units))];
      const cell = new Gru({ name: 'gru_1', units });
      const read = { ...activations(values), cell, outputs: outputs.map((each) => Float32Array.from(each.flat())) };
      const tokens = values.map((_, t) => 'a b.'.charAt(t % 4));
      for (const { name } of cell.kind.activations)
        for (const sort of ['index', 'saturation', 'memory', 'letters'] as const) {
          const map = activationMap(read, name, sort, tokens);
          assert.ok(activationMapSchema.safeParse(map).success);
          map.order.forEach((unit, row) =>
            unitValues(read, name, unit).forEach((value, t) => {
              const place = row * map.timeSteps + t;
              assert.equal(map.holes?.[place] === 1, !Number.isFinite(value));
              if (!Number.isFinite(value)) return;
              const byte = ((value - map.low) / (map.high - map.low)) * 255;
              if (byte >= 0 && byte <= 255) assert.ok(Math.abs(map.values[place]! - byte) <= 0.51);
            }),
          );
        }
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('reading a text', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('in two parts gives the same result as at once, and leaks no tensors', async () => {
    const model = textModel();
    const start = model.stack.zeroState(1);
    const before = tf.memory().numTensors;
    const whole = await readTokens(model, IDS, start, true);
    const first = await readTokens(model, IDS.slice(0, 4), start, false);
    const second = await readTokens(model, IDS.slice(4), first.states, true);
    assert.deepEqual(first.activations, []);
    const joined = [...first.logits, ...second.logits];
    assert.ok(joined.every((value, index) => Math.abs(value - (whole.logits[index] ?? NaN)) < 1e-5));
    for (const [layer, name] of [
      [0, 'forget'],
      [0, 'cellState'],
      [1, 'update'],
      [1, 'hidden'],
    ] as const) {
      const [all, late] = [whole, second].map((read) => unitValues(read.activations[layer]!, name, 2)) as [
        Float32Array,
        Float32Array,
      ];
      assert.ok(
        late.every((value, t) => Math.abs(value - (all[t + 4] ?? NaN)) < 1e-6),
        name,
      );
    }
    for (const { states } of [whole, first, second]) disposeStates(states);
    assert.equal(tf.memory().numTensors, before);
  });

  it('returns the gates and states of the cell', async () => {
    const model = textModel();
    const {
      activations: [lstm],
      states,
    } = await readTokens(model, IDS, model.stack.zeroState(1), true);
    assert.ok(lstm);
    for (let unit = 0; unit < UNITS; unit++) {
      const of = (name: Parameters<typeof unitValues>[1]) => unitValues(lstm, name, unit);
      const [i, f, g, o, c, h] = [
        of('input'),
        of('forget'),
        of('candidate'),
        of('output'),
        of('cellState'),
        of('hidden'),
      ];
      for (let t = 0; t < IDS.length; t++) {
        const cell = (f[t] ?? NaN) * (t > 0 ? (c[t - 1] ?? NaN) : 0) + (i[t] ?? NaN) * (g[t] ?? NaN);
        assert.ok(Math.abs(cell - (c[t] ?? NaN)) < 1e-6);
        assert.ok(Math.abs((o[t] ?? NaN) * Math.tanh(cell) - (h[t] ?? NaN)) < 1e-6);
      }
    }
    assert.throws(() => unitValues(lstm, 'update', 0), errorWith({ name: 'RangeError' }, 'lstm_1', 'update'));
    assert.throws(() => unitValues(lstm, 'hidden', UNITS), errorWith({ name: 'RangeError' }, 5));
    disposeStates(states);
  });

  it('agrees with finite differences on the connectivity of a logit', async () => {
    const model = textModel();
    const start = model.stack.zeroState(1);
    const before = tf.memory().numTensors;
    const norms = await connectivity(model, IDS, start);
    assert.equal(tf.memory().numTensors, before);
    assert.equal(norms.length, IDS.length - 1);
    const step = 1e-2;
    const logit = (t: number, entry: number, by: number) =>
      tf.tidy(() => {
        const vectors = Float32Array.from(
          model.inputVectors(tf.tensor2d(IDS.slice(0, -1), [IDS.length - 1, 1], 'int32')).dataSync(),
        );
        vectors[t * VOCABULARY + entry] = (vectors[t * VOCABULARY + entry] ?? NaN) + by;
        const x = tf.tensor3d(vectors, [IDS.length - 1, 1, VOCABULARY]);
        return model.logits(x, start).logits.arraySync().at(-1)?.[IDS.at(-1) ?? 0] ?? NaN;
      });
    for (const t of [0, 4, 8]) {
      const slopes = Array.from(
        { length: VOCABULARY },
        (_, entry) => (logit(t, entry, step) - logit(t, entry, -step)) / (2 * step),
      );
      assert.ok(Math.abs((norms[t] ?? NaN) - Math.hypot(...slopes)) < 1e-3, `${norms[t]} and ${Math.hypot(...slopes)}`);
    }
    assert.deepEqual(await connectivity(model, IDS.slice(0, 1), start), new Float64Array());
  });
});

describe('the prediction of a model', () => {
  it('is a distribution, with its largest values first, for any logits', () => {
    const logits = fc.array(fc.float({ min: -200, max: 200, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(logits, fc.nat(20), (values, count) => {
        const expected = expectation(Float32Array.from(values));
        const all = values.map((_, id) => Math.exp(-expected.surprisal(id)));
        assert.ok(Math.abs(all.reduce((sum, p) => sum + p, 0) - 1) < 1e-6);
        const top = expected.top(count, values.map(String));
        assert.deepEqual(
          top.map(({ probability }) => probability.toFixed(6)),
          all
            .sort((a, b) => b - a)
            .slice(0, count)
            .map((p) => p.toFixed(6)),
        );
      }),
      { seed: 2 },
    );
  });
});

describe('units', () => {
  it('are sorted by the size of their score', () => {
    assert.deepEqual(unitOrder(4, [0.1, -0.9, 0.5, 0.5]), [1, 2, 3, 0]);
    assert.deepEqual(unitOrder(3, []), [0, 1, 2]);
  });

  it('correlate with a class of tokens', () => {
    const tokens = ['a', ' ', 'b', ' ', '1'];
    const values = tokens.map((token) => [
      isOfClass(token, 'spaces') ? 1 : -1,
      0.3,
      isOfClass(token, 'letters') ? -2 : 2,
    ]);
    const spaces = unitScores(activations(values), 'hidden', 'spaces', tokens);
    assert.deepEqual(
      spaces.map((score) => score.toFixed(3)),
      ['1.000', '0.000', '0.667'],
    );
    assert.deepEqual(unitScores(activations(values), 'hidden', 'letters', tokens)[2], -1);
  });

  it('follow the class with which they correlate most, the clearest first', () => {
    const tokens = ['a', ' ', 'B', ' ', '1', 'c', '\n', '"'];
    const values = tokens.map((token, t) => [t % 3, isOfClass(token, 'spaces') ? -1 : 1, 0.5]);
    const gates = new Float32Array(tokens.length * 9).fill(0.5);
    const of = activations(values);
    const { units } = unitRoles({ ...of, outputs: [...of.outputs, gates] }, 'hidden', tokens);
    assert.deepEqual([units[0]?.unit, units[0]?.tokenClass], [1, 'spaces']);
    assert.ok(Math.abs((units[0]?.correlation ?? 0) + 1) < 1e-9);
    assert.deepEqual([units[2]?.unit, units[2]?.correlation], [2, 0]);
    units
      .slice(1)
      .forEach(({ correlation }, i) => assert.ok(Math.abs(correlation) <= Math.abs(units[i]?.correlation ?? 0)));
  });

  it('say what they follow, and for how long they remember', () => {
    const said = (correlation: number, memory: number) =>
      describeRole({ unit: 0, tokenClass: 'quotes', correlation, memory });
    assert.match(said(0.83, 12.3), /quotes.*\b0\.83\b.*\b12\b/);
    assert.match(said(-0.83, 0.2), /quotes.*-0\.83\b/);
    assert.notEqual(said(0.83, 12.3).split(' ')[0], said(-0.83, 12.3).split(' ')[0]);
    assert.doesNotMatch(said(0.1, 1e6), /quotes|\d/);
  });

  it('are saturated if their values are near a bound', () => {
    assert.deepEqual(
      unitScores(
        activations([
          [0.95, 0],
          [-0.95, 0.2],
        ]),
        'hidden',
        'saturation',
        ['a', 'b'],
      ),
      [1, 0],
    );
  });

  it('have the memory that their update gate implies', () => {
    const cell = new Gru({ name: 'gru_1', units: 1 });
    const rate = Math.exp(-1 / 12);
    const of: Activations = {
      layer: 'gru_1',
      direction: 'forward',
      cell,
      timeSteps: 2,
      outputs: [new Float32Array(2), Float32Array.from([rate, 0, 0, rate, 0, 0])],
    };
    assert.ok(Math.abs((unitScores(of, 'hidden', 'memory', ['a', 'b'])[0] ?? NaN) - 12) < 1e-4);
  });

  it('are drawn as bytes over a symmetric range, in the given order', () => {
    const map = activationMap(
      activations([
        [0.5, -1],
        [-0.5, 1],
        [0, 0],
      ]),
      'hidden',
      'saturation',
      ['a', 'b', 'c'],
    );
    assert.deepEqual([map.low, map.high, map.units, map.timeSteps], [-1, 1, 2, 3]);
    assert.deepEqual(map.order, [1, 0]);
    assert.deepEqual([...map.values], [0, 255, 128, 191, 64, 128]);
  });
});

describe('the strongest positions of a unit', () => {
  it('are the largest values with the minimum distance', () => {
    const values = Float32Array.from([0.1, 0.9, 0.8, 0.2, 0.7, -1]);
    assert.deepEqual(
      strongest(values, 3, 2).map(({ token }) => token),
      [1, 4],
    );
    assert.deepEqual(
      strongest(values, 3, 0).map(({ token }) => token),
      [1, 2, 4],
    );
  });

  it('always have the minimum distance, for any values', () => {
    const floats = fc.array(fc.float({ noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(floats, fc.integer({ min: 1, max: 10 }), fc.nat(8), (values, limit, apart) => {
        const places = strongest(Float32Array.from(values), limit, apart);
        assert.ok(places.length <= limit && (values.length === 0 || places.length > 0));
        places.forEach((place, index) => {
          assert.ok(index === 0 || place.value <= (places[index - 1]?.value ?? NaN));
          for (const other of places.slice(0, index))
            assert.ok(Math.abs(other.token - place.token) >= Math.max(apart, 1));
        });
      }),
      { seed: 1 },
    );
  });
});

describe('classes of tokens', () => {
  it('go by Unicode', () => {
    const classes = ['letters', 'digits', 'spaces', 'punctuation', 'capitals', 'newlines', 'quotes'] as const;
    const of = (token: string) => classes.filter((one) => isOfClass(token, one));
    assert.deepEqual(of('É'), ['letters', 'capitals']);
    assert.deepEqual(of('٣'), ['digits']);
    assert.deepEqual(of('\u00a0'), ['spaces']);
    assert.deepEqual(of('\n'), ['newlines']);
    assert.deepEqual(of('“'), ['punctuation', 'quotes']);
    assert.deepEqual(of('<unk>'), ['punctuation']);
  });
});
