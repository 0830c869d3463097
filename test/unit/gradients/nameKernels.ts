import { type CellName, cells } from '../../../src/config/cells.ts';
import type { RemoteCalculator } from './backendThread.ts';

/** Names of a cell's kernels in the contract, such as `SequenceLabLstmSequence`. */
function kernelsOf(cell: CellName): string[] {
  const title = cells[cell].title;
  const forward = `SequenceLab${title.charAt(0)}${title.slice(1).toLowerCase()}Sequence`;
  return [forward, `${forward}Grad`];
}

/**
 * Adds to the titles of a suite's tests which kernels of a cell the backend lacks, so that it runs those of the
 * reference.
 */
export function nameKernels(calculator: () => RemoteCalculator, { cell }: { readonly cell: CellName }): void {
  beforeEach(async function () {
    const lacking = await calculator().lacks(kernelsOf(cell));
    if (lacking.length > 0 && this.currentTest)
      this.currentTest.title += ` (with the reference's ${lacking.join(', ')})`;
  });
}
