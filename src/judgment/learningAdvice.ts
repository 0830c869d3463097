import type { RunConfig } from '../config/schema.ts';
import { hasEffect } from '../config/applicability.ts';
import { formatCount } from '../format/count.ts';
import { measuredAdvice, rankAdvice } from '../protocol/advice.ts';
import type { Advice, Finding, Proposal } from '../protocol/verdicts.ts';
import type { Divergence } from './learning.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/** Fields of a run's configuration that advice on learning changes. */
export interface LearningSettings {
  readonly learningRate: number;
  /** 0 if clipping is off. */
  readonly clipNorm: number;
  readonly steps: number;
  readonly keepBest: boolean;
  readonly units: number;
  readonly dropout: number;
  /** Whether dropout has an effect on this task and model. */
  readonly dropoutActs: boolean;
  /** Whether the model is recurrent and its initial recurrent weights preserve the norm of a vector. */
  readonly orthogonal: boolean;
  /** Whether the model is a network whose training has a learning rate and a size. */
  readonly network: boolean;
}

/**
 * Factors by which the advice lowers the learning rate. On a text of 6,585 characters, an LSTM trained by Adam with a
 * rate of 10 stays worse than a uniform guess at 3 and at 1, and is better than it at 0.3 and 0.1. A third makes a noisy
 * run of the temporal-order task, without clipping, fall to 0.10 nats.
 */
const LOWER = { worseThanUniform: 100, notFinite: 10, noisy: 3 } as const;

/** Fewest units that the advice proposes. */
const MIN_UNITS = 8;
const SMALLER_STEPS = phrase('Smaller steps average out the noise and can settle lower.');
/** Dropout rates that the advice proposes (Zaremba et al. 2014 use 0.5 for networks of medium size). */
const DROPOUT = [0.3, 0.5];

/** The settings in a run's configuration that advice on learning depends on. */
export function learningSettings(config: RunConfig): LearningSettings {
  const { model, training } = config;
  const { learningRate, clipNorm, steps, keepBest } = training;
  const { units, dropout, family, recurrentInitializer, recurrentGain } = model;
  const recurrent = family === 'recurrent';
  return {
    learningRate,
    clipNorm,
    steps,
    keepBest,
    units,
    dropout,
    dropoutActs: hasEffect(config, 'model.dropout'),
    orthogonal: !recurrent || (recurrentInitializer === 'orthogonal' && recurrentGain === 1),
    network: recurrent || family === 'convolutional',
  };
}

interface AdviceContext {
  readonly settings: LearningSettings;
  readonly divergence: Divergence | null;
}

/** Advice for the first finding, most promising first. */
export function learningAdvice(findings: readonly Finding[], context: AdviceContext): Advice[] {
  const [first] = findings;
  if (!first || !context.settings.network) return [];
  // Overfitting is what keeps such a run from being better than the counts.
  const overfitting = findings.find(({ verdict }) => verdict === 'overfitting');
  const { verdict } = first.verdict === 'no-better-than-counting' ? (overfitting ?? first) : first;
  return rankAdvice(measuredAdvice(verdict, proposalsFor(verdict, findings, context)));
}

function proposalsFor(
  verdict: Finding['verdict'],
  findings: readonly Finding[],
  { settings, divergence }: AdviceContext,
): Proposal[] {
  switch (verdict) {
    case 'not-finite':
      return divergence?.step === 1 ? againstInitialOverflow(settings) : againstDivergence(settings, LOWER.notFinite);
    case 'worse-than-uniform':
      return againstDivergence(settings, LOWER.worseThanUniform);
    case 'no-better-than-counting':
      return findings.some((each) => each.verdict === 'still-falling')
        ? [trainLonger(settings)]
        : againstDivergence(settings, LOWER.noisy);
    case 'overfitting':
      return againstOverfitting(settings);
    case 'plateau':
      return [lowerLearningRate(settings, LOWER.noisy, SMALLER_STEPS)];
    case 'noisy':
      return [...clip(settings), lowerLearningRate(settings, LOWER.noisy, SMALLER_STEPS)];
    case 'still-falling':
      return [trainLonger(settings)];
    case 'exploding':
    case 'vanishing':
    case 'mixed':
    case 'carries':
      return [];
  }
}

function againstInitialOverflow(settings: LearningSettings): Proposal[] {
  if (settings.orthogonal) return [];
  return [
    {
      name: 'orthogonal',
      label: phrase('Orthogonal recurrent kernel'),
      why: phrase(
        'The initial weights make the state grow at every step. An orthogonal recurrent kernel preserves its norm.',
      ),
      changes: { 'model.recurrentInitializer': 'orthogonal', 'model.recurrentGain': 1 },
    },
  ];
}

function againstDivergence(settings: LearningSettings, factor: number): Proposal[] {
  return [
    lowerLearningRate(settings, factor, phrase('Large steps carry the weights away from where the loss is low.')),
    ...clip(settings),
  ];
}

function clip({ clipNorm }: LearningSettings): Proposal[] {
  if (clipNorm > 0) return [];
  return [
    {
      name: 'clip',
      label: phrase('Clip at norm 1'),
      why: phrase('Clipping limits the effect of rare, very large gradients and keeps their direction.'),
      changes: { 'training.clipNorm': 1 },
    },
  ];
}

function againstOverfitting({ keepBest, units, dropout, dropoutActs }: LearningSettings): Proposal[] {
  const rate = DROPOUT.find((each) => each > dropout);
  const fewer = Math.max(MIN_UNITS, Math.round(units / 2));
  return [
    ...(keepBest
      ? []
      : [
          {
            name: 'keepBest' as const,
            label: phrase('Keep the best model'),
            why: phrase('The model with the lowest validation loss is stored in place of the last one.'),
            changes: { 'training.keepBest': true },
          },
        ]),
    ...(fewer < units
      ? [
          {
            name: 'fewerUnits' as const,
            label: phrase('{0} units', fewer),
            why: phrase('A smaller network has less room to memorize the training data.'),
            changes: { 'model.units': fewer },
          },
        ]
      : []),
    ...(dropoutActs && rate !== undefined
      ? [
          {
            name: 'dropout' as const,
            label: phrase('Dropout {0}', rate),
            why: phrase('Dropout keeps units from relying on each other, and so from memorizing the training data.'),
            changes: { 'model.dropout': rate },
          },
        ]
      : []),
  ];
}

function lowerLearningRate({ learningRate }: LearningSettings, factor: number, why: Text): Proposal {
  const lower = Number((learningRate / factor).toPrecision(1));
  return {
    name: 'lowerLearningRate',
    label: phrase('Learning rate {0}', lower),
    why,
    changes: { 'training.learningRate': lower },
  };
}

function trainLonger({ steps }: LearningSettings): Proposal {
  return {
    name: 'trainLonger',
    label: phrase('{0} steps', formatCount(2 * steps)),
    why: phrase('The validation loss was still falling at the end.'),
    changes: { 'training.steps': 2 * steps },
  };
}
