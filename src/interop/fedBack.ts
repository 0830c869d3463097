import { product } from './arrays.ts';

/** Weights of a simple RNN that reads its last output, and of the output layer, row-major. */
interface OutputRnnWeights {
  /** `[outputs, units]`. */
  readonly recurrent: Float32Array;
  /** `[units]`; undefined for a layer without one. */
  readonly bias: Float32Array | undefined;
  /** Kernel of the output layer, `[units, outputs]`. */
  readonly dense: Float32Array;
  /** Bias of the output layer, `[outputs]`. */
  readonly constant: Float32Array;
}

/**
 * The weights of a simple RNN that reads its hidden state and computes the same as one that reads its last output: the
 * output D h + d, read by R, is (D R) h + (d R), so that its bias has d R, too.
 * @returns the recurrent kernel `[units, units]`, and the bias `[units]`
 */
export function fedBack(
  { recurrent, bias, dense, constant }: OutputRnnWeights,
  { units, outputs }: { readonly units: number; readonly outputs: number },
): { readonly recurrent: Float32Array; readonly bias: Float32Array } {
  const added = product(constant, recurrent, { rows: 1, inner: outputs, columns: units });
  return {
    recurrent: product(dense, recurrent, { rows: units, inner: outputs, columns: units }),
    bias: added.map((value, at) => value + (bias?.[at] ?? 0)),
  };
}
