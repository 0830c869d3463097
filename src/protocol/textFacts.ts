import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type { RunConfig } from '../config/schema.ts';
import { isLongEnough, tokensNeeded, trainingTokens } from '../config/textLength.ts';

/** What is known of a text before it is trained on. */
export const textFacts = z.object({
  name: z.string(),
  /** Number of characters; of a large text an upper bound. */
  characters: z.int().min(0),
  /** Number of different characters in the training part; null if the text is large. */
  symbols: z.int().min(0).nullable(),
  /** Why the text cannot be read; null if it can, as far as its beginning shows. */
  refused: z.enum(['empty', 'binary']).nullable(),
});

export type TextFacts = z.output<typeof textFacts>;

/** Why training on a text cannot start. */
export interface TextProblem {
  /** Dotted path of the field to change. */
  readonly path: string;
  readonly reason: string;
}

const refusals: Readonly<Record<NonNullable<TextFacts['refused']>, (name: string) => string>> = {
  empty: (name) => l10n.t('"{0}" is empty. Choose a file that contains text.', name),
  binary: (name) =>
    l10n.t('"{0}" is a binary file or in another encoding. Choose a text file in UTF-8 or UTF-16.', name),
};

/** Finds out before the start whether a language model can be trained on a text; undefined if nothing speaks against it. */
export function textProblem(
  facts: TextFacts,
  { task, data }: Pick<RunConfig, 'task' | 'data'>,
): TextProblem | undefined {
  if (task.name !== 'language-model') return undefined;
  const { name, refused, characters } = facts;
  if (refused) return { path: 'data.train', reason: refusals[refused](name) };
  // A text has no more words than characters.
  if (isLongEnough(characters, data)) return undefined;
  const isWindow = trainingTokens(characters, data) <= data.sequenceLength;
  return {
    path: isWindow ? 'data.sequenceLength' : 'data.validationShare',
    reason: l10n.t(
      '"{0}" is too short: it has {1} characters, and {2} are needed with a window of {3} and a validation share of {4}.',
      name,
      characters,
      tokensNeeded(characters, data),
      data.sequenceLength,
      data.validationShare,
    ),
  };
}
