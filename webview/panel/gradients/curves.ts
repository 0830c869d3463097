import { noPoints, type Points } from '../../charts/points.ts';
import { lagPoints, sparsePoints } from '../../probes/lagCurves.ts';
import type { ProbeSummary } from '../../../src/protocol/probeHistory.ts';
import type { LayerProbe } from '../../../src/protocol/probes.ts';

/** A layer, or one of its directions. */
export type LayerName = Pick<LayerProbe, 'layer' | 'direction'>;

export function isLayer(a: LayerName, b: LayerName): boolean {
  return a.layer === b.layer && a.direction === b.direction;
}

/** Layers that the curves over the lag come from. */
export interface ShownLayers {
  readonly current: LayerProbe;
  /** The same layer in the run's first probe; undefined if that is the probe shown, or for a probe of the open text. */
  readonly first: LayerProbe | undefined;
  /** The same layer in the latest complete probe. */
  readonly complete: LayerProbe | undefined;
}

/** Returns the curves over the lag by the keys of the charts' lines. */
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

/** Returns the curves of a layer over the training steps by the keys of the charts' lines. */
export function trendCurves(probes: readonly ProbeSummary[], name: LayerName): ReadonlyMap<string, Points> {
  const measured = probes.flatMap(({ step, complete, layers }) => {
    const layer = layers.find((each) => isLayer(each, name));
    return layer ? [{ step, complete, layer }] : [];
  });
  const curve = (points: readonly { readonly step: number; readonly y: number | null }[]): Points => ({
    x: points.map(({ step }) => step),
    y: points.map(({ y }) => y),
  });
  // Null means not measured in an incomplete probe, and not finite in a complete one.
  const sparse = measured.filter(({ complete, layer }) => complete || layer.spectralRadius !== null);
  return new Map([
    ['sigmaMax', curve(measured.map(({ step, layer }) => ({ step, y: layer.sigmaMax })))],
    ['spectralRadius', curve(sparse.map(({ step, layer }) => ({ step, y: layer.spectralRadius })))],
    // Null means longer than the window; it is omitted rather than shown as not finite.
    [
      'effectiveMemory',
      curve(
        measured.flatMap(({ step, layer: { effectiveMemory } }) =>
          effectiveMemory === null ? [] : [{ step, y: effectiveMemory }],
        ),
      ),
    ],
    ['clippedShare', curve(probes.map(({ step, clippedShare }) => ({ step, y: 100 * clippedShare })))],
  ]);
}
