import * as z from 'zod';
import { firstBelow, type Flow, FLOW_LIMITS, flowFinding, worstFirst } from '../protocol/flow.ts';
import { lagCurve } from '../protocol/probes.ts';
import { direction, headlineOf } from '../protocol/verdicts.ts';

/** Fields of a probe of version 0.1.0 that are missing today or have another form. */
const oldProbe = z.looseObject({
  batch: z.int().positive(),
  layers: z.array(z.looseObject({ layer: z.string(), direction, lastStep: z.looseObject({ h: lagCurve }) })).min(1),
  verdict: z.object({ verdict: z.string(), advice: z.array(z.looseObject({ name: z.string() })) }),
});

/**
 * Brings a stored probe of version 0.1.0 into today's form, and returns all others unchanged. It stored one curve for
 * the whole batch, the root mean square of h, which is judged in place of the distribution; growth and intervals stay
 * unknown.
 */
export function upgradeProbe(value: unknown): unknown {
  const old = oldProbe.safeParse(value);
  if (!old.success) return value;
  const { verdict, layers, batch, ...others } = old.data;
  const flow = layers.map(({ layer, direction, lastStep }) => flowOf(layer, direction, lastStep.h, batch));
  const verdicts = worstFirst(flow).map((each) => flowFinding(each));
  return {
    ...others,
    batch,
    layers,
    flow,
    learning: null,
    verdict: headlineOf(verdicts),
    verdicts,
    facts: [],
    // It was given for the most severe verdict, and never measured.
    advice: verdict.advice.map((each) => ({ ...each, occasion: verdict.verdict, odds: null })),
  };
}

function flowOf(layer: string, direction: Flow['direction'], curve: Flow['mean'], sequences: number): Flow {
  const end = curve.at(-1) ?? null;
  const { vanishing, exploding } = FLOW_LIMITS;
  const isGone = end !== null && end < vanishing;
  const isHuge = end === null || end > exploding;
  return {
    layer,
    direction,
    verdict: isGone ? 'vanishing' : isHuge ? 'exploding' : 'carries',
    sequences,
    window: Math.max(1, curve.length - 1),
    median: curve,
    low: [],
    high: [],
    mean: curve,
    h: curve,
    c: null,
    singles: [],
    growthPerStep: { value: null, low: null, high: null },
    ratioAtEnd: end,
    endInterval: { low: null, high: null },
    stepsToTenth: firstBelow(curve, 0.1),
    stepsToHundredth: firstBelow(curve, 0.01),
    stepsToThousandth: firstBelow(curve, 0.001),
    share: { vanishing: Number(isGone), exploding: Number(isHuge) },
  };
}
