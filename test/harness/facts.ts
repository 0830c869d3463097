import assert from 'node:assert/strict';

/** What a message must name whatever its wording: a file, a field, a value, a limit. A number is found as a whole. */
export type Fact = string | number;

/** Whether a text names each of the facts. */
export function names(text: string, ...facts: readonly Fact[]): boolean {
  return facts.every((fact) =>
    typeof fact === 'string' ? text.includes(fact) : new RegExp(`(?<![\\d.,])${fact}(?![\\d]|[.,]\\d)`).test(text),
  );
}

/** Asserts that a text names each of the facts. */
export function assertNames(text: string | undefined, ...facts: readonly Fact[]): void {
  for (const fact of facts) assert.ok(names(text ?? '', fact), `"${text}" does not name ${JSON.stringify(fact)}`);
}

/**
 * A check for `assert.throws` and `assert.rejects`: an error with these properties (its name, its code, its fields),
 * whose message names all the facts.
 */
export function errorWith(properties: object, ...facts: readonly Fact[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Error, String(error));
    for (const [key, value] of Object.entries(properties)) assert.deepEqual(Reflect.get(error, key), value);
    assertNames(error.message, ...facts);
    return true;
  };
}
