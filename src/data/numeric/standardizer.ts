import * as z from 'zod';
import { InputError } from '../inputError.ts';
import type { NumericSeries } from './readSeries.ts';
import { phrase } from '../../phrases/phrase.ts';

export const standardizerSchema = z.object({
  columns: z.array(z.string()),
  means: z.array(z.number()),
  deviations: z.array(z.number().positive()),
});

/** Mean and standard deviation of each channel; the deviation of a constant channel is 1. */
export type Standardizer = z.output<typeof standardizerSchema>;

/** Computes mean and deviation from the first steps of a series, which must be those of the training part only. */
export function fitStandardizer({ columns, values }: NumericSeries, steps: number): Standardizer {
  const means: number[] = [];
  const deviations: number[] = [];
  for (let channel = 0; channel < columns.length; channel++) {
    const own = Array.from({ length: steps }, (_, step) => values[step * columns.length + channel]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / steps;
    means.push(mean);
    deviations.push(Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / steps) || 1);
  }
  return { columns: [...columns], means, deviations };
}

/**
 * Standardizes the fitted columns of a series, `[steps, columns]`: the training part has mean 0 and deviation 1.
 * @throws InputError if the series lacks a column
 */
export function standardized({ columns, means, deviations }: Standardizer, series: NumericSeries): Float32Array {
  const places = columns.map((column) => {
    const place = series.columns.indexOf(column);
    if (place < 0)
      throw new InputError(
        'no-column',
        phrase(
          '"{0}" lacks the numeric column "{1}", which the model needs; it has {2}.',
          series.name,
          column,
          series.columns.join(', '),
        ),
      );
    return place;
  });
  return Float32Array.from({ length: series.steps * columns.length }, (_, at) => {
    const [step, column] = [Math.floor(at / columns.length), at % columns.length];
    const value = series.values[step * series.columns.length + places[column]!]!;
    return (value - means[column]!) / deviations[column]!;
  });
}
