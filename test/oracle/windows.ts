import { hasCellState } from './cells.ts';
import type { Window } from './languageModel.ts';
import { Matrix } from './matrix.ts';
import type { State } from './recurrent.ts';
import type { ModelShape } from './weights.ts';

/**
 * The windows of an epoch. The text is cut into `batchSize` streams, end to end, and each stream into
 * windows; the target of an id is the id that follows it in the text.
 *
 * @param text batchSize streams of a whole number of windows, and one id more for the last target.
 */
export function cut(text: readonly number[], timeSteps: number, batchSize: number): Pick<Window, 'ids' | 'targets'>[] {
  const stream = (text.length - 1) / batchSize;
  const idsAt = (start: number): number[][] =>
    Array.from({ length: timeSteps }, (_, t) =>
      Array.from({ length: batchSize }, (__, b) => Number(text[b * stream + start + t])),
    );
  return Array.from({ length: stream / timeSteps }, (_, window) => ({
    ids: idsAt(window * timeSteps),
    targets: idsAt(window * timeSteps + 1),
  }));
}

/** The states before the first id of an epoch, one for each layer. */
export function zeroStates({ kind, layers, units }: ModelShape, batchSize: number): State[] {
  const zeros = (): Matrix => new Matrix(batchSize, units);
  return Array.from({ length: layers }, () => (hasCellState(kind) ? [zeros(), zeros()] : [zeros()]));
}
