import { formatNumber } from '../charts/number.ts';
import type { ChartSpec, Mark, Reference } from '../charts/spec.ts';
import { JUDGED } from '../../src/protocol/probes.ts';

/** Chart of the curve behind a verdict, with that of the run's first probe; for an LSTM, also of the cell state. */
export function lastStepChart(id: string, withCell: boolean): ChartSpec {
  return {
    id,
    title: 'Gradient of the last step',
    about: "Norm of the gradient of the last step's loss with respect to earlier states, by lag in time steps.",
    xName: 'lag',
    unit: 'relative to lag 0',
    lines: [
      { key: 'lastStep.first', label: 'first probe, h', color: 'orange', dash: [6, 4], smoothable: false },
      { key: 'lastStep.h', label: 'hidden state h', color: 'blue', dash: [], smoothable: false },
      ...(withCell
        ? [{ key: 'lastStep.c', label: 'cell state c', color: 'purple', dash: [2, 3], smoothable: false } as const]
        : []),
    ],
    defaults: { logarithmic: true, smoothing: 0, range: 'fit', table: false },
    describe: (value) => `${formatNumber(value)} of lag 0`,
  };
}

/** Thresholds of a vanishing and an exploding gradient at the lag of `verdictMark`. */
export const verdictLines: readonly Reference[] = [
  { label: 'vanishing below', value: JUDGED.vanishing },
  { label: 'exploding above', value: JUDGED.exploding },
];

export const verdictMark: Mark = { label: `lag ${JUDGED.lag}`, x: JUDGED.lag };

/** Lag at which training truncates the gradient. */
export function cutMark(truncation: number): Mark {
  return { label: 'truncation', x: truncation };
}
