import * as z from 'zod';
import { configChanges } from '../config/runParent.ts';
import { text } from '../phrases/phrase.ts';

/**
 * Verdicts on a run: what its losses say about learning, and what its gradients say about each layer. The trainer
 * forms them; the views, the command line and the records of runs show them.
 */
const measured = z.number().nullable();

/** Verdicts on learning, from the losses of a run, most severe first. */
export const LEARNING_VERDICTS = [
  'not-finite',
  'worse-than-uniform',
  'no-better-than-counting',
  'overfitting',
  'plateau',
  'noisy',
  'still-falling',
] as const;

/** Verdicts on the gradient flow of one layer in one direction; exactly one applies. */
export const FLOW_VERDICTS = ['exploding', 'vanishing', 'mixed', 'carries'] as const;

/** Verdicts that can be the headline of a run, in their order of precedence. */
export const HEADLINES = [
  'not-finite',
  'worse-than-uniform',
  'no-better-than-counting',
  'overfitting',
  'plateau',
  'exploding',
  'vanishing',
  'mixed',
  'healthy',
] as const;

export const direction = z.enum(['forward', 'backward']);

export const flowVerdict = z.enum(FLOW_VERDICTS);
export const headline = z.enum(HEADLINES);

/** A verdict with its evidence. */
export const finding = z.object({
  verdict: z.enum([...LEARNING_VERDICTS, ...FLOW_VERDICTS]),
  /** The layer and direction it is about; null for a verdict on learning. */
  layer: z.string().nullable(),
  direction: direction.nullable(),
  sentence: text,
  /** The numbers in the sentence, by name; null for a value that is not finite. */
  numbers: z.record(z.string(), measured),
});

/** What advice is given for: a verdict, or a fact that coincides with a loss that does not fall. */
const occasion = z.enum([...LEARNING_VERDICTS, ...FLOW_VERDICTS, 'clipped', 'saturated']);

/** Trial runs that followed a piece of advice, and how many of them it helped. */
const odds = z.object({ tried: z.int().positive(), helped: z.int().nonnegative() });

/** A changed run to try next, as a label and as the fields of the configuration to change. */
const proposal = z.object({
  name: z.enum([
    'clip',
    'raiseClip',
    'lowerLearningRate',
    'truncate',
    'forgetBias',
    'orthogonal',
    'lstm',
    'keepBest',
    'dropout',
    'fewerUnits',
    'trainLonger',
  ]),
  label: text,
  why: text,
  changes: configChanges,
});

/** Advice: a proposal with its occasion and its measured success; null if it was not measured for that occasion. */
export const advice = proposal.extend({ occasion, odds: odds.nullable() });

/** The verdicts on learning at a step, most severe first; empty before the fifth validation of a run that goes well. */
export const learning = z.object({
  step: z.int().nonnegative(),
  findings: z.array(finding),
  /** Advice for the first finding, most promising first. */
  advice: z.array(advice),
});

export type Direction = z.output<typeof direction>;
export type FlowVerdict = z.output<typeof flowVerdict>;
export type Headline = z.output<typeof headline>;
export type Finding = z.output<typeof finding>;
export type Occasion = z.output<typeof occasion>;
export type Odds = z.output<typeof odds>;
export type Proposal = z.output<typeof proposal>;
export type Advice = z.output<typeof advice>;
export type Learning = z.output<typeof learning>;

/** The headline of a run: the first of `HEADLINES` among its findings; `healthy` if there is none. */
export function headlineOf(findings: readonly Pick<Finding, 'verdict'>[]): Headline {
  const found = new Set<string>(findings.map(({ verdict }) => verdict));
  return HEADLINES.find((each) => found.has(each)) ?? 'healthy';
}

/** The headline of a run with its findings; null if nothing was found and no probe has looked: only a probe shows that a gradient is healthy. */
export function runHeadline(findings: readonly Pick<Finding, 'verdict'>[], wasProbed: boolean): Headline | null {
  const headline = headlineOf(findings);
  return headline === 'healthy' && !wasProbed ? null : headline;
}
