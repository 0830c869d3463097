import type { Instructions } from './dialects.ts';
import { exp, sigmoid, sigmoidSlope, tanh, tanhSlope } from './formulas.ts';
import { type Lockstep, type Loop, loopFunction } from './lockstep.ts';

/** Every loop over numbers that do not depend on each other. */
const loops: Record<string, Loop> = {
  /** Activates the gates of an LSTM in place and makes its states. */
  lstmForwardUnits: { pointers: ['zi', 'zf', 'zg', 'zo', 'cBefore', 'c', 'h'], body: lstmForward },
  /** The gradients of the gates' sums, the total dc, and in dcCarried what of it flows on through the forget gate. */
  lstmBackwardUnits: {
    pointers: ['gi', 'gf', 'gg', 'go', 'cBefore', 'c', 'dh', 'dcCarried', 'dcTotal', 'di', 'df', 'dg', 'dO'],
    body: lstmBackward,
  },
  adamUnits: { pointers: ['weights', 'm', 'v', 'gradient', 'newWeights', 'newM', 'newV'], body: adam },
  addInto: {
    pointers: ['target', 'source'],
    body: (code) => code.store('target', code.add(code.load('target'), code.load('source'))),
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
  scaleRow: {
    pointers: ['values'],
    numbers: ['scale'],
    body: (code) => code.store('values', code.mul(code.load('values'), code.parameter('scale'))),
  },
  sigmoidRow: { pointers: ['from', 'to'], body: (code) => code.store('to', sigmoid(code, code.load('from'))) },
  tanhRow: { pointers: ['from', 'to'], body: (code) => code.store('to', tanh(code, code.load('from'))) },
};

/** The module `loops`. */
export function loopSource(instructions: Instructions): string {
  const functions = Object.entries(loops).map(([name, loop]) => loopFunction(instructions, name, loop));
  return ["import * as constants from './constants';", ...functions].join('\n');
}

function lstmForward(code: Lockstep): void {
  const i = sigmoid(code, code.load('zi'));
  const f = sigmoid(code, code.load('zf'));
  const g = tanh(code, code.load('zg'));
  const o = sigmoid(code, code.load('zo'));
  const c = code.madd(f, code.load('cBefore'), code.mul(i, g));
  const h = code.mul(o, tanh(code, c));
  code.store('zi', i);
  code.store('zf', f);
  code.store('zg', g);
  code.store('zo', o);
  code.store('c', c);
  code.store('h', h);
}

function lstmBackward(code: Lockstep): void {
  const [i, f, g, o] = [code.load('gi'), code.load('gf'), code.load('gg'), code.load('go')];
  const tanhC = tanh(code, code.load('c'));
  const dh = code.load('dh');
  const dc = code.madd(code.mul(dh, o), tanhSlope(code, tanhC), code.load('dcCarried'));
  const di = code.mul(code.mul(dc, g), sigmoidSlope(code, i));
  const df = code.mul(code.mul(dc, code.load('cBefore')), sigmoidSlope(code, f));
  const dg = code.mul(code.mul(dc, i), tanhSlope(code, g));
  const dO = code.mul(code.mul(dh, tanhC), sigmoidSlope(code, o));
  const carried = code.mul(dc, f);
  code.store('di', di);
  code.store('df', df);
  code.store('dg', dg);
  code.store('dO', dO);
  code.store('dcTotal', dc);
  code.store('dcCarried', carried);
}

/** Adam (Kingma and Ba 2015, Algorithm 1); the job's arguments hold its numbers. */
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
