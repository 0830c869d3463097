import { Generator } from '../../random/generator.ts';
import type { SweepMethod } from '../schema.ts';
import { applies, type Dimension, gridOf, type Setting, valueAt } from './dimension.ts';
import { latinHypercube } from './latinHypercube.ts';
import { sobolPoints } from './sobol.ts';

/** Points of a Sobol sequence that are tried for each setting, as several can be the same setting. */
const TRIES = 16;

/**
 * The settings of a grid, the last dimension varying fastest, without repetition.
 * @param most settings that are listed; one more shows that there are more
 */
export function gridSettings(dimensions: readonly Dimension[], most: number): Setting[] {
  const settings: Setting[] = [];
  const add = (place: number, setting: Setting): void => {
    if (settings.length > most) return;
    const dimension = dimensions[place];
    if (!dimension) settings.push(setting);
    else if (!applies(dimension, setting)) add(place + 1, setting);
    else for (const value of gridOf(dimension) ?? []) add(place + 1, { ...setting, [dimension.path]: value });
  };
  add(0, {});
  return settings;
}

/**
 * Settings drawn from the space, without repetition: fewer than `count` if the space has few, or if points of a Latin
 * hypercube fall on the same setting. The same seed gives the same settings.
 */
export function drawnSettings(
  dimensions: readonly Dimension[],
  count: number,
  { sequence, seed }: Pick<Exclude<SweepMethod, { name: 'grid' }>, 'sequence' | 'seed'>,
): Setting[] {
  const points =
    sequence === 'sobol'
      ? first(sobolPoints(shiftsOf(dimensions.length, seed)), count * TRIES)
      : latinHypercube(count, dimensions.length, seed);
  const found = new Map<string, Setting>();
  for (const point of points) {
    const setting = settingAt(dimensions, point);
    const key = JSON.stringify(setting);
    if (!found.has(key)) found.set(key, setting);
    if (found.size === count) break;
  }
  return [...found.values()];
}

/** The setting at a point in [0, 1) of each dimension. A dimension whose condition fails does not use its coordinate. */
export function settingAt(dimensions: readonly Dimension[], point: readonly number[]): Setting {
  return dimensions.reduce<Setting>(
    (setting, dimension, i) =>
      applies(dimension, setting) ? { ...setting, [dimension.path]: valueAt(dimension, point[i] ?? 0) } : setting,
    {},
  );
}

function shiftsOf(dimensions: number, seed: number): number[] {
  const random = Generator.forPurpose(seed, 'sobol');
  return Array.from({ length: dimensions }, () => random.nextWord());
}

function* first<Item>(items: Iterable<Item>, count: number): IterableIterator<Item> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}
