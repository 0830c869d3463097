import type { RangeTest } from '../../../src/catalog/study/rangeTest.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';

const { learningRate } = parseRunConfig({}).training;

/** Learning rates that can be read from a range test, by the name of the rule; null if a rule gives none. */
export const RULES: Readonly<Record<string, (test: RangeTest) => number | null>> = {
  // Howard and Gugger 2020 call it "steep"; Smith 2017 reads the beginning of the fall.
  'where the loss falls fastest': ({ steepest }) => steepest,
  'a tenth of the lowest': ({ lowest }) => lowest / 10,
  'a fifth of the lowest': ({ lowest }) => lowest / 5,
  'a third of the lowest, which is suggested': ({ suggested }) => suggested,
  'the lowest': ({ lowest }) => lowest,
  'a tenth of where it diverges': ({ diverges }) => diverges && diverges / 10,
  'the default, without a test': () => learningRate,
};
