import type { Generator } from '../../../src/random/generator.ts';
import { tokenizeWords } from '../../../src/data/words/tokenizer.ts';
import { lists, type RuleKind, rules, scopeRules } from './rules.ts';
import { type PartOfSpeech, type Polarity, polarWords } from './words.ts';

export interface TemplateSentence {
  readonly text: string;
  readonly polarity: Polarity;
}

/** Polarity of a word in the training data: log ratio of its smoothed frequencies in positive and negative texts. */
export type Leaning = (word: string) => number | undefined;

/** Limit of opposite polarity: words such as "problems" also occur in praise ("no problems"). */
const CONTRARY = 1;

/** Fraction of sentences about the scope of a negation, which is the hardest to learn. */
const SHARE_OF_SCOPE = 0.2;

const OPPOSITE = { positive: 'negative', negative: 'positive' } as const;

/**
 * Builds sentences with negation and contrast, which are too rare in reviews; half of them are positive.
 * @param leaning selects the polar words: those that occur in the training data and whose polarity it confirms
 */
export function templateSentences(count: number, leaning: Leaning, generator: Generator): TemplateSentence[] {
  const choose = <T>(from: readonly T[]): T => from[Math.floor(generator.nextUniform() * from.length)] as T;
  const sentences = new Map<string, TemplateSentence>();
  for (let round = 0; sentences.size < count; round++) {
    const polarity: Polarity = sentences.size % 2 === 0 ? 'positive' : 'negative';
    const group = generator.nextUniform() < SHARE_OF_SCOPE ? scopeRules : rules;
    const usable = (Object.entries(group) as [RuleKind, readonly string[]][]).filter(
      ([kind]) => kind !== OPPOSITE[polarity],
    );
    const [kind, rule] = choose(usable.flatMap(([each, those]) => those.map((rule) => [each, rule] as const)));
    const meant = kind === 'flip' ? OPPOSITE[polarity] : polarity;
    const polar = (hole: string): string => {
      const part = hole.slice(1) as PartOfSpeech;
      return choose(usableWords(part, hole.startsWith('@') ? meant : OPPOSITE[meant], leaning));
    };
    const text = finish(fill(rule, polar, choose), choose);
    if (!sentences.has(text)) sentences.set(text, { text, polarity });
  }
  return [...sentences.values()];
}

type Choose = <T>(from: readonly T[]) => T;

/** Expands alternatives from the inside out, then fills in polar words. */
function fill(rule: string, polar: (hole: string) => string, choose: Choose): string {
  let text = rule;
  while (/[<{]/.test(text)) {
    text = text
      .replaceAll(/<(\w+)>/g, (_, name: string) => lists[name as keyof typeof lists])
      .replaceAll(/\{([^{}<]*)\}/g, (_, alternatives: string) => choose(alternatives.split('|')));
  }
  return text.replaceAll(/[@~]\w+/g, polar);
}

/** Ends a sentence with a period, an exclamation mark or nothing. */
function finish(text: string, choose: Choose): string {
  const end = choose(['', ' .', ' .', ' !']);
  return `${text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\ba (?=[aeiou])/g, 'an ')
    .trim()}${end}`;
}

/** Phrases of a part of speech and polarity that occur in the training data and that it does not contradict. */
function usableWords(part: PartOfSpeech, polarity: Polarity, leaning: Leaning): readonly string[] {
  const sign = polarity === 'positive' ? 1 : -1;
  return polarWords[part][polarity].filter((phrase) => {
    const leanings = tokenizeWords(phrase).map(({ form }) => leaning(form));
    if (leanings.length > 1) return leanings.every((each) => each !== undefined);
    const [sole] = leanings;
    return sole !== undefined && sign * sole > -CONTRARY;
  });
}
