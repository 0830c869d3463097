import * as l10n from '@vscode/l10n';
import { parseRunConfig, setField } from '../../config/parse.ts';
import type { RunConfig } from '../../config/schema.ts';
import { StartCancelled } from './liveRun.ts';

/** A field of the configuration that resolves a refusal. */
interface Answer {
  readonly title: string;
  readonly field: string;
  readonly value: string;
}

/** A question about data that the trainer refuses. */
export interface Question {
  readonly title: string;
  /** The reason of the trainer. */
  readonly detail: string;
  readonly answers: readonly Answer[];
}

/** Asks the user. @returns the chosen answer, or undefined if the user cancels */
export type Ask = (question: Question) => PromiseLike<Answer | undefined>;

/** The refusals that the user can resolve, by the codes of their `InputError`. */
const refusals: Readonly<Record<string, () => Omit<Question, 'detail'>>> = {
  'many-missing': () => ({
    title: l10n.t('Many values of a column are missing. Train anyway?'),
    answers: [{ title: l10n.t('Repeat the Value Before Each'), field: 'task.missing', value: 'previous' }],
  }),
};

/**
 * Begins a run, and again with the answer of the user if the trainer refuses data for a reason that an answer resolves.
 * @param begin rejects if the run cannot begin
 * @throws StartCancelled if the user cancels, and what `begin` throws for other reasons
 */
export async function withAnswers<Begun>(
  config: RunConfig,
  begin: (config: RunConfig) => Promise<Begun>,
  ask: Ask,
): Promise<Begun> {
  try {
    return await begin(config);
  } catch (error) {
    const question = questionAbout(error);
    if (!question) throw error;
    const answer = await ask(question);
    if (!answer) throw new StartCancelled('The user did not resolve a refusal.');
    return withAnswers(parseRunConfig(setField(config, answer.field, answer.value)), begin, ask);
  }
}

function questionAbout(error: unknown): Question | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const about = Object.entries(refusals).find(([code]) => code === error.code)?.[1];
  return about && { ...about(), detail: error.message };
}
