import { noPoints, type Points } from '../../charts/points.ts';
import { lagPoints, sparsePoints } from '../../probes/lagCurves.ts';
import type { ProbeSummary } from '../../../src/protocol/probeHistory.ts';
import { isLayer, type LayerName, type LayerProbe } from '../../../src/protocol/probes.ts';
import type { Flow } from '../../../src/protocol/flow.ts';
import { flowCurves } from '../../probes/lastStepChart.ts';

/** One direction of a layer in a probe. */
export interface ShownLayer {
  readonly layer: LayerProbe;
  readonly flow: Flow;
}

/** Layers that the curves over the lag come from. */
export interface ShownLayers {
  readonly current: ShownLayer;
  /** The same layer in the run's first probe; undefined if that is the probe shown, or for a probe of the open text. */
  readonly first: ShownLayer | undefined;
  /** The same layer in the latest complete probe. */
  readonly complete: ShownLayer | undefined;
}

/** Returns the curves over the lag by the keys of the charts' lines. */
export function lagCurves({ current: { layer, flow }, first, complete }: ShownLayers): ReadonlyMap<string, Points> {
  const jacobian = complete?.layer.jacobian;
  return new Map([
    ...flowCurves(flow, first?.flow, complete?.flow),
    ['summed.h', lagPoints(layer.summed.h)],
    ['summed.c', lagPoints(layer.summed.c)],
    ['jacobian.state', jacobian ? sparsePoints(jacobian.state) : noPoints],
    ['jacobian.h', jacobian ? sparsePoints(jacobian.h) : noPoints],
    ['forgetProduct', lagPoints(layer.forgetProduct)],
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
