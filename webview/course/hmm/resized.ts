import type { HmmModel } from '../../../src/protocol/lessons/hmm.ts';

/** Rounding error of a sum of decimal fractions. */
const ROUNDING = 1e-9;

/**
 * Returns a model with other states or symbols. In each row, a new name among n gets the probability 1 / n, and the
 * names that were there before share the rest in their old proportions. The row of a new state is uniform.
 */
export function resized(
  model: HmmModel,
  { states = model.states, symbols = model.symbols }: Partial<Pick<HmmModel, 'states' | 'symbols'>>,
): HmmModel {
  const table = (values: readonly number[], rows: Renamed, columns: Renamed) =>
    rows.now.flatMap((row) =>
      filled(
        columns.now.map((column) => {
          const [i, j] = [rows.old.indexOf(row), columns.old.indexOf(column)];
          return i < 0 || j < 0 ? null : (values[i * columns.old.length + j] ?? 0);
        }),
      ),
    );
  const ofStates = { old: model.states, now: states };
  return {
    states: [...states],
    symbols: [...symbols],
    initial: table(model.initial, { old: [''], now: [''] }, ofStates),
    transition: table(model.transition, ofStates, ofStates),
    emission: table(model.emission, ofStates, { old: model.symbols, now: symbols }),
  };
}

interface Renamed {
  readonly old: readonly string[];
  readonly now: readonly string[];
}

/** Fills a row of probabilities; null stands for a new name. */
function filled(row: readonly (number | null)[]): number[] {
  const added = row.filter((value) => value === null).length;
  const kept = row.reduce((total: number, value) => total + (value ?? 0), 0);
  if (kept === 0) return row.map(() => 1 / row.length);
  const rest = 1 - added / row.length;
  // Scaling by a factor that differs from 1 by rounding would change decimal fractions.
  const factor = Math.abs(rest / kept - 1) < ROUNDING ? 1 : rest / kept;
  return row.map((value) => (value === null ? 1 / row.length : value * factor));
}
