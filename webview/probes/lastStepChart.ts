import { formatNumber } from '../charts/number.ts';
import type { ChartSpec, Mark, Reference } from '../charts/spec.ts';
import { JUDGED } from '../../src/protocol/probes.ts';

/**
 * The curve that a verdict rests on, beside the one of the run's first probe. The cell state has one in an LSTM alone.
 */
export function lastStepChart(id: string, withCell: boolean): ChartSpec {
  return {
    id,
    title: 'Gradient of the last step',
    about: "What is left of the gradient of the last step's loss so many time steps before.",
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

/** Beyond these lines, at the lag of `verdictMark`, the gradient is called vanishing or exploding. */
export const verdictLines: readonly Reference[] = [
  { label: 'vanishing below', value: JUDGED.vanishing },
  { label: 'exploding above', value: JUDGED.exploding },
];

export const verdictMark: Mark = { label: `lag ${JUDGED.lag}`, x: JUDGED.lag };

/** Where training cuts the gradient. */
export function cutMark(truncation: number): Mark {
  return { label: 'training cuts here', x: truncation };
}
