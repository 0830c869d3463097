import type { HmmModel } from '../../../src/protocol/lessons/hmm.ts';

/** Rounding error of a sum of decimal fractions. */
const ROUNDING = 1e-9;

/**
 * Returns a model with other states or symbols. Probabilities of names that both have are kept, and each row is scaled
 * to a sum of 1; a row without kept probabilities is uniform.
 */
export function resized(
  model: HmmModel,
  { states = model.states, symbols = model.symbols }: Partial<Pick<HmmModel, 'states' | 'symbols'>>,
): HmmModel {
  const table = (
    values: readonly number[],
    rows: { readonly old: readonly string[]; readonly now: readonly string[] },
    columns: { readonly old: readonly string[]; readonly now: readonly string[] },
  ) =>
    rows.now.flatMap((row) =>
      scaled(
        columns.now.map((column) => {
          const [i, j] = [rows.old.indexOf(row), columns.old.indexOf(column)];
          return i < 0 || j < 0 ? 0 : (values[i * columns.old.length + j] ?? 0);
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

function scaled(row: readonly number[]): number[] {
  const sum = row.reduce((total, value) => total + value, 0);
  // Dividing by a sum that differs from 1 by rounding would change decimal fractions.
  if (Math.abs(sum - 1) < ROUNDING) return [...row];
  return row.map((value) => (sum > 0 ? value / sum : 1 / row.length));
}
