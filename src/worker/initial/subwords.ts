import { TokenizerVocabulary } from '../../data/tokenizers/tokenizerVocabulary.ts';
import { TokenizerWords } from '../../data/tokenizers/tokenizerWords.ts';
import { WordVocabulary } from '../../data/words/vocabulary.ts';
import { ConfigError } from '../../config/parse.ts';
import { phrase } from '../../phrases/phrase.ts';
import { type InitialModel, keptVocabulary } from './initialModel.ts';

/** Names that other programs give to padding. */
export const PADDING = /^(?:<pad>|\[pad\]|<padding>|pad)$/i;

/**
 * The vocabulary of a classifier of subwords: that of the model that it begins with.
 * @param folder of a run that is resumed
 * @throws ConfigError for a run that begins with random weights, because a tokenizer is not learned
 */
export async function subwordsOf(
  folder: string | undefined,
  initial: InitialModel | undefined,
): Promise<WordVocabulary> {
  const json = await jsonOf(folder, initial);
  return TokenizerVocabulary.isJson(json)
    ? subwordVocabulary(new TokenizerWords(TokenizerVocabulary.fromJSON(json).tokenizer))
    : WordVocabulary.fromJSON(json);
}

/** The vocabulary of a language model of subwords. @throws ConfigError as `subwordsOf` */
export async function subwordTokens(
  folder: string | undefined,
  initial: InitialModel | undefined,
): Promise<TokenizerVocabulary> {
  return TokenizerVocabulary.fromJSON(await jsonOf(folder, initial));
}

/** The tokens of a tokenizer as words of a classifier, which pads texts itself. */
export function subwordVocabulary(tokenizer: TokenizerWords): WordVocabulary {
  const words = tokenizer.forms.filter((form) => form !== TokenizerWords.UNKNOWN && !PADDING.test(form));
  return WordVocabulary.of(words, tokenizer);
}

async function jsonOf(folder: string | undefined, initial: InitialModel | undefined): Promise<unknown> {
  if (initial) return JSON.parse(String(initial.files['vocabulary.json']));
  if (folder !== undefined) return keptVocabulary(folder);
  throw new ConfigError(
    phrase(
      'task.tokens: "subword" takes the tokenizer of an imported model. Begin with its weights (--from), or choose other tokens.',
    ),
    { fields: ['task.tokens'] },
  );
}
