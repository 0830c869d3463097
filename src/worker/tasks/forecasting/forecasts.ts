import * as tf from '@tensorflow/tfjs';
import { calendarFeatures } from '../../../data/numeric/calendar.ts';
import { isClosed, longestLag } from '../../../data/numeric/forecastPlan.ts';
import type { PreparedSeries } from '../../../data/numeric/preparedSeries.ts';
import { baseOf, batchesOf, batchOf, type WindowAt } from '../../../data/numeric/seriesWindows.ts';
import { timeAfter } from '../../../data/numeric/timeStep.ts';
import { baseStep, fromWorking, toWorking } from '../../../data/numeric/transform.ts';
import type { SequenceBatch } from '../../../data/synthetic/sequenceBatch.ts';
import type { SequenceModel } from '../../../models/sequenceModel.ts';
import { readSequences } from '../../../training/sequenceLoss.ts';
import type { YieldNow } from '../../../training/trainingTask.ts';

/** Forecast after a window in the units of the data, each `[steps * targets]`. */
export interface ForecastLine {
  readonly at: WindowAt;
  readonly values: Float64Array;
  /** Interval; NaN where none was learned or measured. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Forecasts a number of steps after windows. After the steps that the model outputs at once, it reads its own forecasts
 * (the medians, if it outputs quantiles) as if they had been observed.
 * @throws RangeError for more steps than it outputs, if it reads columns that it does not forecast
 */
export async function forecastLines(
  model: SequenceModel,
  prepared: PreparedSeries,
  windows: readonly WindowAt[],
  steps: number,
  yieldNow: YieldNow,
): Promise<ForecastLine[]> {
  const { plan } = prepared;
  const rounds = Math.ceil(steps / plan.outputSteps);
  if (rounds > 1 && !canContinue(prepared)) throw new RangeError('The model cannot read its own forecasts.');
  const lines: ForecastLine[] = [];
  for (const own of batchesOf(windows)) {
    const continuations = own.map((at) => new Continuation(prepared, at, rounds * plan.outputSteps));
    for (let round = 0; round < rounds; round++) {
      const outputs = await outputsFor(model, round === 0 ? batchOf(prepared, own) : inputsOf(prepared, continuations));
      const size = outputs.length / own.length;
      continuations.forEach((each, b) => each.add(outputs.subarray(b * size, (b + 1) * size)));
      await yieldNow();
    }
    lines.push(...continuations.map((each) => each.line(steps)));
  }
  return lines;
}

/** Whether a model can forecast beyond the steps that it outputs at once. */
export function canContinue({ plan, series }: Pick<PreparedSeries, 'plan' | 'series'>): boolean {
  return isClosed(plan) && (plan.calendar.length === 0 || (series.step !== null && series.times !== null));
}

async function outputsFor(model: SequenceModel, batch: SequenceBatch): Promise<Float32Array> {
  const outputs = tf.tidy(() => model.outputsOf(readSequences(model, batch).hidden));
  const values = await outputs.data<'float32'>();
  outputs.dispose();
  return values;
}

function inputsOf({ plan, channels }: PreparedSeries, continuations: readonly Continuation[]): SequenceBatch {
  const { timeSteps, outputSteps, targets } = plan;
  const batch = continuations.length;
  const inputs = new Float32Array(timeSteps * batch * channels);
  continuations.forEach((each, b) => {
    for (let t = 0; t < timeSteps; t++) inputs.set(each.input(t), (t * batch + b) * channels);
  });
  return { timeSteps, batch, inputs, targets: new Float32Array(batch * outputSteps * targets.length) };
}

/** The forecasts after one window, and the values before them that they are read with. */
class Continuation {
  readonly #prepared: PreparedSeries;
  readonly #at: WindowAt;
  /** Steps before the first forecast. */
  readonly #before: number;
  /** Values of each target before differencing: those that were observed, then the forecasts. */
  readonly #working: readonly Float64Array[];
  readonly #values: Float64Array;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  #known = 0;

  constructor(prepared: PreparedSeries, at: WindowAt, steps: number) {
    const { plan, working } = prepared;
    this.#prepared = prepared;
    this.#at = at;
    this.#before = Math.min(plan.timeSteps + longestLag(plan), at.origin - at.stretch.first + 1);
    this.#working = working.map((values) => {
      const own = new Float64Array(this.#before + steps);
      own.set(values.subarray(at.origin + 1 - this.#before, at.origin + 1));
      return own;
    });
    const size = steps * plan.targets.length;
    this.#values = new Float64Array(size);
    this.#low = new Float64Array(size).fill(NaN);
    this.#high = new Float64Array(size).fill(NaN);
  }

  /** Adds the outputs of the model, `[outputSteps * targets * quantiles]`. */
  add(outputs: Float32Array): void {
    const { plan } = this.#prepared;
    const { outputSteps, targets, quantiles } = plan;
    const width = Math.max(1, quantiles.length);
    const isFirst = this.#known === 0;
    for (let h = 0; h < outputSteps; h++) {
      targets.forEach((_, k) => {
        const place = (h * targets.length + k) * width;
        const own = Array.from(outputs.subarray(place, place + width)).sort((a, b) => a - b);
        const values = own.map((output) => this.#inUnits(output, h, k));
        const at = (this.#known + h) * targets.length + k;
        this.#values[at] = values[Math.max(0, quantiles.indexOf(0.5))]!;
        if (width > 1 && isFirst) {
          this.#low[at] = values[0]!;
          this.#high[at] = values.at(-1)!;
        } else this.#addRange(at, this.#known + h, k);
      });
    }
    for (let h = 0; h < outputSteps; h++) {
      targets.forEach(({ transform }, k) => {
        const value = this.#values[(this.#known + h) * targets.length + k]!;
        this.#working[k]![this.#before + this.#known + h] = toWorking(value, transform);
      });
    }
    this.#known += outputSteps;
  }

  /** Input of the model at a step of the window that ends with the last known value, `[channels]`. */
  input(t: number): number[] {
    const { plan, series } = this.#prepared;
    const { inputs } = this.#at.stretch.scale;
    const place = this.#before + this.#known - plan.timeSteps + t;
    const values = plan.inputs.map((column, i) => {
      const k = plan.targets.findIndex((target) => target.column === column);
      const working = this.#working[k]!;
      const { lag } = plan.targets[k]!.transform;
      const value = lag === 0 ? working[place]! : working[place]! - working[place - lag]!;
      return (value - inputs[i]!.mean) / inputs[i]!.deviation;
    });
    if (plan.calendar.length === 0 || !series.step || !series.times) return values;
    const time = timeAfter(series.times[this.#at.origin]!, series.step, place + 1 - this.#before);
    return [...values, ...calendarFeatures(time, plan.calendar)];
  }

  /** The first steps of the forecast. */
  line(steps: number): ForecastLine {
    const size = steps * this.#prepared.plan.targets.length;
    return {
      at: this.#at,
      values: this.#values.subarray(0, size),
      low: this.#low.subarray(0, size),
      high: this.#high.subarray(0, size),
    };
  }

  /** An output in the units of the data. @param h step among those that the model outputs at once */
  #inUnits(output: number, h: number, k: number): number {
    const { transform } = this.#prepared.plan.targets[k]!;
    const { deviation } = this.#at.stretch.scale.targets[k]!;
    const { lag } = transform;
    const base =
      this.#known === 0
        ? baseOf(this.#prepared, this.#at, h + 1, k)
        : lag === 0
          ? this.#at.stretch.scale.targets[k]!.mean
          : this.#working[k]![baseStep(this.#before + this.#known - 1, h + 1, lag)]!;
    return fromWorking(base + deviation * output, transform);
  }

  /** Adds the range of the errors in the validation part to a forecast. */
  #addRange(at: number, ahead: number, k: number): void {
    const { plan } = this.#prepared;
    const range = plan.errors?.ranges[ahead]?.[k];
    if (!range) return;
    const { transform } = plan.targets[k]!;
    const { deviation } = this.#at.stretch.scale.targets[k]!;
    const working = toWorking(this.#values[at]!, transform);
    this.#low[at] = fromWorking(working + deviation * range[0], transform);
    this.#high[at] = fromWorking(working + deviation * range[1], transform);
  }
}
