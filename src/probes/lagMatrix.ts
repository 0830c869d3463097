import { MAX_LAG_ROWS } from '../protocol/probes.ts';
import { type DirectionFlow, gradientFlow } from './gradientFlow.ts';
import type { SequenceCurve } from '../judgment/lagCurves.ts';
import { singleLosses } from './lossWeights.ts';
import type { Probed } from './probed.ts';

/** ||dL_t/dh_{t-k}|| of one direction, by row t (loss of step t) and column k (lag). */
export type LagMatrix = readonly SequenceCurve[];

/**
 * Computes the lag matrices of all directions for the first sequence. The batch contains one copy of the sequence for
 * each loss, and each copy keeps that loss only. Rows are the last `MAX_LAG_ROWS` steps; each costs one sequence.
 */
export async function lagMatrices(probed: Probed): Promise<LagMatrix[]> {
  const [length = 0] = probed.lengths;
  const first = probed.lossAt === 'the end' ? length - 1 : Math.max(0, length - MAX_LAG_ROWS);
  const steps = Array.from({ length: length - first }, (_, row) => first + row);
  const { directions } = await gradientFlow(probed, {
    sequences: steps.map(() => 0),
    weights: singleLosses(probed, steps),
  });
  return directions.map((direction) => {
    const rows = steps.map((t, copy) => rowOf(direction, copy, startOf(probed, direction, t, length)));
    return [...Array.from({ length: first }, () => new Float64Array()), ...rows];
  });
}

/** Lag of the state on which the loss of step t depends directly. */
function startOf({ lossAt }: Probed, { cell }: DirectionFlow, t: number, length: number): number {
  if (lossAt === 'the end') return 0;
  return cell.goBackwards ? t : length - 1 - t;
}

function rowOf({ h }: DirectionFlow, copy: number, start: number): SequenceCurve {
  return h[copy]!.subarray(start);
}
