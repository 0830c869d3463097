import { isSigmoid } from '../../config/cells.ts';
import { quantized, symmetricRange, type ValueRange } from '../../probes/inspection/quantize.ts';
import type { ActivationPair, CheckpointReading } from '../../protocol/difference.ts';
import type { ActivationMap } from '../../protocol/inspection.ts';
import { activationName } from '../../protocol/probes.ts';

/** An activation of a layer and direction over a passage: `[time, units]`. */
export interface NamedActivation {
  readonly layer: string;
  readonly direction: string;
  readonly activation: string;
  readonly time: number;
  readonly units: number;
  readonly values: Float32Array;
}

/** Means over the units at each token; null if the value of a unit is not finite. */
export function meansOf({ layer, direction, activation, time, units, values }: NamedActivation): Means {
  const means = Array.from({ length: time }, (_, t) => {
    const mean = values.subarray(t * units, (t + 1) * units).reduce((sum, value) => sum + value, 0) / units;
    return Number.isFinite(mean) ? mean : null;
  });
  return { layer, direction, activation, means };
}

type Means = CheckpointReading['activations'][number];

/** The activations of both checkpoints as maps, those of the same layer, direction and name next to each other. */
export function activationPairs(
  sides: readonly [readonly NamedActivation[], readonly NamedActivation[]],
): ActivationPair[] {
  const placeOf = ({ layer, direction, activation }: NamedActivation) => `${layer}/${direction}/${activation}`;
  const places = new Map(sides.flat().map((each) => [placeOf(each), each]));
  return [...places].flatMap(([place, { layer, direction, activation }]) => {
    const { data: name } = activationName.safeParse(activation);
    if (name === undefined) return [];
    const [a, b] = sides.map((side) => side.find((each) => placeOf(each) === place));
    // One range, so that a color means the same value in both maps.
    const both = [a, b].flatMap((each) => (each ? [each.values] : []));
    const range: ValueRange = isSigmoid(name) ? [0, 1] : symmetricRange(both);
    return { layer, direction, activation: name, maps: [a ? mapOf(a, range) : null, b ? mapOf(b, range) : null] };
  });
}

function mapOf({ time, units, values }: NamedActivation, [low, high]: ValueRange): ActivationMap {
  const byUnit = Float32Array.from(
    values,
    (_, place) => values[(place % time) * units + Math.floor(place / time)] ?? 0,
  );
  const order = Array.from({ length: units }, (_, unit) => unit);
  return { units, timeSteps: time, low, high, ...quantized(byUnit, [low, high]), order, scores: [] };
}
