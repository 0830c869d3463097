import * as tf from '@tensorflow/tfjs';
import type { LstmGradInputs, LstmGradOutputs, LstmInputs, LstmOutputs } from '../contract.ts';
import { scatterRows } from './embedding.ts';

/** The LSTM in plain TensorFlow.js ops: the truth that the faster kernels are held against. */

/** Forward pass; equations and shapes in `contract.ts`. */
export function lstmSequence({ x, kernel, recurrentKernel, bias, h0, c0 }: LstmInputs): LstmOutputs {
  return tf.tidy(() => {
    const projected = tf.unstack(tf.add(project(x, kernel), bias)) as tf.Tensor2D[];
    const hs: tf.Tensor2D[] = [];
    const cs: tf.Tensor2D[] = [];
    const gates: tf.Tensor2D[] = [];
    let h = h0;
    let c = c0;
    for (const xW of projected) {
      const [zi, zf, zg, zo] = split4(tf.add(xW, tf.matMul(h, recurrentKernel)));
      const i = tf.sigmoid(zi);
      const f = tf.sigmoid(zf);
      const g = tf.tanh(zg);
      const o = tf.sigmoid(zo);
      c = tf.add(tf.mul(f, c), tf.mul(i, g));
      h = tf.mul(o, tf.tanh(c));
      hs.push(h);
      cs.push(c);
      gates.push(tf.concat([i, f, g, o], 1) as tf.Tensor2D);
    }
    return [tf.stack(hs) as tf.Tensor3D, tf.stack(cs) as tf.Tensor3D, tf.stack(gates) as tf.Tensor3D];
  });
}

/**
 * Back-propagation through time. What does not depend on the step after is computed for all steps at
 * once; the loop carries only dL/dh and dL/dc from step to step:
 *
 *     dc_t = dc_t(direct) + dc_{t+1} * f_{t+1} + dh_t * o_t (1 - tanh(c_t)^2)
 *     dz_t = [dc_t g_t, dc_t c_{t-1}, dc_t i_t, dh_t tanh(c_t)] * slope of each gate
 *     dh_{t-1} = dz_t U^T
 */
export function lstmSequenceGrad(inputs: LstmGradInputs): LstmGradOutputs {
  return tf.tidy(() => {
    const { x, kernel, recurrentKernel, h0, c0, h, c, gates } = inputs;
    const [timeSteps, batch, units] = h.shape;
    const [i, f, g, o] = split4(gates);
    const tanhC = tf.tanh(c);
    const hBefore = shiftInto(h0, h);
    const cBefore = shiftInto(c0, c);
    const sigmoidSlope = (y: tf.Tensor) => tf.mul(y, tf.sub(1, y));
    const tanhSlope = (y: tf.Tensor) => tf.sub(1, tf.square(y));

    const factors = tf.unstack(
      tf.concat(
        [
          tf.mul(g, sigmoidSlope(i)),
          tf.mul(cBefore, sigmoidSlope(f)),
          tf.mul(i, tanhSlope(g)),
          tf.mul(tanhC, sigmoidSlope(o)),
        ],
        2,
      ),
    );
    const hToC = tf.unstack(tf.mul(o, tanhSlope(tanhC)));
    const forget = tf.unstack(f);
    const dhDirect = tf.unstack(inputs.dh);
    const dcDirect = tf.unstack(inputs.dc);

    const dzs: tf.Tensor[] = new Array<tf.Tensor>(timeSteps);
    let dh: tf.Tensor = tf.zerosLike(h0);
    let dc: tf.Tensor = tf.zerosLike(c0);
    for (let t = timeSteps - 1; t >= 0; t--) {
      const [factor, slope, forgetGate] = [factors[t], hToC[t], forget[t]] as [tf.Tensor, tf.Tensor, tf.Tensor];
      dh = tf.add(dh, dhDirect[t] as tf.Tensor);
      dc = tf.addN([dc, dcDirect[t] as tf.Tensor, tf.mul(dh, slope)]);
      const dz = tf.mul(tf.concat([dc, dc, dc, dh], 1), factor);
      dzs[t] = dz;
      dh = tf.matMul(dz as tf.Tensor2D, recurrentKernel, false, true);
      dc = tf.mul(dc, forgetGate);
    }

    const dz = tf.reshape(tf.stack(dzs), [timeSteps * batch, 4 * units]) as tf.Tensor2D;
    return [
      isIds(x) ? tf.tensor1d([]) : tf.reshape(tf.matMul(dz, kernel, false, true), x.shape),
      isIds(x) ? scatterRows(x, dz, kernel.shape[0]) : tf.matMul(flatten(x), dz, true, false),
      tf.matMul(flatten(hBefore), dz, true, false),
      tf.sum(dz, 0),
      dh as tf.Tensor2D,
      dc as tf.Tensor2D,
    ];
  });
}

/** x W for every step, `[timeSteps, batch, 4 * units]`; for token ids the rows of W. */
function project(x: tf.Tensor, kernel: tf.Tensor2D): tf.Tensor3D {
  if (isIds(x)) return tf.gather<tf.Tensor>(kernel, x) as tf.Tensor3D;
  const [timeSteps, batch] = x.shape as [number, number, number];
  return tf.reshape(tf.matMul(flatten(x), kernel), [timeSteps, batch, kernel.shape[1]]);
}

function isIds(x: tf.Tensor): x is tf.Tensor2D {
  return x.rank === 2;
}

/** `[timeSteps, batch, width]` to `[timeSteps * batch, width]`. */
function flatten(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape[2] ?? 1]);
}

/** The state before each step: the first one, then all but the last. */
function shiftInto(first: tf.Tensor2D, states: tf.Tensor3D): tf.Tensor3D {
  const [timeSteps, batch, units] = states.shape;
  return tf.concat3d([tf.reshape(first, [1, batch, units]), tf.slice(states, 0, timeSteps - 1)], 0);
}

/** Splits the last axis into the four gates. */
function split4<T extends tf.Tensor>(gates: T): [T, T, T, T] {
  return tf.split(gates, 4, gates.rank - 1) as [T, T, T, T];
}
