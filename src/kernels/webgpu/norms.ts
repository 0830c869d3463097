import * as tf from '@tensorflow/tfjs';
import type { ClipScaleAttributes, ClipScaleInputs, L2NormsInputs, Norms } from '../contract.ts';
import type { LabWebGpu } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { eachOf, eachRow, IS_FINITE, REDUCTIONS, rowsOf, THREADS } from './reduce.ts';

/**
 * Norms on a GPU, which adds in float32, and of which nothing is read back to do better: values are divided by the largest first, so that
 * no square underflows or overflows. What is not finite is NaN in the end.
 */

/** Workgroups that share out a tensor, and parts that it leaves: the largest magnitude, the sum of squares over its square, and whether something is not finite. */
const GROUPS = 32;
const PARTS = 3;

/** `largest`, `sum` of squares over its square, and `bad` above 0 where something is not finite, of the numbers `numbers[first + i * stride]`. */
const scaledSquares = (count: string, at: string) => `
  var magnitude = 0.0;
  var broken = 0.0;
  ${eachOf(count, `let x = numbers[${at}]; if (isFinite(x)) { magnitude = max(magnitude, abs(x)); } else { broken = 1.0; }`)}
  let largest = maxOfAll(localIndex, magnitude);
  let bad = maxOfAll(localIndex, broken);
  var squares = 0.0;
  if (largest > 0.0) { ${eachOf(count, `let x = numbers[${at}] / largest; squares += x * x;`)} }
  let sum = sumOfAll(localIndex, squares);`;

/** L2 norms over the last axis, `[kinds, timeSteps, batch, units]` to `[kinds, timeSteps, batch]`. */
export function rowNorms(backend: LabWebGpu, gradients: tf.Tensor): Norms {
  const [units = 1] = gradients.shape.slice(-1);
  const shape = gradients.shape.slice(0, -1);
  const rows = gradients.size / units;
  const { norms } = dispatch(backend, {
    name: 'RowNorms',
    inputs: { numbers: gradients },
    outputs: { norms: shape },
    integers: { rows, units },
    reals: { nan: NaN },
    ...rowsOf(rows),
    code: () => ({
      declarations: `${REDUCTIONS} ${IS_FINITE}`,
      body: eachRow(`
        ${scaledSquares('uniforms.units', 'row * uniforms.units + i')}
        if (localIndex == 0) { norms[row] = select(largest * sqrt(sum), uniforms.nan, bad > 0.0); }`),
    }),
  });
  return norms as Norms;
}

/** The L2 norm of each tensor as mantissa and exponent, `[n, 2]`. */
export function l2Norms(tensors: L2NormsInputs, _attributes: object, backend: LabWebGpu): tf.Tensor2D {
  return tf.tidy(() => {
    const parts = Object.values(tensors).map((tensor) => partsOf(backend, tensor));
    const rows = parts.length;
    const { norms } = dispatch(backend, {
      name: 'L2Norms',
      inputs: { shares: tf.concat(parts) },
      outputs: { norms: [rows, 2] },
      integers: { rows },
      reals: { nan: NaN },
      ...rowsOf(rows),
      code: () => ({
        declarations: REDUCTIONS,
        body: eachRow(`
          var own = vec3f(0.0);
          if (localIndex < ${GROUPS}) {
            let at = (row * ${GROUPS} + localIndex) * ${PARTS};
            own = vec3f(shares[at], shares[at + 1], shares[at + 2]);
          }
          let largest = maxOfAll(localIndex, own.x);
          let bad = maxOfAll(localIndex, own.z);
          var squares = 0.0;
          if (largest > 0.0) { let share = own.x / largest; squares = own.y * share * share; }
          let sum = sumOfAll(localIndex, squares);
          if (localIndex == 0) {
            // frexp gives mantissas from 1/2 to 1.
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

/** What each workgroup makes of its share of a tensor, `[GROUPS, PARTS]`. */
function partsOf(backend: LabWebGpu, tensor: tf.Tensor): tf.Tensor {
  const { shares } = dispatch(backend, {
    name: 'L2NormParts',
    inputs: { numbers: tensor },
    outputs: { shares: [GROUPS, PARTS] },
    integers: { size: tensor.size },
    workgroupSize: [THREADS, 1],
    workgroups: [GROUPS, 1],
    code: () => ({
      declarations: `${REDUCTIONS} ${IS_FINITE}`,
      body: `
        let share = (uniforms.size + groups.x - 1) / groups.x;
        let first = group.x * share;
        let count = min(share, uniforms.size - first);
        ${scaledSquares('count', 'first + i')}
        if (localIndex == 0) {
          shares[group.x * ${PARTS}] = largest;
          shares[group.x * ${PARTS} + 1] = sum;
          shares[group.x * ${PARTS} + 2] = bad;
        }`,
    }),
  });
  return shares;
}

/** The factor that clips a gradient, `[1]`, from the norms of its tensors as `l2Norms` gives them; a single thread has no trouble with so few. */
export function clipScale({ norms, loss }: ClipScaleInputs, { clipNorm }: ClipScaleAttributes, backend: LabWebGpu): tf.Tensor1D {
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
          // Beyond 2^-60 of the largest, a square is lost in the sum anyway.
          let share = norms[2 * row] * exp2(max(norms[2 * row + 1] - largest, -60.0));
          squares += share * share;
        }
        let root = sqrt(squares);
        // The global norm is root * 2^largest, which may overflow: it is compared, and divided by, in parts.
        let limit = uniforms.clipNorm * exp2(clamp(-largest, -126.0, 126.0));
        scale[0] = select(1.0, limit / root, uniforms.clipNorm > 0.0 && root > limit);
        if (!finite) { scale[0] = uniforms.nan; }`,
    }),
  });
  return scale as tf.Tensor1D;
}
