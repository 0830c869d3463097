import type { ClassificationConfig } from './classificationData.ts';
import { tokenizeWords, type Word } from '../../../data/words/tokenizer.ts';
import { unicodeWords } from '../../../data/words/unicodeWords.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';

export type Tokens = ClassificationConfig['tokens'];

/** The unit of tokens, and how words are found and written. */
export type TokenRules = Pick<ClassificationConfig, 'tokens' | 'wordRules' | 'lowerCase' | 'stripAccents'>;

/** The tokens of a text in the form of the vocabulary, with their positions. */
export function tokenize(text: string, rules: TokenRules): Word[] {
  if (rules.tokens === 'word') return rules.wordRules === 'english' ? tokenizeWords(text) : unicodeWords(text, rules);
  let start = 0;
  return Array.from(text, (form) => {
    const end = start + form.length;
    const character = { form, start, end };
    start = end;
    return character;
  });
}

/** Separator between the tokens of an n-gram. */
export function separatorOf(tokens: Tokens): string {
  return tokens === 'word' ? ' ' : '';
}

export function idsOf(vocabulary: WordVocabulary, forms: readonly string[]): Int32Array {
  return Int32Array.from(forms, (form) => vocabulary.idOf(form));
}

/** Ids of a text; one `<unk>` for a text without a token. */
export function sequenceOf(vocabulary: WordVocabulary, forms: readonly string[]): Int32Array {
  return forms.length === 0 ? Int32Array.of(0) : idsOf(vocabulary, forms);
}
