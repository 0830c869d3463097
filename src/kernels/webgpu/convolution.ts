import * as tf from '@tensorflow/tfjs';
import type {
  ConvolutionPoolAttributes,
  ConvolutionPoolGradInputs,
  ConvolutionPoolGradOutputs,
  ConvolutionPoolInputs,
  ConvolutionPoolOutputs,
} from '../contract.ts';
import { biasesOf, kernelsOf, stepsBefore, widthOf } from '../convolutionKernels.ts';
import type { LabWebGpu } from './backend.ts';
import { dispatch } from './dispatch.ts';
import { eachElement, elementsOf } from './elements.ts';

/**
 * Convolutions with pooling in WGSL: one program for each width forward, and two backward. The gradient of a maximum
 * visits only the windows of the maxima.
 */

/** Filters per workgroup of the forward pass, which share a sequence. */
const FILTERS = 64;

export function convolutionPool(
  inputs: ConvolutionPoolInputs,
  { pooling }: ConvolutionPoolAttributes,
  backend: LabWebGpu,
): ConvolutionPoolOutputs {
  return tf.tidy(() => {
    const { x, lengths } = inputs;
    const [timeSteps, batch] = x.shape;
    const biases = biasesOf(inputs);
    const parts = kernelsOf(inputs).map((kernel, n) => {
      const filters = kernel.shape[1];
      return dispatch(backend, {
        name: `ConvolutionPool, ${pooling}`,
        inputs: { x, lengths, kernel, bias: biases[n]! },
        outputs: {
          pooled: [batch, filters],
          activity: pooling === 'max' ? [batch, filters] : [timeSteps, batch, filters],
        },
        integers: sizesOf(x, kernel),
        workgroupSize: [FILTERS, 1],
        workgroups: [Math.ceil(filters / FILTERS), batch],
        code: () => ({ body: forwardBody(pooling) }),
      });
    });
    const pooled: tf.Tensor2D = tf.concat(
      parts.map((part) => part.pooled as tf.Tensor2D),
      1,
    );
    const active = tf.concat(
      parts.map((part) => part.activity),
      -1,
    );
    return [pooled, pooling === 'max' ? tf.cast(active, 'int32') : active];
  });
}

export function convolutionPoolGrad(
  inputs: ConvolutionPoolGradInputs,
  { pooling }: ConvolutionPoolAttributes,
  backend: LabWebGpu,
): ConvolutionPoolGradOutputs {
  return tf.tidy(() => {
    const { x, lengths, active, dPooled } = inputs;
    const gradients = kernelsOf(inputs).map((kernel, n) => {
      const [rows, filters] = kernel.shape;
      const integers = { ...sizesOf(x, kernel), values: dPooled.shape[1], first: n * filters };
      const { dx } = dispatch(backend, {
        name: `ConvolutionPoolGrad of x, ${pooling}`,
        inputs: { lengths, kernel, activity: active, dPooled },
        outputs: { dx: x.shape },
        integers: { ...integers, size: x.size },
        ...elementsOf(x.size),
        code: () => ({ body: eachElement(inputGradientBody(pooling)) }),
      });
      const size = (rows + 1) * filters;
      const { dKernel, dBias } = dispatch(backend, {
        name: `ConvolutionPoolGrad of filters, ${pooling}`,
        inputs: { x, lengths, activity: active, dPooled },
        outputs: { dKernel: [rows, filters], dBias: [filters] },
        integers: { ...integers, rows, size },
        ...elementsOf(size),
        code: () => ({ body: eachElement(filterGradientBody(pooling)) }),
      });
      return { dx, filters: [dKernel, dBias] };
    });
    const dx: tf.Tensor3D = tf.addN(gradients.map((each) => each.dx as tf.Tensor3D));
    return [dx, ...gradients.flatMap(({ filters }) => filters)];
  });
}

function sizesOf(x: tf.Tensor3D, kernel: tf.Tensor2D) {
  const [timeSteps, batch, inputs] = x.shape;
  const width = widthOf(kernel, inputs);
  return { timeSteps, batch, inputs, filters: kernel.shape[1], width, before: stepsBefore(width) };
}

type Pooling = ConvolutionPoolAttributes['pooling'];

/** One filter of one sequence, four steps at once, which share the loads of the filter. */
function forwardBody(pooling: Pooling): string {
  const isMax = pooling === 'max';
  return `
    let u = group.x * ${FILTERS} + localIndex;
    let b = group.y;
    if (u >= uniforms.filters) { return; }
    let length = lengths[b];
    let row = uniforms.batch * uniforms.inputs;
    var total = 0.0;
    var highestAt = 0;
    for (var first = 0; first < length; first += 4) {
      var sums = vec4f(bias[u]);
      for (var j = 0; j < uniforms.width; j++) {
        let t = first + j - uniforms.before;
        let inside = vec4i(t, t + 1, t + 2, t + 3) >= vec4i(0);
        let within = vec4i(t, t + 1, t + 2, t + 3) < vec4i(length);
        let base = (t * uniforms.batch + b) * uniforms.inputs;
        for (var i = 0; i < uniforms.inputs; i++) {
          let at = base + i;
          let values = vec4f(x[at], x[at + row], x[at + 2 * row], x[at + 3 * row]);
          sums += kernel[(j * uniforms.inputs + i) * uniforms.filters + u] * select(vec4f(0.0), values, inside & within);
        }
      }
      for (var s = 0; s < 4 && first + s < length; s++) {
        let t = first + s;
        ${
          isMax
            ? 'if (t == 0 || sums[s] > total) { total = sums[s]; highestAt = t; }'
            : `let value = select(sums[s], 0.0, sums[s] <= 0.0);
               activity[(t * uniforms.batch + b) * uniforms.filters + u] = value;
               total += value;`
        }
      }
    }
    let place = b * uniforms.filters + u;
    ${
      isMax
        ? `pooled[place] = select(total, 0.0, total <= 0.0);
           activity[place] = select(f32(highestAt), -1.0, total <= 0.0);`
        : `pooled[place] = total / f32(length);
           for (var t = length; t < uniforms.timeSteps; t++) { activity[(t * uniforms.batch + b) * uniforms.filters + u] = 0.0; }`
    }`;
}

/** Gradient of element i of x. */
function inputGradientBody(pooling: Pooling): string {
  const add = (slope: string) => `sum += ${slope} * kernel[(j * uniforms.inputs + input) * uniforms.filters + u];`;
  return `
    let place = i / uniforms.inputs;
    let input = i - place * uniforms.inputs;
    let t = place / uniforms.batch;
    let b = place - t * uniforms.batch;
    let length = lengths[b];
    let pooledFrom = b * uniforms.values + uniforms.first;
    var sum = 0.0;
    if (t < length) {
      ${
        pooling === 'max'
          ? `for (var u = 0; u < uniforms.filters; u++) {
               let step = activity[pooledFrom + u];
               let j = t - step + uniforms.before;
               if (step >= 0 && j >= 0 && j < uniforms.width) { ${add('dPooled[pooledFrom + u]')} }
             }`
          : `for (var j = 0; j < uniforms.width; j++) {
               let step = t - j + uniforms.before;
               if (step < 0 || step >= length) { continue; }
               let activeFrom = (step * uniforms.batch + b) * uniforms.values + uniforms.first;
               for (var u = 0; u < uniforms.filters; u++) {
                 if (activity[activeFrom + u] > 0.0) { ${add('dPooled[pooledFrom + u] / f32(length)')} }
               }
             }`
      }
    }
    dx[i] = sum;`;
}

/** Gradient of element i of a kernel, or after these of its bias. */
function filterGradientBody(pooling: Pooling): string {
  const add = (slope: string) => `
    let t = step + j - uniforms.before;
    if (isBias) { sum += ${slope}; }
    else if (t >= 0 && t < length) { sum += ${slope} * x[(t * uniforms.batch + b) * uniforms.inputs + input]; }`;
  return `
    let row = i / uniforms.filters;
    let u = i - row * uniforms.filters;
    let isBias = row == uniforms.rows;
    let j = row / uniforms.inputs;
    let input = row - j * uniforms.inputs;
    var sum = 0.0;
    for (var b = 0; b < uniforms.batch; b++) {
      let length = lengths[b];
      let pooledAt = b * uniforms.values + uniforms.first + u;
      ${
        pooling === 'max'
          ? `let step = activity[pooledAt];
             if (step >= 0) { ${add('dPooled[pooledAt]')} }`
          : `for (var step = 0; step < length; step++) {
               if (activity[(step * uniforms.batch + b) * uniforms.values + uniforms.first + u] > 0.0) {
                 ${add('dPooled[pooledAt] / f32(length)')}
               }
             }`
      }
    }
    if (isBias) { dBias[u] = sum; } else { dKernel[i] = sum; }`;
}
