import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CELL_NAMES, cells, isSigmoid } from '../../../src/config/cells.ts';
import { quantized, symmetricRange } from '../../../src/probes/inspection/quantize.ts';
import { checkpointReadings } from '../../../src/protocol/difference.ts';
import { activationMap } from '../../../src/protocol/inspection.ts';
import { activationPairs, meansOf, type NamedActivation } from '../../../src/worker/checkpoints/activationPairs.ts';
import { encoded } from '../../../src/worker/exportModel.ts';
import { decoded } from '../../../webview/exported/passageMap.ts';
import { valueOf } from '../../../webview/panel/gates/gateScene.ts';

const names = [...new Set(CELL_NAMES.flatMap((cell) => cells[cell].activations.map(({ name }) => name)))];
const sigmoids: readonly string[] = names.filter(isSigmoid);
/** Values of gates and states, of which some are not finite. */
const value = fc.oneof(
  { weight: 9, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  fc.constantFrom(NaN, Infinity, -Infinity),
);

const activations = fc
  .record({
    activation: fc.constantFrom(...names),
    time: fc.integer({ min: 1, max: 6 }),
    units: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ activation, time, units }) =>
    fc.array(value, { minLength: time * units, maxLength: time * units }).map((values): NamedActivation => {
      const bounded = values.map((each) =>
        sigmoids.includes(activation) && Number.isFinite(each) ? Math.abs(each) / 4 : each,
      );
      return { layer: 'lstm_1', direction: 'forward', activation, time, units, values: Float32Array.from(bounded) };
    }),
  );

describe('values of gates that are not finite', () => {
  it('are holes of the maps of compared checkpoints, and all others have their value', () => {
    fc.assert(
      fc.property(activations, activations, (first, other) => {
        const second = {
          ...other,
          activation: first.activation,
          values: other.values.map((each) =>
            sigmoids.includes(first.activation) ? Math.min(1, Math.abs(each)) : each,
          ),
        };
        const [pair] = activationPairs([[first], [second]]);
        assert.ok(pair);
        [first, second].forEach(({ time, units, values }, side) => {
          const map = pair.maps[side];
          assert.ok(map && activationMap.safeParse(map).success);
          for (let unit = 0; unit < units; unit++)
            for (let t = 0; t < time; t++) {
              const [expected = 0, shown] = [values[t * units + unit], valueOf(map, { row: unit, column: t })];
              if (Number.isFinite(expected)) assert.ok(Math.abs(shown - expected) <= (map.high - map.low) / 255);
              else assert.ok(Number.isNaN(shown));
            }
        });
        assert.equal(pair.maps[0]?.high, pair.maps[1]?.high);
      }),
    );
  });

  it('have no mean, and messages can carry the others', () => {
    fc.assert(
      fc.property(activations, (activation) => {
        const { time, units, values } = activation;
        const { means } = meansOf(activation);
        const { activations: entry } = checkpointReadings.shape.readings.def.items[0].shape;
        assert.ok(entry.safeParse([meansOf(activation)]).success);
        for (let t = 0; t < time; t++) {
          const at = [...values.subarray(t * units, (t + 1) * units)];
          if (at.every(Number.isFinite))
            assert.ok(Math.abs((means[t] ?? NaN) - at.reduce((a, b) => a + b, 0) / units) < 1e-5);
          else assert.equal(means[t], null);
        }
      }),
    );
  });

  it('are holes of the maps of an exported page', () => {
    fc.assert(
      fc.property(activations, ({ units, time, values }) => {
        const range = symmetricRange([values]);
        const [low, high] = range;
        const order = Array.from({ length: units }, (_, unit) => unit);
        const map = { units, timeSteps: time, low, high, ...quantized(values, range), order, scores: [] };
        assert.deepEqual(decoded({ layer: 'lstm_1', direction: 'forward', activation: 'hidden', ...encoded(map) }), {
          ...{ layer: 'lstm_1', direction: 'forward', activation: 'hidden' },
          ...map,
        });
        assert.equal(map.holes === null, values.every(Number.isFinite));
      }),
    );
  });
});
