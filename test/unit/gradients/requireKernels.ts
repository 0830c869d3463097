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

/** Skips the tests of a suite on a backend without the kernels of a cell, and names those in their titles. */
export function requireKernels(calculator: () => RemoteCalculator, { cell }: Pick<CellKind, 'cell'>): void {
  beforeEach(async function () {
    const missing = await calculator().lacks(kernels[cell]);
    if (missing.length === 0) return;
    if (this.currentTest) this.currentTest.title += ` (skipped: the backend lacks ${missing.join(', ')})`;
    this.skip();
  });
}
