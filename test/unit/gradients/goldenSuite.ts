import assert from 'node:assert/strict';
import { orthogonalRows } from '../../../src/layers/initializers.ts';
import { Generator } from '../../../src/random/generator.ts';
import { makeCell } from '../../oracle/cells.ts';
import type { CellKind, SequenceCase } from '../../oracle/cells.ts';
import { elementwise, Matrix } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';
import type { State } from '../../oracle/recurrent.ts';
import type { RemoteCalculator } from './backendThread.ts';
import type { Requirements } from './requirements.ts';
import { nameKernels } from './nameKernels.ts';
import { sequenceCall } from './sequenceCall.ts';

const LINEAR: CellKind = { cell: 'rnn', activation: 'linear' };
const LAG = 50;
const [BATCH, INPUTS, UNITS] = [3, 4, 24];

/**
 * Linear network whose recurrent matrix is `scale` times an orthogonal one, and a loss of its last step only.
 */
function linearCase(scale: number, reverse: boolean): SequenceCase {
  const random = new Random(1994);
  const orthogonal = new Matrix(UNITS, UNITS, orthogonalRows(UNITS, UNITS, Generator.forPurpose(1, 'golden')));
  const weights = {
    kernel: random.matrix(INPUTS, UNITS, 0.5),
    recurrentKernel: elementwise((value) => scale * value, orthogonal),
    bias: random.matrix(1, UNITS, 0.5),
  };
  const steps = Array.from({ length: LAG + 1 }, (_, t) => t);
  const last = reverse ? 0 : LAG;
  return {
    kind: LINEAR,
    cell: makeCell(LINEAR, weights),
    inputs: steps.map(() => random.matrix(BATCH, INPUTS, 1)),
    initial: [random.matrix(BATCH, UNITS, 1)],
    direct: steps.map((t): State => [t === last ? random.matrix(BATCH, UNITS, 1) : new Matrix(BATCH, UNITS)]),
    lengths: new Array<number>(BATCH).fill(steps.length),
    reverse,
  };
}

/**
 * The gradient of a linear network with an orthogonal recurrent matrix times s shrinks or grows by s in each step
 * (Bengio et al. 1994; Pascanu et al. 2013), so this curve of a vanishing gradient is known exactly.
 */
export function testGoldenRatio(calculator: () => RemoteCalculator, { tolerance, exact }: Requirements): void {
  describe('norms of dL/dh_t in a linear network with s times an orthogonal matrix', () => {
    nameKernels(calculator, LINEAR);

    // 0.3 results in norms of 7e-27, whose squares underflow in float32.
    for (const [scale, expected] of [
      [0.9, 0.0051538],
      [1.1, 117.391],
      [1, 1],
      [0.3, 7.17898e-27],
    ] as const) {
      for (const reverse of exact ? [false, true] : [false]) {
        it(`are s^${LAG} = ${expected} after ${LAG} steps for s = ${scale}, ${reverse ? 'in reverse' : 'forward'}`, async () => {
          const { tensors } = await calculator().sequence(sequenceCall(linearCase(scale, reverse)));
          const norms = tensors.find(({ name }) => name === 'norms')?.values ?? [];
          const norm = (lag: number, b: number): number => norms[(reverse ? lag : LAG - lag) * BATCH + b] ?? NaN;
          for (let b = 0; b < BATCH; b++) {
            const ratio = norm(LAG, b) / norm(0, b);
            assert.ok(Math.abs(ratio / expected - 1) < tolerance, `${ratio} where ${expected} is expected`);
            for (let lag = 0; lag <= LAG; lag++) {
              const error = norm(lag, b) / norm(0, b) / scale ** lag - 1;
              assert.ok(Math.abs(error) < tolerance, `lag ${lag}: off by ${error}`);
            }
          }
        });
      }
    }
  });
}
