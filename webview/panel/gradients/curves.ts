import { noPoints, type Points } from '../../charts/points.ts';
import { lagPoints, sparsePoints } from '../../probes/lagCurves.ts';
import type { ProbeSummary } from '../../../src/protocol/probeHistory.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';

/** A layer, or one of its directions. */
export type LayerName = Pick<LayerProbe, 'layer' | 'direction'>;

export function isLayer(a: LayerName, b: LayerName): boolean {
  return a.layer === b.layer && a.direction === b.direction;
}

/** The layers of one probe that the curves over the lag come from. */
export interface ShownLayers {
  readonly current: LayerProbe;
  /** The same layer in the run's first probe; undefined where that is the one shown, or another text was read. */
  readonly first: LayerProbe | undefined;
  /** The same layer in the latest probe that has everything. */
  readonly complete: LayerProbe | undefined;
}

/** The curves over the lag, by the keys of the charts' lines. */
export function lagCurves({ current, first, complete }: ShownLayers): ReadonlyMap<string, Points> {
  return new Map([
    ['lastStep.h', lagPoints(current.lastStep.h)],
    ['lastStep.c', lagPoints(current.lastStep.c)],
    ['lastStep.first', lagPoints(first?.lastStep.h)],
    ['summed.h', lagPoints(current.summed.h)],
    ['summed.c', lagPoints(current.summed.c)],
    ['jacobian.state', complete ? sparsePoints(complete.jacobian.state) : noPoints],
    ['jacobian.h', complete ? sparsePoints(complete.jacobian.h) : noPoints],
    ['forgetProduct', lagPoints(current.forgetProduct)],
  ]);
}

/**
 * The curves over training of one layer, by the keys of the charts' lines: a point for each probe that has measured it.
 */
export function trendCurves(probes: readonly ProbeSummary[], name: LayerName): ReadonlyMap<string, Points> {
  const own = probes.flatMap(({ step, complete, layers }) => {
    const layer = layers.find((each) => isLayer(each, name));
    return layer ? [{ step, complete, layer }] : [];
  });
  const curve = (points: readonly { readonly step: number; readonly y: number | null }[]): Points => ({
    x: points.map(({ step }) => step),
    y: points.map(({ y }) => y),
  });
  // What an incomplete probe does not have, it has left out; in a complete one it is not finite.
  const sparse = own.filter(({ complete, layer }) => complete || layer.spectralRadius !== null);
  return new Map([
    ['sigmaMax', curve(own.map(({ step, layer }) => ({ step, y: layer.sigmaMax })))],
    ['spectralRadius', curve(sparse.map(({ step, layer }) => ({ step, y: layer.spectralRadius })))],
    // Null where the memory is longer than the window: no number, but nothing that is not finite either.
    [
      'effectiveMemory',
      curve(
        own.flatMap(({ step, layer: { effectiveMemory } }) =>
          effectiveMemory === null ? [] : [{ step, y: effectiveMemory }],
        ),
      ),
    ],
    ['clippedShare', curve(probes.map(({ step, clippedShare }) => ({ step, y: 100 * clippedShare })))],
  ]);
}
