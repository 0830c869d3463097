import * as l10n from '@vscode/l10n';
import * as z from 'zod';

/**
 * A sentence for the user: its English template, which is also its key in the bundles of translations, and the values
 * for the placeholders `{0}`, `{1}` ... of the template.
 *
 * The trainer sends and stores phrases. Whoever shows one calls `say`, which formats it in the language of its process:
 * that of VS Code in the extension host and in its pages, English everywhere else.
 */
export interface Phrase {
  readonly phrase: string;
  readonly values?: readonly PhraseValue[] | undefined;
}

/** Value of a placeholder. A nested phrase is formatted in the same language. */
export type PhraseValue = string | number | Phrase;

/** Text for the user: a phrase, or text that is the same in every language, such as a name. */
export type Text = string | Phrase;

const phraseSchema: z.ZodType<Phrase> = z.strictObject({
  phrase: z.string(),
  get values() {
    return z
      .array(z.union([z.string(), z.number(), phraseSchema]))
      .readonly()
      .optional();
  },
});

/** Schema of a `Text`. */
export const text: z.ZodType<Text> = z.union([z.string(), phraseSchema]);

/**
 * Creates a phrase.
 * @param template English, with placeholders: a literal, so that `npm run generate` finds it for the bundles
 */
export function phrase(template: string, ...values: readonly PhraseValue[]): Phrase {
  return values.length === 0 ? { phrase: template } : { phrase: template, values };
}

/** Joins sentences with a space; empty ones are left out. */
export function sentences(...parts: readonly (Text | undefined)[]): Text {
  return joined(parts, ' ');
}

/** Joins texts with a separator; empty ones are left out. */
export function joined(parts: readonly (Text | undefined)[], separator: string): Text {
  const present = parts.filter((part): part is Text => part !== undefined && part !== '');
  const [first = '', ...rest] = present;
  if (rest.length === 0) return first;
  return { phrase: present.map((_, index) => `{${index}}`).join(separator), values: present };
}

/** Formats a text in the language of this process. */
export function say(value: Text): string {
  if (typeof value === 'string') return value;
  const values = (value.values ?? []).map((each) => (typeof each === 'object' ? say(each) : String(each)));
  return l10n.t(value.phrase, ...values);
}

/** Whether a value is a phrase. */
function isPhrase(value: unknown): value is Phrase {
  return typeof value === 'object' && value !== null && 'phrase' in value && phraseSchema.safeParse(value).success;
}

/** JSON of a value whose phrases are written as sentences, for the output of the command line. */
export function spokenJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, each: unknown) => (isPhrase(each) ? say(each) : each), indent);
}

/** Error whose message is a phrase, so that it can be shown in the language of VS Code. */
export class PhrasedError extends Error {
  readonly #text: Text;

  constructor(message: Text, options?: ErrorOptions) {
    super(say(message), options);
    this.#text = message;
  }

  /** The message as it crosses a boundary; `message` is the same in the language of this process. */
  get text(): Text {
    return this.#text;
  }
}
