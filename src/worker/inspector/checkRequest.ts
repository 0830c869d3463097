import { ConfigError } from '../../config/parse.ts';
import {
  defaultRequest,
  type GenerationRequest,
  type RequestField,
  requestFields,
  type WriterForm,
} from '../../protocol/generation.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';

/** The options of the command line for the fields of a request, by which messages name them too. */
const OPTIONS: Readonly<Record<RequestField, string>> = {
  label: '--label',
  length: '--length',
  temperature: '--temperature',
  topK: '--top-k',
  topP: '--top-p',
  minP: '--min-p',
  repetitionPenalty: '--repetition-penalty',
  stop: '--stop',
  samples: '--samples',
  beam: '--beam',
  seed: '--seed',
};

const REFUSALS: Readonly<Record<WriterForm['kind'], (options: string) => Text>> = {
  continues: (options) => phrase('The model was trained without labels. Omit {0}.', options),
  labeled: (options) =>
    phrase(
      'The model writes texts for labels, one per line, up to the length, and does not use {0}. Omit it.',
      options,
    ),
  converts: (options) =>
    phrase('The model converts a text into the most likely other one, and does not use {0}. Omit it.', options),
};

/**
 * Checks that a kind of model uses what a request sets.
 * @throws ConfigError that names the fields without an effect
 */
export function checkRequest({ kind }: Pick<WriterForm, 'kind'>, request: GenerationRequest): void {
  const unused = (Object.keys(OPTIONS) as RequestField[]).filter(
    (field) => !requestFields[kind].includes(field) && request[field] !== defaultRequest[field],
  );
  if (unused.length === 0) return;
  throw new ConfigError(REFUSALS[kind](unused.map((field) => OPTIONS[field]).join(', ')), { fields: unused });
}
