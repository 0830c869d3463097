import * as l10n from '@vscode/l10n';
import type { UntrainedFlow } from '../../../src/protocol/lessons/untrained.ts';
import { formatNumber } from '../../charts/number.ts';
import type { LineSpec } from '../../charts/spec.ts';

/** Forget bias of the compared LSTM, whose curve follows the slider. */
export const FORGET_BIAS = { min: -1, max: 6, step: 0.25, initial: 1 } as const;

/** Lag at which the lesson reads the gradient. */
export const READ_LAG = 20;

/** Untrained flow of each cell, by the key of its run. */
export type UntrainedCells = Readonly<Record<'rnn' | 'gru' | 'lstm', UntrainedFlow>>;

/** Share of a value that a gate of a bias keeps at each step, if its other inputs are zero. */
export function gateOf(bias: number): number {
  return 1 / (1 + Math.exp(-bias));
}

/** What the untrained cells pass, in the numbers of their probes. @param forgetBias of the LSTM */
export function describeUntrained({ rnn, gru, lstm }: UntrainedCells, forgetBias: number, lag = READ_LAG): string[] {
  const [ofRnn, ofGru, ofLstm] = [rnn, gru, lstm].map(({ flow }) => flow.median[lag]);
  const product = lstm.forgetProduct?.[lag];
  if (ofRnn == null || ofGru == null || ofLstm == null || product == null) return [];
  const kept = product ** (1 / lag);
  return [
    l10n.t(
      'Before training, at lag {0}: the RNN passes {1} of the gradient, the GRU {2}, and the LSTM with forget bias {3} {4}.',
      lag,
      rounded(ofRnn),
      rounded(ofGru),
      formatNumber(forgetBias),
      rounded(ofLstm),
    ),
    l10n.t(
      'Along the cell state of the LSTM, each step multiplies the gradient by the forget gate. Forget bias {0} opens it to about {1} (sigmoid({0}) = {2}), and {1} to the power of {3} is {4}.',
      formatNumber(forgetBias),
      rounded(kept, 3),
      rounded(gateOf(forgetBias), 3),
      lag,
      rounded(product),
    ),
    ofLstm < ofRnn
      ? l10n.t(
          'So the untrained LSTM passes less than the RNN, whose orthogonal matrix keeps the length of the gradient while the slopes of tanh shrink it. What LSTM and GRU have are gates that training can open; the RNN has none.',
        )
      : l10n.t(
          'So the untrained LSTM passes more than the RNN: its gates start open, and the gradient keeps its size along the cell state.',
        ),
    l10n.t(
      'The update gates of a GRU start half open: it keeps about half of its state at each step, and 0.5 to the power of {0} is {1}.',
      lag,
      rounded(0.5 ** lag),
    ),
  ];
}

/** Formats a number with few significant digits. */
export function rounded(value: number, digits = 2): string {
  return formatNumber(Number(value.toPrecision(digits)));
}

/** Lines of the chart of the untrained cells: those of the runs, whose keys they have. */
export function untrainedLines(lines: readonly LineSpec[], forgetBias: number): LineSpec[] {
  return lines.map((line) =>
    line.key === 'lstm'
      ? { ...line, label: l10n.t('{0}, forget bias {1}', line.label, formatNumber(forgetBias)) }
      : line,
  );
}
