import { tanhSlope } from '../jacobian/slopes.ts';
import { build, type CellEquations, type CellWeights, multiply, sigmoid, sigmoidSlope } from './cellEquations.ts';

/** Blocks of the gates. */
const [UPDATE, RESET, CANDIDATE] = [0, 1, 2];

/** GRU; equations in `kernels/contract.ts`. */
export function gruEquations(
  { units, recurrentKernel, bias }: CellWeights,
  { resetAfter }: { readonly resetAfter: boolean },
): CellEquations {
  const recurrentBias = bias[1] ?? new Float64Array(3 * units);
  const block = (values: Float64Array, gate: number) => values.subarray(gate * units, (gate + 1) * units);
  return {
    form: resetAfter ? 'gru-reset-after' : 'gru',
    step(fromInput, before) {
      const products = new Float64Array(3 * units);
      products.set(recurrentKernel.times(before.h, 0, 2 * units));
      const sums = new Float64Array(3 * units);
      const gates = new Float64Array(3 * units);
      for (let at = 0; at < 2 * units; at++) {
        sums[at] = fromInput[at]! + bias[0][at]! + products[at]! + recurrentBias[at]!;
        gates[at] = sigmoid(sums[at]!);
      }
      const [update, reset] = [block(gates, UPDATE), block(gates, RESET)];
      const read = resetAfter ? before.h : multiply(reset, before.h);
      products.set(recurrentKernel.times(read, CANDIDATE * units, units), CANDIDATE * units);
      for (let j = 0; j < units; j++) {
        const at = CANDIDATE * units + j;
        const recurrent = products[at]! + recurrentBias[at]!;
        sums[at] = fromInput[at]! + bias[0][at]! + (resetAfter ? reset[j]! * recurrent : recurrent);
        gates[at] = Math.tanh(sums[at]!);
      }
      const candidate = block(gates, CANDIDATE);
      const h = build(units, (j) => update[j]! * before.h[j]! + (1 - update[j]!) * candidate[j]!);
      return {
        before,
        fromInput,
        products,
        scales: [undefined, undefined, resetAfter ? undefined : reset],
        factors: [undefined, undefined, resetAfter ? reset : undefined],
        sums,
        gates,
        state: { h },
      };
    },
    back({ before, sums, gates, products }, { h }) {
      const [update, reset, candidate] = [UPDATE, RESET, CANDIDATE].map((gate) => block(gates, gate)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const slopes = sums.map((z, at) => (Math.floor(at / units) === CANDIDATE ? tanhSlope(z) : sigmoidSlope(z)));
      const byGates = new Float64Array(3 * units);
      for (let j = 0; j < units; j++) {
        byGates[j] = h[j]! * (before.h[j]! - candidate[j]!);
        // 1 - z is the sigmoid of the opposite sum, which keeps its digits where z is close to 1.
        byGates[CANDIDATE * units + j] = h[j]! * sigmoid(-sums[j]!);
      }
      const byCandidate = multiply(block(byGates, CANDIDATE), block(slopes, CANDIDATE));
      const throughReset = resetAfter ? byCandidate : recurrentKernel.timesTransposed(byCandidate, 2 * units, units);
      const read = resetAfter
        ? build(units, (j) => products[CANDIDATE * units + j]! + recurrentBias[CANDIDATE * units + j]!)
        : before.h;
      byGates.set(multiply(throughReset, read), RESET * units);
      const bySums = multiply(byGates, slopes);
      const byProducts = bySums.slice();
      if (resetAfter) for (let j = 0; j < units; j++) byProducts[CANDIDATE * units + j]! *= reset[j]!;
      const throughCandidate = resetAfter
        ? recurrentKernel.timesTransposed(block(byProducts, CANDIDATE), 2 * units, units)
        : multiply(reset, throughReset);
      const throughGates = recurrentKernel.timesTransposed(byProducts, 0, 2 * units);
      const kept = multiply(update, h);
      return {
        state: { h },
        gates: byGates,
        slopes,
        sums: bySums,
        products: byProducts,
        kept,
        before: { h: build(units, (j) => kept[j]! + throughGates[j]! + throughCandidate[j]!) },
      };
    },
  };
}
