import * as tf from '@tensorflow/tfjs';
import type { ClipScaleAttributes, ClipScaleInputs, L2NormsInputs, Norms } from '../contract.ts';
import type { LabWebGpu } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { eachElement, elementsOf, IS_FINITE } from './elements.ts';
import { type RowWise, rowWise } from './rows.ts';

/**
 * L2 norms in float32 without a read-back. Values are first divided by the largest magnitude, so that no square
 * underflows or overflows. The norm of values that are not finite is NaN.
 */

/**
 * Number of shares that a tensor is split into, and of values per share: the largest magnitude, the sum of squares
 * divided by its square, and a flag for values that are not finite.
 */
const SHARES = 2048;
const LEFT = 3;

/**
 * Computes for a row `largest`, the `sum` of squares divided by its square, and `bad`, which is above 0 if a value is
 * not finite.
 */
const scaledSquares = ({ eachOf }: RowWise, count: string, number: string) => `
  var magnitude = 0.0;
  var broken = 0.0;
  ${eachOf(count, `let x = ${number}; if (isFinite(x)) { magnitude = max(magnitude, abs(x)); } else { broken = 1.0; }`)}
  let largest = maxOfAll(localIndex, magnitude);
  let bad = maxOfAll(localIndex, broken);
  var squares = 0.0;
  if (largest > 0.0) { ${eachOf(count, `let x = ${number} / largest; squares += x * x;`)} }
  let sum = sumOfAll(localIndex, squares);`;

/** L2 norms over the last axis: `[kinds, timeSteps, batch, units]` to `[kinds, timeSteps, batch]`. */
export function rowNorms(backend: LabWebGpu, gradients: tf.Tensor): Norms {
  const units = gradients.shape.at(-1) ?? 1;
  const rows = gradients.size / units;
  const manner = rowWise(rows, units);
  const { norms } = dispatch(backend, {
    ...manner.grid,
    name: `RowNorms, ${manner.name}`,
    inputs: { numbers: gradients },
    outputs: { norms: gradients.shape.slice(0, -1) },
    integers: { rows, units },
    reals: { nan: NaN },
    code: () => ({
      declarations: `${manner.declarations} ${IS_FINITE}`,
      body: manner.eachRow(`
        ${scaledSquares(manner, 'uniforms.units', 'numbers[row * uniforms.units + i]')}
        if (isFirst) { norms[row] = select(largest * sqrt(sum), uniforms.nan, bad > 0.0); }`),
    }),
  });
  return norms as Norms;
}

/** L2 norm of each tensor as mantissa and exponent, `[n, 2]`. */
export function l2Norms(tensors: L2NormsInputs, _attributes: object, backend: LabWebGpu): tf.Tensor2D {
  return tf.tidy(() => {
    const shares = Object.values(tensors).map((tensor) => sharesOf(backend, tensor));
    const rows = shares.length;
    const manner = rowWise(rows, SHARES);
    const { norms } = dispatch(backend, {
      ...manner.grid,
      name: 'L2Norms',
      inputs: { shares: tf.concat(shares) },
      outputs: { norms: [rows, 2] },
      integers: { rows },
      reals: { nan: NaN },
      code: () => ({
        declarations: manner.declarations,
        body: manner.eachRow(`
          var top = 0.0;
          var broken = 0.0;
          ${manner.eachOf(`${SHARES}`, `let at = (row * ${SHARES} + i) * ${LEFT}; top = max(top, shares[at]); broken = max(broken, shares[at + 2]);`)}
          let largest = maxOfAll(localIndex, top);
          let bad = maxOfAll(localIndex, broken);
          var squares = 0.0;
          if (largest > 0.0) {
            ${manner.eachOf(`${SHARES}`, `let at = (row * ${SHARES} + i) * ${LEFT}; let part = shares[at] / largest; squares += shares[at + 1] * part * part;`)}
          }
          let sum = sumOfAll(localIndex, squares);
          if (isFirst) {
            // frexp returns mantissas from 1/2 to 1.
            let scale = frexp(largest);
            let whole = frexp(scale.fract * sqrt(sum));
            norms[2 * row] = select(2.0 * whole.fract, uniforms.nan, bad > 0.0);
            norms[2 * row + 1] = select(f32(scale.exp + whole.exp - 1), 0.0, bad > 0.0 || largest == 0.0);
          }`),
      }),
    });
    return norms as tf.Tensor2D;
  });
}

/** Partial results of each share of a tensor, `[SHARES, LEFT]`. Neighboring threads read neighboring values. */
function sharesOf(backend: LabWebGpu, tensor: tf.Tensor): tf.Tensor {
  const { shares } = dispatch(backend, {
    ...elementsOf(SHARES),
    name: 'L2NormShares',
    inputs: { numbers: tensor },
    outputs: { shares: [SHARES, LEFT] },
    integers: { size: SHARES, count: tensor.size },
    code: () => ({
      declarations: IS_FINITE,
      body: eachElement(`
        var largest = 0.0;
        var bad = 0.0;
        for (var at = i; at < uniforms.count; at += ${SHARES}) {
          let x = numbers[at];
          if (isFinite(x)) { largest = max(largest, abs(x)); } else { bad = 1.0; }
        }
        var sum = 0.0;
        if (largest > 0.0) {
          for (var at = i; at < uniforms.count; at += ${SHARES}) { let x = numbers[at] / largest; sum += x * x; }
        }
        shares[i * ${LEFT}] = largest;
        shares[i * ${LEFT} + 1] = sum;
        shares[i * ${LEFT} + 2] = bad;`),
    }),
  });
  return shares;
}

/**
 * Factor `[1]` that clips a gradient, from the norms of its tensors as returned by `l2Norms`. One thread is enough for
 * so few values.
 */
export function clipScale(
  { norms, loss }: ClipScaleInputs,
  { clipNorm }: ClipScaleAttributes,
  backend: LabWebGpu,
): tf.Tensor1D {
  const { scale } = dispatch(backend, {
    name: 'ClipScale',
    inputs: { norms, loss },
    outputs: { scale: [1] },
    integers: { rows: norms.shape[0] },
    reals: { clipNorm, nan: NaN },
    workgroupSize: [1, 1],
    workgroups: [1, 1],
    code: () => ({
      declarations: IS_FINITE,
      body: `
        var largest = -1000.0;
        var finite = isFinite(loss[0]);
        for (var row = 0; row < uniforms.rows; row++) {
          finite = finite && isFinite(norms[2 * row]);
          if (norms[2 * row] > 0.0) { largest = max(largest, norms[2 * row + 1]); }
        }
        var squares = 0.0;
        for (var row = 0; row < uniforms.rows; row++) {
          // A square below 2^-60 of the largest does not change the sum.
          let share = norms[2 * row] * exp2(max(norms[2 * row + 1] - largest, -60.0));
          squares += share * share;
        }
        let root = sqrt(squares);
        // The global norm, root * 2^largest, may overflow: compare with it and divide by it in parts.
        let limit = uniforms.clipNorm * exp2(clamp(-largest, -126.0, 126.0));
        scale[0] = select(1.0, limit / root, uniforms.clipNorm > 0.0 && root > limit);
        if (!finite) { scale[0] = uniforms.nan; }`,
    }),
  });
  return scale as tf.Tensor1D;
}
