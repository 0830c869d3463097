import type { GateStatistics, LayerProbe, Probe } from '../../protocol/probes.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { StoredRun } from '../storedRun.ts';
import type { NumpyArray } from './npy.ts';
import type { NamedArrays } from './npz.ts';

type Values = readonly (number | null)[];

/** Curves of the flow and their names. */
const FLOW_CURVES = ['median', 'low', 'high', 'mean', 'h', 'c'] as const satisfies readonly (keyof Flow)[];
const GATE_CURVES = ['histogram', 'lowByUnit', 'highByUnit'] as const satisfies readonly (keyof GateStatistics)[];
const GATE_SHARES = ['low', 'high'] as const satisfies readonly (keyof GateStatistics)[];
const PARAMETER_NUMBERS = ['gradientNorm', 'weightNorm', 'updateRatio'] as const;

/**
 * The probes of runs as arrays of float64 whose first axis is the probe. A value that was not measured or is not finite
 * is NaN. Names, where several runs begin with the id of their run:
 *
 * - `step`, `loss`, `gradientNorm`, `clippedGradientNorm`, `clippedShare`: `[probes]`
 * - `flow/LAYER/DIRECTION/median` (and `low`, `high`, `mean`, `h`, `c`): `[probes, lags]`
 * - `flow/LAYER/DIRECTION/ratioAtEnd` and `growthPerStep`: `[probes]`
 * - `summed/LAYER/DIRECTION/h` (and `c`): `[probes, lags]`
 * - `gates/LAYER/DIRECTION/GATE/histogram`: `[probes, 20]`; `lowByUnit`, `highByUnit`: `[probes, units]`; `low`, `high`:
 *   `[probes]`
 * - `parameters/NAME/gradientNorm` (and `weightNorm`, `updateRatio`): `[probes]`
 */
export async function probeArrays(runs: readonly StoredRun[]): Promise<NamedArrays> {
  const arrays = new Map<string, NumpyArray>();
  for (const run of runs) {
    const prefix = runs.length === 1 ? '' : `${run.record.id}/`;
    for (const [name, array] of arraysOf(await run.probes())) arrays.set(prefix + name, array);
  }
  return arrays;
}

function* arraysOf(probes: readonly Probe[]): Generator<[name: string, array: NumpyArray]> {
  if (probes.length === 0) return;
  const numbers = (of: (probe: Probe) => number | null | undefined): NumpyArray => ({
    shape: [probes.length],
    values: Float64Array.from(probes, (probe) => of(probe) ?? NaN),
  });
  const curves = (of: (probe: Probe) => Values | null | undefined): NumpyArray =>
    matrix(probes.map((probe) => of(probe) ?? []));

  yield ['step', { shape: [probes.length], values: Int32Array.from(probes, ({ step }) => step) }];
  for (const name of ['loss', 'gradientNorm', 'clippedGradientNorm', 'clippedShare'] as const)
    yield [name, numbers((probe) => probe[name])];
  for (const place of placesOf(probes)) {
    const { layer, direction } = place;
    const flowOf = (probe: Probe) => probe.flow.find((each) => isAt(each, place));
    const layerOf = (probe: Probe) => probe.layers.find((each) => isAt(each, place));
    for (const name of FLOW_CURVES)
      yield [`flow/${layer}/${direction}/${name}`, curves((probe) => flowOf(probe)?.[name])];
    yield [`flow/${layer}/${direction}/ratioAtEnd`, numbers((probe) => flowOf(probe)?.ratioAtEnd)];
    yield [`flow/${layer}/${direction}/growthPerStep`, numbers((probe) => flowOf(probe)?.growthPerStep.value)];
    for (const name of ['h', 'c'] as const)
      yield [`summed/${layer}/${direction}/${name}`, curves((probe) => layerOf(probe)?.summed[name])];
    for (const gate of place.gates) {
      const gateOf = (probe: Probe) => layerOf(probe)?.gates.find((each) => each.gate === gate);
      const path = `gates/${layer}/${direction}/${gate}`;
      for (const name of GATE_CURVES) yield [`${path}/${name}`, curves((probe) => gateOf(probe)?.[name])];
      for (const name of GATE_SHARES) yield [`${path}/${name}`, numbers((probe) => gateOf(probe)?.[name])];
    }
  }
  for (const name of new Set(probes.flatMap(({ parameters }) => parameters.map((each) => each.name)))) {
    const parameterOf = (probe: Probe) => probe.parameters.find((each) => each.name === name);
    for (const number of PARAMETER_NUMBERS)
      yield [`parameters/${name}/${number}`, numbers((probe) => parameterOf(probe)?.[number])];
  }
}

interface Place extends Pick<LayerProbe, 'layer' | 'direction'> {
  readonly gates: readonly string[];
}

/** Layers and directions of the first probe; those of a run do not change. */
function placesOf(probes: readonly Probe[]): readonly Place[] {
  return (probes[0]?.layers ?? []).map(({ layer, direction, gates }) => ({
    layer,
    direction,
    gates: gates.map(({ gate }) => gate),
  }));
}

function isAt(a: Pick<Place, 'layer' | 'direction'>, b: Place): boolean {
  return a.layer === b.layer && a.direction === b.direction;
}

/** Rows of different lengths as a matrix, padded with NaN. */
function matrix(rows: readonly Values[]): NumpyArray {
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const values = new Float64Array(rows.length * width).fill(NaN);
  rows.forEach((row, i) => row.forEach((value, j) => (values[i * width + j] = value ?? NaN)));
  return { shape: [rows.length, width], values };
}
