import { phrase, say } from '../../phrases/phrase.ts';
import { hasEffect } from '../../config/applicability.ts';
import type { FieldValue } from '../../config/shortFields.ts';
import type { MetricEvent, SampleEvent } from '../../protocol/events.ts';
import { measuredMetrics, type SeriesName } from '../../protocol/metrics.ts';
import type { Probe } from '../../protocol/probes.ts';
import type { RunRecord } from '../../runs/record.ts';
import { joinBytes } from '../../format/bytes.ts';
import { fieldValues } from '../fieldValues.ts';
import { gateHistogram, lagHistogram, normHistogram } from './histograms.ts';
import { record } from './records.ts';
import {
  experiment,
  histogram,
  type Moment,
  restartEvent,
  scalar,
  sessionEnd,
  sessionStart,
  type Status,
  type Summary,
  summaryEvent,
  textSummary,
  versionEvent,
} from './summaries.ts';

/** Tag of each metric; TensorBoard groups its charts by the part before the slash. */
const TAGS: Readonly<Record<SeriesName, string>> = {
  trainLoss: 'loss/train',
  validationLoss: 'loss/validation',
  gradientNorm: 'gradient/norm',
  clippedGradientNorm: 'gradient/clipped_norm',
  learningRate: 'training/learning_rate',
  itemsPerSecond: 'training/items_per_second',
};

const STATUS: Readonly<Record<RunRecord['state'], Status>> = {
  running: 'running',
  completed: 'success',
  stopped: 'unknown',
  interrupted: 'unknown',
  diverged: 'failure',
  failed: 'failure',
  imported: 'unknown',
};

/** The parts of a record that the events tell. */
export type DescribedRun = Pick<RunRecord, 'id' | 'createdAt' | 'config'>;

/** The fields of a configuration that have an effect, as hyperparameters. */
export function hyperparameters(config: RunRecord['config']): ReadonlyMap<string, FieldValue> {
  return new Map([...fieldValues(config)].filter(([path]) => hasEffect(config, path)));
}

/**
 * The events of a run as records of a TensorBoard event file. Their time is the start of the run plus its seconds of
 * training, so that pauses take no time, and the same run has the same events whether they are written while it trains
 * or later.
 */
export class RunEvents {
  readonly #run: DescribedRun;
  readonly #startedAt: number;
  readonly #columns: ReadonlyMap<string, FieldValue>;
  #seconds: number;

  /**
   * @param seconds of training before the first event
   * @param columns hyperparameters of all runs that are shown together, with a value of each
   */
  constructor(run: DescribedRun, seconds = 0, columns = hyperparameters(run.config)) {
    this.#run = run;
    this.#startedAt = Date.parse(run.createdAt) / 1000;
    this.#seconds = seconds;
    this.#columns = columns;
  }

  /** Name of the file that begins after a step. Files of a run sort in the order in which they were begun. */
  fileName(step: number): string {
    const started = Math.floor(this.#startedAt).toFixed().padStart(10, '0');
    return `events.out.tfevents.${started}.sequence-lab.${String(step).padStart(9, '0')}`;
  }

  /** Records at the beginning of a file. @param step completed steps; not 0 for a resumed run */
  begin(step: number): Uint8Array {
    return joinBytes([
      encoded(versionEvent(this.#at(0).seconds)),
      ...(step > 0 ? [encoded(restartEvent(this.#at(step + 1)))] : []),
      this.#summaries(0, [
        experiment(this.#startedAt, this.#columns, [TAGS.validationLoss, TAGS.trainLoss]),
        sessionStart(this.#run.id, this.#startedAt, hyperparameters(this.#run.config)),
      ]),
    ]);
  }

  metric(event: MetricEvent): Uint8Array {
    if (event.event === 'step') this.#seconds = event.seconds;
    return this.#summaries(event.step, summariesOf(event));
  }

  probe(probe: Probe): Uint8Array {
    return this.#summaries(probe.step, [...probeSummaries(probe)]);
  }

  end(step: number, state: RunRecord['state']): Uint8Array {
    return this.#summaries(step, [sessionEnd(this.#at(step).seconds, STATUS[state])]);
  }

  #summaries(step: number, summaries: readonly Summary[]): Uint8Array {
    return encoded(summaryEvent(this.#at(step), summaries));
  }

  #at(step: number): Moment {
    return { seconds: this.#startedAt + this.#seconds, step };
  }
}

function encoded(fields: readonly Uint8Array[]): Uint8Array {
  return record(joinBytes(fields));
}

function summariesOf(event: MetricEvent): Summary[] {
  if (event.event === 'sample') return [textSummary('sample', verbatim(event))];
  const scores = event.event === 'validation' ? Object.entries(event.scores ?? {}) : [];
  return [
    ...measuredMetrics.flatMap((metric) => {
      const value = valueOf(metric, event);
      return value === undefined ? [] : [scalar(TAGS[metric.key], value)];
    }),
    ...scores.map(([name, value]) => scalar(`validation/${name}`, value)),
  ];
}

/** Value of a metric in an event; NaN if it was not finite, undefined if the event has no such metric. */
function valueOf(
  { from }: (typeof measuredMetrics)[number],
  event: Exclude<MetricEvent, SampleEvent>,
): number | undefined {
  if (event.event === 'step') return 'step' in from ? (from.step(event) ?? NaN) : undefined;
  return 'validation' in from ? (from.validation(event) ?? NaN) : undefined;
}

/** A sample as a block of code, which Markdown shows as it is. */
function verbatim({ prompt, text }: SampleEvent): string {
  return `${prompt}${text}`.replaceAll(/^/gm, '    ');
}

function* probeSummaries({ layers, flow }: Probe): Generator<Summary> {
  for (const { layer, direction, gates, summed } of layers) {
    for (const each of gates)
      yield histogram(
        `gates/${layer}/${direction}/${each.gate}`,
        gateHistogram(each),
        say(phrase('Shares of the gate activations by value, over all units, sequences and time steps of the probe.')),
      );
    const norms = normHistogram(summed.h);
    if (norms)
      yield histogram(
        `gradients/${layer}/${direction}/norms`,
        norms,
        say(phrase('Number of time steps by the norm of the gradient of all losses with respect to the hidden state.')),
      );
  }
  for (const each of flow) {
    const place = `${each.layer}/${each.direction}`;
    yield histogram(
      `gradients/${place}/by_lag`,
      lagHistogram(each),
      say(
        phrase(
          'Median gradient by lag, relative to lag 0: the axis is the lag in time steps, the height is the gradient.',
        ),
      ),
    );
    if (each.ratioAtEnd !== null) yield scalar(`gradient_flow/${place}/ratio_at_end`, each.ratioAtEnd);
  }
}
