import type { ClassificationConfig } from './classificationData.ts';
import type { TokenizerWords } from '../../../data/tokenizers/tokenizerWords.ts';
import { tokenizeWords, type Word } from '../../../data/words/tokenizer.ts';
import { unicodeWords } from '../../../data/words/unicodeWords.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';

export type Tokens = ClassificationConfig['tokens'];

/** The unit of tokens, and how words are found and written. */
export interface TokenRules extends Pick<ClassificationConfig, 'tokens' | 'wordRules' | 'lowerCase' | 'stripAccents'> {
  /** Finds subwords. */
  readonly tokenizer?: TokenizerWords | undefined;
}

/** The tokens of a text in the form of the vocabulary, with their positions. */
export function tokenize(text: string, rules: TokenRules): Word[] {
  if (rules.tokens === 'subword' && rules.tokenizer) return rules.tokenizer.words(text);
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
  return tokens === 'character' ? '' : ' ';
}

export function idsOf(vocabulary: WordVocabulary, forms: readonly string[]): Int32Array {
  return Int32Array.from(forms, (form) => vocabulary.idOf(form));
}

/** Ids of a text; one `<unk>` for a text without a token. */
export function sequenceOf(vocabulary: WordVocabulary, forms: readonly string[]): Int32Array {
  return forms.length === 0 ? Int32Array.of(0) : idsOf(vocabulary, forms);
}
