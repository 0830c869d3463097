import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AllResults, CHOICES, type Comparison, type Results, RESULTS } from '../../scripts/lib/interopMatrix.ts';
import type { PortableShape } from '../../src/interop/portable.ts';

/**
 * What came of a network: its largest difference relative to the largest value, that it was refused, or that it was read as
 * another structure.
 */
export type Outcome = { readonly difference: number; readonly spelled: boolean } | 'refused' | 'other';

/**
 * Compares the results of a format with those that are recorded for the documentation: the same networks work, and none
 * differs by more. With `SEQUENCE_LAB_RECORD=1` they are recorded.
 */
export function checkResults(
  comparison: Comparison,
  format: string,
  outcomes: readonly { readonly shape: PortableShape; readonly outcome: Outcome }[],
): void {
  const found = Object.fromEntries(
    CHOICES.flatMap(([title, has]) => {
      const own = outcomes.filter(({ shape }) => has(shape)).map(({ outcome }) => outcome);
      return own.length === 0 ? [] : [[title, resultsOf(own)] as const];
    }),
  );
  const recorded = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as AllResults) : {};
  if (process.env['SEQUENCE_LAB_RECORD'] === '1') {
    const changed = { ...recorded, [comparison]: { ...recorded[comparison], [format]: found } };
    writeFileSync(RESULTS, `${JSON.stringify(changed, undefined, 2)}\n`);
    return;
  }
  const own = recorded[comparison]?.[format];
  const advice = `${comparison}, ${format}: run the tests with SEQUENCE_LAB_RECORD=1, and then "npm run generate"`;
  assert.ok(own, advice);
  assert.deepEqual(Object.keys(own), Object.keys(found), advice);
  for (const [title, { difference, ...counts }] of Object.entries(found)) {
    const { difference: most = 0, ...others } = own[title] ?? {};
    assert.deepEqual(counts, others, `${title}: ${advice}`);
    assert.ok(difference <= most, `${title}, ${difference}: ${advice}`);
  }
}

function resultsOf(outcomes: readonly Outcome[]): Results {
  const working = outcomes.filter((outcome) => typeof outcome !== 'string');
  const other = outcomes.filter((outcome) => outcome === 'other').length;
  const largest = working.reduce((most, { difference }) => Math.max(most, difference), 0);
  return {
    works: working.length,
    spelled: working.filter(({ spelled }) => spelled).length,
    refused: outcomes.length - working.length - other,
    ...(other > 0 && { other }),
    difference: roundedUp(largest),
  };
}

/** The next power of ten, but not below the rounding of float32, which differs between processors. */
function roundedUp(difference: number): number {
  return difference === 0 ? 0 : Number(`1e${Math.max(-6, Math.ceil(Math.log10(difference)))}`);
}
