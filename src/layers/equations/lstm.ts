import { tanhSlope } from '../jacobian/slopes.ts';
import { build, type CellEquations, type CellWeights, multiply, sigmoid, sigmoidSlope } from './cellEquations.ts';

/** Blocks of the gates. */
const [INPUT, FORGET, CANDIDATE, OUTPUT] = [0, 1, 2, 3];

/** LSTM; equations in `kernels/contract.ts`. */
export function lstmEquations({ units, recurrentKernel, bias }: CellWeights): CellEquations {
  const none = [undefined, undefined, undefined, undefined];
  return {
    form: 'lstm',
    step(fromInput, before) {
      const products = recurrentKernel.times(before.h);
      const sums = build(4 * units, (at) => fromInput[at]! + products[at]! + bias[0][at]!);
      const gates = sums.map((z, at) => (Math.floor(at / units) === CANDIDATE ? Math.tanh(z) : sigmoid(z)));
      const gate = (block: number, j: number) => gates[block * units + j]!;
      const c = build(units, (j) => gate(FORGET, j) * (before.c?.[j] ?? 0) + gate(INPUT, j) * gate(CANDIDATE, j));
      const h = build(units, (j) => gate(OUTPUT, j) * Math.tanh(c[j]!));
      return { before, fromInput, products, scales: none, factors: none, sums, gates, state: { h, c } };
    },
    back({ before, sums, gates, state }, gradient) {
      const gate = (block: number, j: number) => gates[block * units + j]!;
      const c = build(
        units,
        (j) => (gradient.c?.[j] ?? 0) + gradient.h[j]! * gate(OUTPUT, j) * tanhSlope(state.c![j]!),
      );
      const byGates = new Float64Array(4 * units);
      for (let j = 0; j < units; j++) {
        byGates[INPUT * units + j] = c[j]! * gate(CANDIDATE, j);
        byGates[FORGET * units + j] = c[j]! * (before.c?.[j] ?? 0);
        byGates[CANDIDATE * units + j] = c[j]! * gate(INPUT, j);
        byGates[OUTPUT * units + j] = gradient.h[j]! * Math.tanh(state.c![j]!);
      }
      const slopes = sums.map((z, at) => (Math.floor(at / units) === CANDIDATE ? tanhSlope(z) : sigmoidSlope(z)));
      const bySums = multiply(byGates, slopes);
      return {
        state: { h: gradient.h, c },
        gates: byGates,
        slopes,
        sums: bySums,
        products: bySums,
        kept: undefined,
        before: { h: recurrentKernel.timesTransposed(bySums), c: build(units, (j) => c[j]! * gate(FORGET, j)) },
      };
    },
  };
}
