/** The part of `node:assert/strict` that the unit tests use, in a browser. */

class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

type Message = string | Error | undefined;
type Expected = RegExp | (new (...args: never[]) => Error) | ((error: unknown) => boolean) | object;

function shown(value: unknown): string {
  const text = JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint' || typeof each === 'undefined' || each instanceof Error ? String(each) : each,
  );
  return (text ?? String(value)).slice(0, 2000);
}

function check(holds: boolean, message: Message, usual: () => string): void {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new AssertionError(message === undefined ? usual() : `${message}: ${usual()}`);
}

type Keyed = Readonly<Record<PropertyKey, unknown>>;

/** Whether two values are equal in structure, with the same prototypes and own properties. */
function isDeepEqual(a: unknown, b: unknown, seen = new Map<unknown, unknown>()): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && b instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && isDeepEqual(value, b.get(key), seen));
  if (a instanceof Set && b instanceof Set)
    return (
      a.size === b.size && [...a].every((each) => b.has(each) || [...b].some((other) => isDeepEqual(each, other, seen)))
    );
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && !(a instanceof DataView)) {
    const [x, y] = [a, b] as unknown as ArrayLike<unknown>[];
    return x!.length === y!.length && Array.prototype.every.call(x, (each, index) => Object.is(each, y![index]));
  }
  const keys = (value: object) =>
    Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
  const [own, other] = [keys(a), keys(b)];
  if (Array.isArray(a) && a.length !== (b as unknown as unknown[]).length) return false;
  return (
    own.length === other.length &&
    own.every((key) => Object.hasOwn(b, key) && isDeepEqual((a as Keyed)[key], (b as unknown as Keyed)[key], seen))
  );
}

function isExpected(error: unknown, expected: Expected | undefined): boolean {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected !== 'function')
    return Object.entries(expected).every(([key, value]) => {
      const actual = (error as Keyed)[key];
      return value instanceof RegExp && typeof actual === 'string' ? value.test(actual) : isDeepEqual(actual, value);
    });
  if (expected.prototype !== undefined && error instanceof (expected as new () => Error)) return true;
  if (expected === Error || expected.prototype instanceof Error) return false;
  return (expected as (error: unknown) => boolean)(error);
}

function checkThrown(error: unknown, expected: Expected | string | undefined): void {
  const wanted = typeof expected === 'string' ? undefined : expected;
  check(isExpected(error, wanted), undefined, () => `Another error than expected: ${String(error)}`);
}

const NONE = {};

function ok(value: unknown, message?: Message): void {
  check(Boolean(value), message, () => `${shown(value)} is not truthy`);
}

const assert = Object.assign(ok, {
  ok,
  AssertionError,
  fail(message?: Message): never {
    throw message instanceof Error ? message : new AssertionError(message ?? 'Failed');
  },
  equal: (a: unknown, b: unknown, message?: Message) =>
    check(Object.is(a, b), message, () => `${shown(a)} is not ${shown(b)}`),
  notEqual: (a: unknown, b: unknown, message?: Message) =>
    check(!Object.is(a, b), message, () => `${shown(a)} is not expected`),
  deepEqual: (a: unknown, b: unknown, message?: Message) =>
    check(isDeepEqual(a, b), message, () => `${shown(a)} does not equal ${shown(b)}`),
  notDeepEqual: (a: unknown, b: unknown, message?: Message) =>
    check(!isDeepEqual(a, b), message, () => `${shown(a)} is not expected`),
  match: (text: string, pattern: RegExp, message?: Message) =>
    check(pattern.test(text), message, () => `${shown(text)} does not match ${pattern}`),
  doesNotMatch: (text: string, pattern: RegExp, message?: Message) =>
    check(!pattern.test(text), message, () => `${shown(text)} matches ${pattern}`),
  throws(action: () => unknown, expected?: Expected | string, message?: Message): void {
    let thrown: unknown = NONE;
    try {
      action();
    } catch (error) {
      thrown = error;
    }
    check(thrown !== NONE, message, () => 'No error was thrown.');
    checkThrown(thrown, expected);
  },
  doesNotThrow: (action: () => unknown) => void action(),
  async rejects(
    action: Promise<unknown> | (() => Promise<unknown>),
    expected?: Expected | string,
    message?: Message,
  ): Promise<void> {
    const thrown: unknown = await (typeof action === 'function' ? action() : action).then(
      () => NONE,
      (error: unknown) => error,
    );
    check(thrown !== NONE, message, () => 'The promise was not rejected.');
    checkThrown(thrown, expected);
  },
  async doesNotReject(action: Promise<unknown> | (() => Promise<unknown>)): Promise<void> {
    await (typeof action === 'function' ? action() : action);
  },
});

export default assert;
