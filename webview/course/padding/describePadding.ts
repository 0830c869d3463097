import * as l10n from '@vscode/l10n';
import type { PaddingResult } from '../../../src/protocol/lessons/padding.ts';
import { DIMENSIONS } from '../../../src/protocol/lessons/texts.ts';
import { formatNumber } from '../../charts/number.ts';

/** Value of the filter at one step: what each position in the window contributes. */
export interface WindowSum {
  readonly terms: readonly { readonly name: string; readonly share: number }[];
  /** Sum of the terms and the bias, before the ReLU. */
  readonly sum: number;
  readonly value: number;
}

export interface FilteredTexts {
  readonly result: PaddingResult;
  /** `[width, DIMENSIONS]` */
  readonly filter: readonly (readonly number[])[];
  readonly bias: number;
}

/** Works out the value of the filter at a step of a text. Positions before the first and after the last step add nothing. */
export function derivationAt(
  { result, filter, bias }: FilteredTexts,
  text: number,
  step: number,
  masked: boolean,
): WindowSum {
  const { words, vocabulary, timeSteps, padded, vectors } = result;
  const end = masked ? (words[text]?.length ?? 0) : timeSteps;
  const before = Math.floor((filter.length - 1) / 2);
  const terms = filter.flatMap((weights, i) => {
    const t = step - before + i;
    if (t < 0 || t >= timeSteps) return [];
    const at = text * timeSteps + t;
    const name = vocabulary[padded[at] ?? 0] ?? '';
    const product = weights.reduce((sum, weight, d) => sum + weight * (vectors[at * DIMENSIONS + d] ?? 0), 0);
    return [{ name, share: t < end ? product : 0 }];
  });
  const sum = terms.reduce((total, { share }) => total + share, bias);
  return { terms, sum, value: Math.max(0, sum) };
}

/** What the padding does to each padded sentence. */
export function describePadding({ words, timeSteps, unmasked, masked }: PaddingResult): string[] {
  const padded = words.flatMap((each, i) => (each.length < timeSteps ? [i] : []));
  if (padded.length === 0)
    return [l10n.t('All sentences have the same length, so nothing is padded. Add a longer or a shorter one.')];
  const number = (values: readonly number[], i: number) => formatNumber(values[i] ?? 0);
  return [
    ...padded.map((i) => {
      const length = words[i]?.length ?? 0;
      const at = unmasked.maxAt[i] ?? 0;
      if (unmasked.max[i] === masked.max[i])
        return l10n.t(
          'Sentence {0} has {1} words and {2} steps of padding. Its maximum is {3} with and without a mask; its mean is {4} without a mask and {5} with one.',
          i + 1,
          length,
          timeSteps - length,
          number(masked.max, i),
          number(unmasked.mean, i),
          number(masked.mean, i),
        );
      return at >= length
        ? l10n.t(
            'Sentence {0} has {1} words and {2} steps of padding. Without a mask its maximum, {3}, is at step {4}, where there is no word; with a mask it is {5}, at step {6}.',
            i + 1,
            length,
            timeSteps - length,
            number(unmasked.max, i),
            at + 1,
            number(masked.max, i),
            (masked.maxAt[i] ?? 0) + 1,
          )
        : l10n.t(
            'Sentence {0} has {1} words and {2} steps of padding. Its maximum is {3} without a mask, because the window at step {4} reads padding, and {5} with one.',
            i + 1,
            length,
            timeSteps - length,
            number(unmasked.max, i),
            at + 1,
            number(masked.max, i),
          );
    }),
    l10n.t('With a mask, the values of a sentence do not depend on how long the other sentences are.'),
  ];
}
