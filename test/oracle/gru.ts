import {
  add,
  addToRows,
  columns,
  elementwise,
  multiply,
  row,
  concatColumns,
  stackRows,
  sumRows,
  transpose,
  zerosLike,
  zip,
} from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { sigmoidSlope, tanhSlope } from './slopes.ts';
import type { Cell, CellGradients, CellWeights, State } from './recurrent.ts';

/** Time step with the values that its gradient needs. */
interface GruStep {
  readonly input: Matrix;
  readonly previous: Matrix;
  readonly z: Matrix;
  readonly r: Matrix;
  readonly g: Matrix;
  /** h_(t-1) R + b of the candidate, if the reset gate is applied after it. */
  readonly product: Matrix;
  readonly hidden: Matrix;
  /** 1 - z, and the slopes of the gates. */
  readonly opposite: Matrix;
  readonly slopes: { readonly z: Matrix; readonly r: Matrix; readonly g: Matrix };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * A GRU (Cho et al. 2014), with the blocks update z, reset r and candidate g in its matrices:
 *   h_t = z h_(t-1) + (1 - z) g
 *   g = tanh(x_t K + (r h_(t-1)) R + b)          resetAfter false, bias [1, 3 units]
 *   g = tanh(x_t K + b_0 + r (h_(t-1) R + b_1))  resetAfter true, bias [2, 3 units]
 */
export function gruCell(weights: CellWeights, resetAfter: boolean): Cell {
  const units = weights.recurrentKernel.rows;

  function step(input: Matrix, previous: Matrix): GruStep {
    const [kz, kr, kg] = blocks(weights.kernel, units);
    const [rz, rr, rg] = blocks(weights.recurrentKernel, units);
    const [bz, br, bg] = blocks(row(weights.bias, 0), units);
    const [az, ar, ag] = blocks(resetAfter ? row(weights.bias, 1) : zerosLike(weights.bias), units);
    const ofZ = add(affine(input, kz, bz), affine(previous, rz, az));
    const ofR = add(affine(input, kr, br), affine(previous, rr, ar));
    const z = elementwise(sigmoid, ofZ);
    const r = elementwise(sigmoid, ofR);
    const product = resetAfter ? affine(previous, rg, ag) : multiply(times(r, previous), rg);
    const ofG = add(affine(input, kg, bg), resetAfter ? times(r, product) : product);
    const g = elementwise(Math.tanh, ofG);
    const hidden = elementwise((zt, before, gt) => zt * before + (1 - zt) * gt, z, previous, g);
    const slopes = {
      z: elementwise(sigmoidSlope, ofZ),
      r: elementwise(sigmoidSlope, ofR),
      g: elementwise(tanhSlope, ofG),
    };
    const opposite = elementwise((argument) => sigmoid(-argument), ofZ);
    return { input, previous, z, r, g, product, hidden, opposite, slopes };
  }

  function back(steps: readonly GruStep[], direct: readonly State[]): CellGradients {
    let kernel = zerosLike(weights.kernel);
    let recurrentKernel = zerosLike(weights.recurrentKernel);
    let bias = zerosLike(weights.bias);
    const inputs: Matrix[] = [];
    const states: State[] = [];
    const [rz, rr, rg] = blocks(weights.recurrentKernel, units);
    let fromLater: Matrix | undefined;

    for (const [step, [here]] of zip(steps, direct, (...pair) => pair).reverse()) {
      const { input, previous, z, r, g, product, opposite, slopes } = step;
      const hidden = fromLater ? add(here, fromLater) : here;
      states.unshift([hidden]);
      const atG = elementwise((dh, share, slope) => dh * share * slope, hidden, opposite, slopes.g);
      const atZ = elementwise((dh, before, gt, slope) => dh * (before - gt) * slope, hidden, previous, g, slopes.z);
      const atResetState = multiply(atG, transpose(rg));
      const atR = elementwise(
        (d, factor, slope) => d * factor * slope,
        resetAfter ? atG : atResetState,
        resetAfter ? product : previous,
        slopes.r,
      );
      const atProduct = resetAfter ? times(atG, r) : atG;
      const intoProduct = resetAfter ? previous : times(r, previous);

      const atInput = concatColumns(atZ, atR, atG);
      kernel = add(kernel, multiply(transpose(input), atInput));
      recurrentKernel = add(
        recurrentKernel,
        concatColumns(
          multiply(transpose(previous), atZ),
          multiply(transpose(previous), atR),
          multiply(transpose(intoProduct), atProduct),
        ),
      );
      bias = add(
        bias,
        stackRows([sumRows(atInput), ...(resetAfter ? [sumRows(concatColumns(atZ, atR, atProduct))] : [])]),
      );
      inputs.unshift(multiply(atInput, transpose(weights.kernel)));
      fromLater = [
        times(hidden, z),
        multiply(atZ, transpose(rz)),
        multiply(atR, transpose(rr)),
        resetAfter ? multiply(atProduct, transpose(rg)) : times(atResetState, r),
      ].reduce(add);
    }
    if (!fromLater) throw new RangeError('A window needs at least one time step.');
    return { weights: { kernel, recurrentKernel, bias }, inputs, states, initial: [fromLater] };
  }

  return {
    weights,
    gateColumns: 3 * units,
    run(inputs, [initial]) {
      let previous = initial;
      const steps = inputs.map((input) => {
        const result = step(input, previous);
        previous = result.hidden;
        return result;
      });
      return {
        states: steps.map(({ hidden }): State => [hidden]),
        gates: steps.map(({ z, r, g }) => concatColumns(z, r, g)),
        back: (direct) => back(steps, direct),
      };
    },
  };
}

function blocks(matrix: Matrix, units: number): [Matrix, Matrix, Matrix] {
  return [columns(matrix, 0, units), columns(matrix, units, units), columns(matrix, 2 * units, units)];
}

function times(a: Matrix, b: Matrix): Matrix {
  return elementwise((x, y) => x * y, a, b);
}

function affine(x: Matrix, matrix: Matrix, bias: Matrix): Matrix {
  return addToRows(multiply(x, matrix), bias);
}
