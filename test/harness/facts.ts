import assert from 'node:assert/strict';
import { say, type Text } from '../../src/phrases/phrase.ts';

/**
 * Fact that a message must contain in any wording: a file, field, value or limit. Numbers match as complete numbers.
 */
export type Fact = string | number;

/** True if a text contains all facts. */
export function names(message: Text, ...facts: readonly (Fact | Text)[]): boolean {
  const text = say(message);
  return facts.every((fact) =>
    typeof fact !== 'number' ? text.includes(say(fact)) : new RegExp(`(?<![\\d.,])${fact}(?![\\d]|[.,]\\d)`).test(text),
  );
}

/** Asserts that a text contains all facts. */
export function assertNames(message: Text | undefined, ...facts: readonly (Fact | Text)[]): void {
  const text = say(message ?? '');
  for (const fact of facts) assert.ok(names(text, fact), `"${text}" does not name ${JSON.stringify(fact)}`);
}

/**
 * Returns a check for `assert.throws` and `assert.rejects`: the error must have the given properties (name, code,
 * fields) and a message that contains all facts.
 */
export function errorWith(properties: object, ...facts: readonly Fact[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Error, String(error));
    for (const [key, value] of Object.entries(properties)) assert.deepEqual(Reflect.get(error, key), value);
    assertNames(error.message, ...facts);
    return true;
  };
}
