import { normsOf } from '../kernels/norms.ts';
import { type Flow, worstFirst } from '../protocol/flow.ts';
import type { LayerProbe, ParameterProbe, Probe, ProbeSource, ProbeStart, Forgetting } from '../protocol/probes.ts';
import type { Learning } from '../protocol/verdicts.ts';
import { judge, type JudgedRun } from '../judgment/diagnosis.ts';
import { judgeFlow } from '../judgment/flow.ts';
import { forgetProduct, gateStatistics } from './gateStatistics.ts';
import { type DirectionFlow, gradientFlow } from './gradientFlow.ts';
import { jacobianCurves } from './jacobianCurves.ts';
import { effectiveMemory, relative, rootMeanSquare } from '../judgment/lagCurves.ts';
import { lagMatrices, type LagMatrix } from './lagMatrix.ts';
import { allLosses, lastLosses } from './lossWeights.ts';
import { measured, measuredAll } from '../judgment/numbers.ts';
import { type Probed, selected, spread } from './probed.ts';
import { largestRadius, recurrentWeights } from './recurrentWeights.ts';
import { trajectoryOf } from './trajectory.ts';

/** Facts of the run that a probe reports in addition to measurements of the model. */
export interface ProbeContext extends JudgedRun {
  /** Number of optimizer steps so far. */
  readonly step: number;
  readonly source: ProbeSource;
  /** State that the sequences start from, for the report; `probed` decides it. */
  readonly start: ProbeStart;
  /** Norm of the last update over the norm of the weights, by parameter; absent before the first update. */
  readonly updateRatios?: ReadonlyMap<string, number>;
  /** Fraction of the last 100 training steps that were clipped. */
  readonly clippedShare: number;
  /** Verdicts on learning at the last validation; null without a training run. */
  readonly learning: Learning | null;
  /** Measures what a context of this many tokens costs; absent if there is no time for it, or no text. */
  readonly forgetting?: ((context: number) => Promise<Forgetting>) | undefined;
  /** Maximum number of sequences whose last loss is followed back. */
  readonly sequences: number;
  /** True to take the expensive measurements too: Jacobian products, lag matrices and spectral radii. */
  readonly thorough: boolean;
}

/** Maximum number of sequences of the measurements other than the flow, such as gates and gradients of parameters. */
const DETAILED = 8;

/**
 * Measures gradient flow and gates of every layer and direction (definitions in `protocol/probes.ts`), and judges them.
 * The flow follows the last losses of up to `context.sequences` sequences, everything else reads eight of them, spread
 * evenly.
 *
 * Costs a forward and a backward pass over the sequences of the flow (two with a backward direction), and one over the
 * eight. A thorough probe also costs a pass over one sequence per step, powers of the recurrent kernels, and the
 * products of the Jacobians.
 */
export async function takeProbe(probed: Probed, context: ProbeContext): Promise<Probe> {
  const before = performance.now();
  const few = selected(probed, spread(probed.lengths.length, DETAILED));
  const many = selected(probed, spread(probed.lengths.length, Math.max(1, context.sequences)));
  const weights = allLosses(few);
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  const { clipNorm, clipValue } = context.settings;
  // Training uses the mean loss; the gradient here is that of the sum, `count` times larger.
  const summed = await gradientFlow(few, {
    sequences: few.lengths.map((_, sequence) => sequence),
    weights,
    parameters: { clipValue: clipValue * count },
    outputs: true,
  });
  const followed = many.lengths.map((_, sequence) => sequence);
  const lastForward = await gradientFlow(many, { sequences: followed, weights: lastLosses(many, false) });
  const hasBackward = summed.directions.some(({ cell }) => cell.goBackwards);
  const lastBackward = hasBackward
    ? await gradientFlow(many, { sequences: followed, weights: lastLosses(many, true) })
    : lastForward;
  const matrices = context.thorough ? await lagMatrices(few) : [];

  const layers: LayerProbe[] = [];
  const flow: Flow[] = [];
  for (const [index, direction] of summed.directions.entries()) {
    const last = (direction.cell.goBackwards ? lastBackward : lastForward).directions[index]!;
    layers.push(await layerProbe(direction, last, matrices[index], few, context));
    flow.push(judgeFlow(last, context.thorough));
  }
  const loss = measured(summed.losses.reduce((sum, value, index) => sum + value * weights[index]!, 0) / count);
  const norms = summed.parameterNorms.map((norm) => norm / count);
  const clippedNorm = Math.hypot(...summed.clippedNorms) / count;
  const reach = reachOf(flow);
  const forgetting = reach === null ? null : await context.forgetting?.(reach);
  const measurements = {
    step: context.step,
    loss,
    layers,
    flow,
    learning: context.learning,
    forgetting: forgetting ?? null,
    parameters: await parameterProbes(few, norms, context),
    gradientNorm: measured(Math.hypot(...norms)),
    clippedGradientNorm: measured(clipNorm > 0 ? Math.min(clippedNorm, clipNorm) : clippedNorm),
    clippedShare: context.clippedShare,
  };
  return {
    source: context.source,
    start: context.start,
    timeSteps: few.timeSteps,
    batch: few.lengths.length,
    seconds: (performance.now() - before) / 1000,
    ...measurements,
    ...judge(measurements, context),
  };
}

/** Lag within the window after which less than 1 % of the gradient is left, where the flow is worst; null without one. */
function reachOf(flow: readonly Flow[]): number | null {
  const [worst] = worstFirst(flow);
  const reach = worst?.stepsToHundredth ?? null;
  return worst && reach !== null && reach > 0 && reach < worst.window ? reach : null;
}

async function layerProbe(
  summed: DirectionFlow,
  last: DirectionFlow,
  lagMatrix: LagMatrix | undefined,
  { lengths, timeSteps }: Probed,
  { thorough }: ProbeContext,
): Promise<LayerProbe> {
  const { cell, layer, direction } = summed;
  const { kernel, sigmaMax, forgetBias } = await recurrentWeights(cell);
  const [lastH, lastC] = [last.h, last.c].map((curves) => curves && rootMeanSquare(curves));
  const lastStep = relative(lastH ?? []);
  const jacobians = thorough ? cell.stateJacobians(trajectoryOf(summed, 0, timeSteps, lengths), kernel) : undefined;
  const jacobian = jacobians ? jacobianCurves(jacobians, kernel.values.length) : { state: [], h: [] };
  return {
    layer,
    direction,
    cell: cell.kind.name,
    units: cell.units,
    summed: { h: measuredAll(rootMeanSquare(summed.h)), c: summed.c && measuredAll(rootMeanSquare(summed.c)) },
    lastStep: { h: measuredAll(lastStep), c: lastC ? measuredAll(relative(lastC)) : null },
    lastStepNorm: measured(lastH?.[0] ?? NaN),
    jacobian: { state: measuredOrSkipped(jacobian.state), h: measuredOrSkipped(jacobian.h) },
    ...(thorough && !jacobians && { unavailable: ['jacobian' as const] }),
    sigmaMax: measured(sigmaMax),
    spectralRadius: thorough ? measured(await largestRadius(kernel, cell)) : null,
    forgetBias,
    forgetProduct: forgetBias === null ? null : measuredAll(forgetProduct(summed, timeSteps, lengths)),
    effectiveMemory: effectiveMemory(lastStep),
    lagMatrix: (lagMatrix ?? []).map(measuredAll),
    gates: gateStatistics(summed, timeSteps, lengths),
  };
}

function measuredOrSkipped(curve: readonly (number | null)[]): (number | null)[] {
  return curve.map((value) => value && measured(value));
}

async function parameterProbes(
  { parameters }: Probed,
  norms: readonly number[],
  { updateRatios }: ProbeContext,
): Promise<ParameterProbe[]> {
  const weightNorms = await normsOf(parameters.map(({ variable }) => variable));
  return parameters.map(({ name }, index) => {
    const ratio = updateRatios?.get(name);
    return {
      name,
      gradientNorm: measured(norms[index] ?? NaN),
      weightNorm: measured(weightNorms[index] ?? NaN),
      updateRatio: ratio === undefined ? null : measured(ratio),
    };
  });
}
