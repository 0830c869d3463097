import type { RangeTest } from '../../../src/catalog/study/rangeTest.ts';
import type { RunConfig } from '../../../src/config/schema.ts';

/** Learning rates that can be read from a range test, by the name of the rule; null if a rule gives none. */
export const RULES: Readonly<Record<string, (test: RangeTest, config: RunConfig) => number | null>> = {};
