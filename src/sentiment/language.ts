import type { Word } from '../data/words/tokenizer.ts';

/**
 * Language of a text, guessed from function words and script; `unknown` if the text is too short. The vocabulary is no
 * help, because pretrained word vectors cover many foreign words.
 */
export type LanguageHint = 'english' | 'other' | 'unknown';

const ENGLISH =
  words(`the a an of and to is it was this that i you he she we they my your his her its our their in on for with as at be are
  were been have has had do does did not but if so very all from by or what which who when there would can could will just more than about
  no me him them one out up too`);

/**
 * Function words of French, Spanish, German, Italian, Portuguese, Dutch, Swedish, Polish and Turkish that English does
 * not have them.
 */
const OTHERS =
  words(`le la les de des du et est un une dans pour pas que qui ce cette sur avec je tu il elle nous vous mais tres plus sont
  el los las y es en por con para una del muy pero como mi su esta este lo se der die das und ist nicht ein eine mit zu den von war ich sehr
  auch aber auf dem wir sie es il di che non e per sono molto questo questa della o os um uma nao com para muito foi het een van niet maar
  zijn dat met heel voor det ar och att som inte jag mycket nie jest sie to na bardzo ale bir ve bu cok ama icin`);

/** Fewest words to guess a language from; fewer may be names, exclamations or a title. */
const ENOUGH = 3;

/**
 * Guesses whether a text is English.
 * @param words lower-cased and without accents, as the tokenizer returns them
 */
export function languageHint(words: readonly Word[]): LanguageHint {
  const forms = words.map(({ form }) => form).filter((form) => /\p{L}/u.test(form));
  if (forms.length === 0) return 'unknown';
  const latin = forms.filter((form) => /\p{Script=Latin}/u.test(form)).length;
  if (latin < forms.length / 2) return 'other';
  const english = forms.filter((form) => ENGLISH.has(form)).length;
  const others = forms.filter((form) => OTHERS.has(form)).length;
  if (others > english && forms.length >= ENOUGH) return 'other';
  return english > 0 ? 'english' : 'unknown';
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
