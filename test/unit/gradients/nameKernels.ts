import {
  GRU_SEQUENCE,
  GRU_SEQUENCE_GRAD,
  LSTM_SEQUENCE,
  LSTM_SEQUENCE_GRAD,
  RNN_SEQUENCE,
  RNN_SEQUENCE_GRAD,
} from '../../../src/kernels/contract.ts';
import type { CellKind } from '../../oracle/cells.ts';
import type { RemoteCalculator } from './backendThread.ts';

const kernels: Record<CellKind['cell'], readonly string[]> = {
  lstm: [LSTM_SEQUENCE, LSTM_SEQUENCE_GRAD],
  gru: [GRU_SEQUENCE, GRU_SEQUENCE_GRAD],
  rnn: [RNN_SEQUENCE, RNN_SEQUENCE_GRAD],
};

/**
 * Adds to the titles of a suite's tests which of a cell's kernels the backend does not have, and runs on those of the
 * reference.
 */
export function nameKernels(calculator: () => RemoteCalculator, { cell }: Pick<CellKind, 'cell'>): void {
  beforeEach(async function () {
    const lacking = await calculator().lacks(kernels[cell]);
    if (lacking.length > 0 && this.currentTest)
      this.currentTest.title += ` (with the reference's ${lacking.join(', ')})`;
  });
}
