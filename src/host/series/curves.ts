import type { MetricEvent } from '../../protocol/events.ts';
import { seriesName, type LatestValues, type SeriesName } from '../../protocol/panel.ts';
import { Series } from './series.ts';

/** Every curve of a run at full resolution, x being the step. */
export class Curves {
  readonly trainLoss = new Series();
  readonly validationLoss = new Series();
  readonly gradientNorm = new Series();
  readonly clippedGradientNorm = new Series();
  readonly learningRate = new Series();
  readonly itemsPerSecond = new Series();
  /** Seconds of training at each step; not drawn, but exported and used to estimate the time left. */
  readonly seconds = new Series();
  /** What validations give besides the loss, by name; not drawn, but exported. */
  readonly #scores = new Map<string, Series>();

  add(event: MetricEvent): void {
    switch (event.event) {
      case 'step':
        this.trainLoss.append(event.step, event.loss);
        this.gradientNorm.append(event.step, event.gradientNorm);
        this.clippedGradientNorm.append(event.step, event.clippedGradientNorm);
        this.learningRate.append(event.step, event.learningRate);
        this.itemsPerSecond.append(event.step, event.itemsPerSecond);
        this.seconds.append(event.step, event.seconds);
        break;
      case 'validation':
        this.validationLoss.append(event.step, event.loss);
        for (const [name, score] of Object.entries(event.scores ?? {})) this.#score(name).append(event.step, score);
        break;
      case 'sample':
        break;
    }
  }

  /** Takes away what came after a step: a resumed run does those steps again. */
  cutAfter(step: number): void {
    for (const series of [...this.drawn().values(), ...this.#scores.values(), this.seconds]) series.cutAfter(step);
  }

  get scores(): ReadonlyMap<string, Series> {
    return this.#scores;
  }

  /** The curves that the panel draws, by name. */
  drawn(): ReadonlyMap<SeriesName, Series> {
    return new Map(seriesName.options.map((name) => [name, this[name]]));
  }

  get latest(): LatestValues {
    return {
      trainLoss: this.trainLoss.last,
      validationLoss: this.validationLoss.last,
      gradientNorm: this.gradientNorm.last,
      clippedGradientNorm: this.clippedGradientNorm.last,
      learningRate: this.learningRate.last,
      itemsPerSecond: this.itemsPerSecond.last,
      scores: Object.fromEntries(
        [...this.#scores].flatMap(([name, { last }]) => (last === null ? [] : [[name, last]])),
      ),
    };
  }

  #score(name: string): Series {
    const known = this.#scores.get(name) ?? new Series();
    this.#scores.set(name, known);
    return known;
  }
}
