import { adamTensors } from '../../src/kernels/wasm/layout.ts';
import type { Instructions } from './dialects.ts';
import {
  exp,
  fourQuotients,
  quotients,
  sigmoidComplement,
  sigmoidSlope,
  sigmoidValue,
  slopedStored,
  slopedStoredAndSlope,
  slopedTanh,
  storedSigmoid,
  storedSigmoidParts,
  storedTanhParts,
  tanh,
  tanhParts,
} from './formulas.ts';
import { type Lockstep, type Loop, loopFunction, type Value } from './lockstep.ts';

/** Elementwise loops by function name. Gates are in the form of `kernels/storedGates.ts`. */
const loops: Record<string, Loop> = {
  /** Converts the gates i, f and g of an LSTM to their stored form in place and computes its cell states. */
  lstmCellUnits: { pointers: ['zi', 'zf', 'zg', 'cBefore', 'c'], body: lstmCell },
  /** Converts the gate o of an LSTM to its stored form in place and computes its hidden states. */
  lstmHiddenUnits: { pointers: ['zo', 'c', 'h'], body: lstmHidden },
  /**
   * Gradients of the pre-activations, the total dc, and in dcCarried its part through the forget gate. Sets dh to zero,
   * because a call to fill a row takes longer than the stores.
   */
  lstmBackwardUnits: {
    pointers: ['gi', 'gf', 'gg', 'go', 'cBefore', 'c', 'h', 'dh', 'dcCarried', 'dcTotal', 'di', 'df', 'dg', 'dO'],
    body: lstmBackward,
  },
  /** GRU with resetAfter: converts the gates in place, with q the recurrent product, and computes the states. */
  gruAfterUnits: { pointers: ['zz', 'zr', 'zg', 'q', 'hBefore', 'h'], body: gruAfter },
  /** GRU with resetAfter: gradients of the pre-activations and of q, and in dh its part through the update gate. */
  gruAfterBackwardUnits: {
    pointers: ['z', 'r', 'g', 'q', 'hBefore', 'dh', 'dz', 'dr', 'dg', 'dq'],
    body: gruAfterBackward,
  },
  /** GRU without resetAfter: converts z and r in place and computes r * hBefore. */
  gruResetUnits: { pointers: ['zz', 'zr', 'hBefore', 'resetState'], body: gruReset },
  /** GRU without resetAfter: computes the states. */
  gruBeforeUnits: { pointers: ['z', 'zg', 'hBefore', 'h'], body: gruBefore },
  /**
   * GRU without resetAfter: gradients of the pre-activations of z and g, r * hBefore again, and in dh its part through
   * the update gate.
   */
  gruBeforeBackwardUnits: {
    pointers: ['z', 'r', 'g', 'hBefore', 'dh', 'dz', 'dg', 'resetState'],
    body: gruBeforeBackward,
  },
  /**
   * GRU without resetAfter: converts the gradient of r * hBefore in dr to that of r's pre-activation, and adds its part
   * through r to dh.
   */
  gruResetBackwardUnits: { pointers: ['r', 'hBefore', 'dh', 'dr'], body: gruResetBackward },
  /** tanh in place, and its slopes. */
  tanhUnits: { pointers: ['values', 'slopes'], body: rnnTanh },
  /** Sets dh to zero too. */
  tanhBackwardUnits: { pointers: ['slopes', 'dh', 'dz'], body: rnnTanhBackward },
  reluUnits: {
    pointers: ['values'],
    body: (code) => code.store('values', code.atLeast(code.load('values'), code.constant('ZERO'))),
  },
  reluBackwardUnits: {
    pointers: ['h', 'dh', 'dz'],
    body: (code) => code.store('dz', code.unlessAtMost(code.load('h'), code.constant('ZERO'), code.load('dh'))),
  },
  adamUnits: { pointers: adamTensors, body: adam },
  addInto: {
    pointers: ['target', 'source'],
    body: (code) => code.store('target', code.add(code.load('target'), code.load('source'))),
  },
  /** target += source * scale */
  addScaled: {
    pointers: ['target', 'source'],
    numbers: ['scale'],
    body: (code) => code.store('target', code.madd(code.load('source'), code.parameter('scale'), code.load('target'))),
  },
  /** target += a * scaleA + b * scaleB + c * scaleC + d * scaleD, in this order. */
  addFourScaled: {
    pointers: ['target', 'a', 'b', 'c', 'd'],
    numbers: ['scaleA', 'scaleB', 'scaleC', 'scaleD'],
    body(code) {
      let sum = code.load('target');
      for (const source of ['a', 'b', 'c', 'd'])
        sum = code.madd(code.load(source), code.parameter(`scale${source.toUpperCase()}`), sum);
      code.store('target', sum);
    },
  },
  sumRows: {
    pointers: ['target', 'a', 'b'],
    body: (code) => code.store('target', code.add(code.load('a'), code.load('b'))),
  },
  /** to = e^(from - shift) */
  exponentials: {
    pointers: ['from', 'to'],
    numbers: ['shift'],
    body: (code) => code.store('to', exp(code, code.sub(code.load('from'), code.parameter('shift')))),
  },
  /** to = from * scale */
  scaledRow: {
    pointers: ['from', 'to'],
    numbers: ['scale'],
    body: (code) => code.store('to', code.mul(code.load('from'), code.parameter('scale'))),
  },
  /** Terms of the score of additive attention: v * tanh(query + key). */
  additiveTerms: {
    pointers: ['query', 'key', 'v', 'to'],
    body: (code) =>
      code.store('to', code.mul(code.load('v'), tanh(code, code.add(code.load('query'), code.load('key'))))),
  },
  /** Adds the gradients of the score of additive attention, given its own. */
  additiveGradient: {
    pointers: ['query', 'key', 'v', 'dQuery', 'dKey', 'dV'],
    numbers: ['by'],
    body: additiveBackward,
  },
  storedSigmoidRow: {
    pointers: ['from', 'to'],
    body: (code) => code.store('to', storedSigmoid(code, code.load('from'))),
  },
  tanhRow: { pointers: ['from', 'to'], body: (code) => code.store('to', tanh(code, code.load('from'))) },
};

/** Returns the source of the kernels' module `loops`. */
export function loopSource(instructions: Instructions): string {
  const functions = Object.entries(loops).map(([name, loop]) => loopFunction(instructions, name, loop));
  return ["import * as constants from './constants';", ...functions].join('\n');
}

/*
 * The forward pass of an LSTM is two loops. The operations of one number wait for each other, so that a processor is
 * only busy if it works on several numbers at once, and it sees a few hundred instructions at a time.
 */

function lstmCell(code: Lockstep): void {
  // A division takes as long as ten multiplications, so several functions share each.
  const [partsOfG, storedPartsOfG] = storedTanhParts(code, code.load('zg'));
  const [storedI, storedG, storedF, g] = fourQuotients(
    code,
    storedSigmoidParts(code, code.load('zi')),
    storedPartsOfG,
    storedSigmoidParts(code, code.load('zf')),
    partsOfG,
  );
  const input = code.mul(sigmoidValue(code, storedI), g);
  const c = code.madd(sigmoidValue(code, storedF), code.load('cBefore'), input);
  code.store('zi', storedI);
  code.store('zf', storedF);
  code.store('zg', storedG);
  code.store('c', c);
}

function lstmHidden(code: Lockstep): void {
  const o = storedSigmoidParts(code, code.load('zo'));
  const [storedO, tanhC] = quotients(code, o, tanhParts(code, code.load('c')));
  const h = code.mul(sigmoidValue(code, storedO), tanhC);
  code.store('zo', storedO);
  code.store('h', h);
}

function lstmBackward(code: Lockstep): void {
  const [i, f, o] = [code.load('gi'), code.load('gf'), code.load('go')];
  const [g, slopeOfC] = slopedStoredAndSlope(code, code.load('gg'), code.load('c'));
  const dh = code.load('dh');
  const dc = code.madd(code.mul(dh, sigmoidValue(code, o)), slopeOfC, code.load('dcCarried'));
  const di = code.mul(code.mul(dc, g.value), sigmoidSlope(code, i));
  const df = code.mul(code.mul(dc, code.load('cBefore')), sigmoidSlope(code, f));
  const dg = code.mul(code.mul(dc, sigmoidValue(code, i)), g.slope);
  // o tanh(c) = h, so the slope o (1 - o) times tanh(c) is h (1 - o).
  const dO = code.mul(code.mul(dh, code.load('h')), sigmoidComplement(code, o));
  const carried = code.mul(dc, sigmoidValue(code, f));
  code.store('di', di);
  code.store('df', df);
  code.store('dg', dg);
  code.store('dO', dO);
  code.store('dcTotal', dc);
  code.store('dcCarried', carried);
  code.store('dh', code.constant('ZERO'));
}

/** Stores g and h_t = z * h_{t-1} + (1 - z) * g. */
function gruFinish(code: Lockstep, storedZ: Value, sum: Value, hBefore: Value): void {
  const [g, storedG] = quotients(code, ...storedTanhParts(code, sum));
  code.store('zg', storedG);
  code.store('h', code.madd(sigmoidValue(code, storedZ), code.sub(hBefore, g), g));
}

/** Stores z and r. @returns both in stored form */
function gruGates(code: Lockstep): [storedZ: Value, storedR: Value] {
  const [z, r] = quotients(code, storedSigmoidParts(code, code.load('zz')), storedSigmoidParts(code, code.load('zr')));
  code.store('zz', z);
  code.store('zr', r);
  return [z, r];
}

function gruAfter(code: Lockstep): void {
  const [z, r] = gruGates(code);
  gruFinish(code, z, code.madd(sigmoidValue(code, r), code.load('q'), code.load('zg')), code.load('hBefore'));
}

function gruReset(code: Lockstep): void {
  const [, r] = gruGates(code);
  code.store('resetState', code.mul(sigmoidValue(code, r), code.load('hBefore')));
}

function gruBefore(code: Lockstep): void {
  gruFinish(code, code.load('z'), code.load('zg'), code.load('hBefore'));
}

/** Stores dz and dg, and in dh its part through the update gate. @returns dg */
function gruUpdateBackward(code: Lockstep, hBefore: Value): Value {
  const [z, dh] = [code.load('z'), code.load('dh')];
  const g = slopedStored(code, code.load('g'));
  const dz = code.mul(code.mul(dh, code.sub(hBefore, g.value)), sigmoidSlope(code, z));
  const dg = code.mul(code.mul(dh, sigmoidComplement(code, z)), g.slope);
  const carried = code.mul(dh, sigmoidValue(code, z));
  code.store('dz', dz);
  code.store('dg', dg);
  code.store('dh', carried);
  return dg;
}

function gruAfterBackward(code: Lockstep): void {
  const dg = gruUpdateBackward(code, code.load('hBefore'));
  const r = code.load('r');
  code.store('dr', code.mul(code.mul(dg, code.load('q')), sigmoidSlope(code, r)));
  code.store('dq', code.mul(dg, sigmoidValue(code, r)));
}

function gruBeforeBackward(code: Lockstep): void {
  const hBefore = code.load('hBefore');
  gruUpdateBackward(code, hBefore);
  code.store('resetState', code.mul(sigmoidValue(code, code.load('r')), hBefore));
}

function gruResetBackward(code: Lockstep): void {
  const [r, hBefore, dh, dResetState] = [code.load('r'), code.load('hBefore'), code.load('dh'), code.load('dr')];
  const dr = code.mul(code.mul(dResetState, hBefore), sigmoidSlope(code, r));
  const total = code.madd(dResetState, sigmoidValue(code, r), dh);
  code.store('dr', dr);
  code.store('dh', total);
}

function rnnTanh(code: Lockstep): void {
  const [value, slope] = slopedTanh(code, code.load('values'));
  code.store('values', value);
  code.store('slopes', slope);
}

function rnnTanhBackward(code: Lockstep): void {
  const dz = code.mul(code.load('dh'), code.load('slopes'));
  code.store('dz', dz);
  code.store('dh', code.constant('ZERO'));
}

function additiveBackward(code: Lockstep): void {
  const [value, slope] = slopedTanh(code, code.add(code.load('query'), code.load('key')));
  const by = code.parameter('by');
  const d = code.mul(code.mul(by, code.load('v')), slope);
  const [dQuery, dKey] = [code.add(code.load('dQuery'), d), code.add(code.load('dKey'), d)];
  const dV = code.madd(by, value, code.load('dV'));
  code.store('dQuery', dQuery);
  code.store('dKey', dKey);
  code.store('dV', dV);
}

/** Adam step (Kingma and Ba 2015, Algorithm 1), with constants from the job's arguments. */
function adam(code: Lockstep): void {
  const gradient = code.mul(code.load('gradient'), code.constant('GRADIENT_SCALE'));
  const m = code.madd(gradient, code.constant('ONE_MINUS_BETA1'), code.mul(code.load('m'), code.constant('BETA1')));
  const square = code.mul(gradient, gradient);
  const v = code.madd(square, code.constant('ONE_MINUS_BETA2'), code.mul(code.load('v'), code.constant('BETA2')));
  const root = code.squareRoot(code.mul(v, code.constant('V_CORRECTION')));
  const quotient = code.div(code.mul(m, code.constant('M_CORRECTION')), code.add(root, code.constant('EPSILON')));
  const weights = code.nmadd(quotient, code.constant('LEARNING_RATE'), code.load('weights'));
  code.store('newWeights', weights);
  code.store('newM', m);
  code.store('newV', v);
}
