import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { type TaskUnits, tasks } from '../config/tasks.ts';
import { say } from '../phrases/phrase.ts';
import type { StepEvent, ValidationEvent } from './events.ts';
import type { TermId } from './glossary/terms.ts';

/** Units of the losses and of the speed of a run, in the language of VS Code. */
export const runUnits = z.object({
  /** Unit of the loss, such as "nats per character" or "mean squared error". */
  loss: z.string(),
  /** Whether the loss is a cross-entropy in nats, which has forms in bits and as a perplexity too. */
  nats: z.boolean(),
  /** Unit of the loss after its conversion to bits, such as "bits per character". */
  bits: z.string(),
  /** Name of what is counted, such as "characters". */
  items: z.string(),
  /** Unit of the speed, such as "characters per second". */
  itemsPerSecond: z.string(),
});

export type RunUnits = z.output<typeof runUnits>;

/** Formats the units of a task in the language of this process. */
export function spokenUnits({ loss, nats, bits, items, itemsPerSecond }: TaskUnits): RunUnits {
  return { loss: say(loss), nats, bits: say(bits), items: say(items), itemsPerSecond: say(itemsPerSecond) };
}

/** Units of a model of characters: those of a panel before a run is shown. */
export const CHARACTERS: RunUnits = spokenUnits(tasks['language-model'].units);

/** A number of a run that has a curve over the steps, a figure, or both. */
interface Metric {
  /** Name in messages, in charts and in the exported CSV. */
  readonly key: string;
  /** Entry of the glossary. */
  readonly term: TermId;
  readonly label: (units: RunUnits) => string;
  readonly unit: (units: RunUnits) => string;
  /** Direction of improvement; null if neither lower nor higher values are better. */
  readonly direction: 'lower' | 'higher' | null;
  /** Form of a value on screen: a loss in the unit of the task, three decimals, four digits, or a perplexity. */
  readonly format: 'loss' | 'decimals' | 'digits' | 'perplexity';
  /**
   * Source of the values. A measured metric reads an event. A derived metric maps another one value by value; the map
   * must be monotonic, because curves are decimated by minimum and maximum before it is applied.
   */
  readonly from:
    | { readonly step: (event: StepEvent) => number | null | undefined }
    | { readonly validation: (event: ValidationEvent) => number | null }
    | {
        readonly metric: string;
        readonly map: (value: number) => number;
        /** Whether a run with these units has the metric. */
        readonly applies: (units: RunUnits) => boolean;
      };
}

const inNats = ({ nats }: RunUnits): boolean => nats;

const inBits = ({ bits }: RunUnits): string => bits;

/** Converts nats to bits. */
export function bitsOf(nats: number): number {
  return nats / Math.LN2;
}

/**
 * All metrics of a run, in the order of the figures and of the columns of the CSV. Messages, series, figures, charts,
 * CSV and comparison read this table: a new metric is one entry here, and a line in a chart if it has a curve.
 */
export const METRICS = [
  {
    key: 'trainLoss',
    term: 'loss',
    label: () => l10n.t('Training loss'),
    unit: ({ loss }) => loss,
    direction: 'lower',
    format: 'loss',
    from: { step: ({ loss }) => loss },
  },
  {
    key: 'validationLoss',
    term: 'loss',
    label: () => l10n.t('Validation loss'),
    unit: ({ loss }) => loss,
    direction: 'lower',
    format: 'loss',
    from: { validation: ({ loss }) => loss },
  },
  {
    key: 'gradientNorm',
    term: 'gradientNorm',
    label: () => l10n.t('Gradient norm'),
    unit: () => l10n.t('global L2 norm'),
    direction: null,
    format: 'decimals',
    from: { step: ({ gradientNorm }) => gradientNorm },
  },
  {
    key: 'clippedGradientNorm',
    term: 'clipping',
    label: () => l10n.t('After clipping'),
    unit: () => l10n.t('global L2 norm'),
    direction: null,
    format: 'decimals',
    from: { step: ({ clippedGradientNorm }) => clippedGradientNorm },
  },
  {
    key: 'learningRate',
    term: 'learningRate',
    label: () => l10n.t('Learning rate'),
    unit: () => '',
    direction: null,
    format: 'digits',
    from: { step: ({ learningRate }) => learningRate },
  },
  {
    key: 'itemsPerSecond',
    term: 'throughput',
    label: ({ itemsPerSecond }) => `${itemsPerSecond.charAt(0).toUpperCase()}${itemsPerSecond.slice(1)}`,
    unit: ({ itemsPerSecond }) => itemsPerSecond,
    direction: 'higher',
    format: 'digits',
    from: { step: ({ itemsPerSecond }) => itemsPerSecond },
  },
  {
    key: 'trainBits',
    term: 'bits',
    label: () => l10n.t('Training loss'),
    unit: inBits,
    direction: 'lower',
    format: 'decimals',
    from: { metric: 'trainLoss', map: bitsOf, applies: inNats },
  },
  {
    key: 'validationBits',
    term: 'bits',
    label: () => l10n.t('Validation loss'),
    unit: inBits,
    direction: 'lower',
    format: 'decimals',
    from: { metric: 'validationLoss', map: bitsOf, applies: inNats },
  },
  {
    key: 'trainPerplexity',
    term: 'perplexity',
    label: () => l10n.t('Training perplexity'),
    unit: () => l10n.t('perplexity'),
    direction: 'lower',
    format: 'perplexity',
    from: { metric: 'trainLoss', map: Math.exp, applies: inNats },
  },
  {
    key: 'validationPerplexity',
    term: 'perplexity',
    label: () => l10n.t('Validation perplexity'),
    unit: () => l10n.t('perplexity'),
    direction: 'lower',
    format: 'perplexity',
    from: { metric: 'validationLoss', map: Math.exp, applies: inNats },
  },
] as const satisfies readonly Metric[];

type AnyMetric = (typeof METRICS)[number];
export type MetricKey = AnyMetric['key'];
type DerivedMetric = Extract<AnyMetric, { readonly from: { readonly metric: string } }>;
export type MeasuredMetric = Exclude<AnyMetric, DerivedMetric>;
/** Name of a measured metric: the host keeps a series for each. */
export type SeriesName = MeasuredMetric['key'];

export const derivedMetrics: readonly DerivedMetric[] = METRICS.filter(isDerived);
export const measuredMetrics: readonly MeasuredMetric[] = METRICS.filter((metric) => !isDerived(metric));

function isDerived(metric: AnyMetric): metric is DerivedMetric {
  return 'metric' in metric.from;
}

export const seriesName = z.enum(measuredMetrics.map(({ key }) => key));
