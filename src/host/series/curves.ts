import type { MetricEvent } from '../../protocol/events.ts';
import { seriesName, type LatestValues, type SeriesName } from '../../protocol/panel.ts';
import { Series } from './series.ts';

/** Every curve of a run at full resolution, x being the step. */
export class Curves {
  readonly trainLoss = new Series();
  readonly validationLoss = new Series();
  readonly gradNorm = new Series();
  readonly clippedNorm = new Series();
  readonly learningRate = new Series();
  readonly charactersPerSecond = new Series();
  /** Seconds of training at each step; not drawn, but exported and used to estimate the time left. */
  readonly seconds = new Series();

  add(event: MetricEvent): void {
    switch (event.event) {
      case 'step':
        this.trainLoss.append(event.step, event.loss);
        this.gradNorm.append(event.step, event.gradNorm);
        this.clippedNorm.append(event.step, event.clippedNorm);
        this.learningRate.append(event.step, event.learningRate);
        this.charactersPerSecond.append(event.step, event.charactersPerSecond);
        this.seconds.append(event.step, event.seconds);
        break;
      case 'validation':
        this.validationLoss.append(event.step, event.loss);
        break;
      case 'sample':
        break;
    }
  }

  /** Takes away what came after a step: a resumed run does those steps again. */
  cutAfter(step: number): void {
    for (const series of [...this.drawn().values(), this.seconds]) series.cutAfter(step);
  }

  /** The curves that the panel draws, by name. */
  drawn(): ReadonlyMap<SeriesName, Series> {
    return new Map(seriesName.options.map((name) => [name, this[name]]));
  }

  get latest(): LatestValues {
    return {
      trainLoss: this.trainLoss.last,
      validationLoss: this.validationLoss.last,
      gradNorm: this.gradNorm.last,
      clippedNorm: this.clippedNorm.last,
      learningRate: this.learningRate.last,
      charactersPerSecond: this.charactersPerSecond.last,
    };
  }
}
