import type { Generator } from '../../src/random/generator.ts';
import type { Contract } from '../../src/protocol/rpc.ts';
import { HOSTILE } from './hostile.ts';
import { sampleOf } from './sample.ts';

/** A message of the RPC, or what comes in place of one. */
export type Message = unknown;

/** Values that take the place of a part of a message. */
const ODD: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => NaN,
  () => -1,
  () => 2 ** 53,
  () => Infinity,
  () => -0,
  () => 1n,
  () => '',
  () => [],
  () => ({}),
  () => [[[[[]]]]],
  () => ({ length: 2 ** 32 }),
  () => new Array<undefined>(50),
  () => new Map([['__proto__', { harmed: 'map' }]]),
  () => new Date(NaN),
  () => new Uint8Array(3),
  () => JSON.parse('{"__proto__": {"harmed": "own property"}}') as unknown,
  () => ({ constructor: { prototype: { harmed: 'constructor' } } }),
  () => nested(2000),
];

/** Names that functions of objects have, which are not functions of a contract. */
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupGetter__',
  'then',
];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { phrase: '{0}', values: value };
  return value;
}

/** A message that an end accepts, as far as the parts of its schema decide. */
export function validMessage(contract: Contract, name: string, random: Generator): Message {
  const { args, result } = contract[name] ?? {};
  if (!args) throw new RangeError(`The contract has no function ${name}.`);
  return { m: name, a: sampleOf(args, random), t: 'q', ...(result ? { i: `call-${random.nextBelow(1e9)}` } : {}) };
}

/** An answer to a call, or the error of one. */
export function answerMessage(random: Generator): Message {
  const answer = { t: 's', i: `call-${random.nextBelow(1e9)}` };
  const error = { name: 'CodedError', message: { phrase: 'No {0}.', values: [HOSTILE[0], 1] }, code: 'no' };
  return random.nextBelow(2) === 0 ? { ...answer, r: [1, 'a'] } : { ...answer, e: error };
}

/** A message with up to three changes in places at any depth. */
export function mutatedMessage(message: Message, random: Generator): Message {
  let changed = message;
  for (let i = 1 + random.nextBelow(3); i > 0; i--) changed = changedIn(changed, random);
  return changed;
}

/** The same value with one place changed. */
function changedIn(value: unknown, random: Generator): unknown {
  const odd = (): unknown => ODD[random.nextBelow(ODD.length)]?.();
  if (random.nextBelow(6) === 0) return oneOf([odd(), oneOf(HOSTILE, random)], random);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const at = random.nextBelow(items.length + 1);
    const changes = [
      () => items.toSpliced(at, 1),
      () => items.toSpliced(at, 0, odd()),
      () => Array.from({ length: random.nextBelow(20) }, () => items).flat(),
      ...repeated(5, () => (at < items.length ? items.with(at, changedIn(items[at], random)) : items)),
    ];
    return oneOf(changes, random)();
  }
  if (isPlain(value)) {
    const names = Object.keys(value);
    const name = names[random.nextBelow(names.length)] ?? '';
    const changes = [
      () => withField(value, oneOf([...NAMES, ...HOSTILE], random), odd()),
      () => Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)),
      ...repeated(5, () => withField(value, name, changedIn(value[name], random))),
    ];
    return oneOf(changes, random)();
  }
  if (typeof value === 'number') return oneOf([-value, value + 0.5, value * 1e9, NaN, Infinity, String(value)], random);
  if (typeof value === 'string') return oneOf([...HOSTILE, ...NAMES, value.slice(1), value.repeat(3)], random);
  return odd();
}

function repeated<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

function oneOf<T>(values: readonly T[], random: Generator): T {
  const value = values[random.nextBelow(values.length)];
  return value as T;
}

/** A copy with an own property of any name, as JSON and messages can have it. */
function withField(object: object, name: string, value: unknown): object {
  const copy = Object.fromEntries(Object.entries(object));
  return Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
