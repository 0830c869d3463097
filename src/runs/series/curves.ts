import * as z from 'zod';
import type { MetricEvent } from '../../protocol/events.ts';
import { measuredMetrics, seriesName, type SeriesName } from '../../protocol/metrics.ts';
import type { LatestValues } from '../../protocol/panel.ts';
import { meanLoss } from '../../protocol/trainingLoss.ts';
import { Series } from './series.ts';

const allSeries = z.record(seriesName, z.instanceof(Series));

/** All curves of a run at full resolution; x is the step. */
export class Curves {
  /** A series for each measured metric. */
  readonly series = allSeries.parse(Object.fromEntries(measuredMetrics.map(({ key }) => [key, new Series()])));
  /** Seconds of training at each step; not drawn, but exported and used to estimate the time left. */
  readonly seconds = new Series();
  /** Scores of validations other than the loss, by name; not drawn, but exported. */
  readonly #scores = new Map<string, Series>();

  add(event: MetricEvent): void {
    switch (event.event) {
      case 'step':
        for (const { key, from } of measuredMetrics) {
          const value = 'step' in from ? from.step(event) : undefined;
          if (value !== undefined) this.series[key].append(event.step, value);
        }
        this.seconds.append(event.step, event.seconds);
        break;
      case 'validation':
        for (const { key, from } of measuredMetrics) {
          if ('validation' in from) this.series[key].append(event.step, from.validation(event));
        }
        for (const [name, score] of Object.entries(event.scores ?? {})) this.#score(name).append(event.step, score);
        break;
      case 'sample':
        break;
    }
  }

  /** Removes all points after a step: a resumed run repeats those steps. */
  cutAfter(step: number): void {
    const all = [...Object.values(this.series), ...this.#scores.values(), this.seconds];
    for (const series of all) series.cutAfter(step);
  }

  /** The series of the measured metrics with their names, in the order of the table of metrics. */
  named(): [SeriesName, Series][] {
    return measuredMetrics.map(({ key }) => [key, this.series[key]]);
  }

  get scores(): ReadonlyMap<string, Series> {
    return this.#scores;
  }

  get latest(): LatestValues {
    const latest: LatestValues = {};
    for (const [name, { length, last }] of this.named()) {
      if (length > 0) latest[name] = last;
    }
    return latest;
  }

  /** Latest values of the metrics, with the mean of the last `averaged` training losses, as a record has it. */
  latestOver(averaged: number): LatestValues {
    const { y, length } = this.series.trainLoss;
    return { ...this.latest, ...(length > 0 && { trainLoss: meanLoss(y.subarray(-averaged)) }) };
  }

  /** Latest value of each score. */
  get latestScores(): Record<string, number> {
    return Object.fromEntries([...this.#scores].flatMap(([name, { last }]) => (last === null ? [] : [[name, last]])));
  }

  #score(name: string): Series {
    const known = this.#scores.get(name) ?? new Series();
    this.#scores.set(name, known);
    return known;
  }
}
