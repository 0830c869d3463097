import type { RnnActivation } from '../../kernels/contract.ts';
import { tanhSlope } from '../jacobian/slopes.ts';
import { build, type CellEquations, type CellWeights, multiply } from './cellEquations.ts';

/** Activations, each with its slope at z. */
const activations: Readonly<
  Record<RnnActivation, { readonly apply: (z: number) => number; readonly slope: (z: number) => number }>
> = {
  tanh: { apply: Math.tanh, slope: tanhSlope },
  relu: { apply: (z) => Math.max(0, z), slope: (z) => Number(z > 0) },
  linear: { apply: (z) => z, slope: () => 1 },
};

/** Simple RNN; equation in `kernels/contract.ts`. Its only gate is the hidden state. */
export function rnnEquations(
  { units, recurrentKernel, bias }: CellWeights,
  { activation }: { readonly activation: RnnActivation },
): CellEquations {
  const { apply, slope } = activations[activation];
  const none = [undefined];
  return {
    form: `rnn-${activation}`,
    step(fromInput, before) {
      const products = recurrentKernel.times(before.h);
      const sums = build(units, (j) => fromInput[j]! + products[j]! + bias[0][j]!);
      const h = sums.map(apply);
      return { before, fromInput, products, scales: none, factors: none, sums, gates: h, state: { h } };
    },
    back({ sums }, { h }) {
      const slopes = sums.map(slope);
      const bySums = multiply(h, slopes);
      return {
        state: { h },
        gates: h,
        slopes,
        sums: bySums,
        products: bySums,
        kept: undefined,
        before: { h: recurrentKernel.timesTransposed(bySums) },
      };
    },
  };
}
