import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import type { Drawing } from '../config/drawing.ts';
import type { GeneratedPiece, GeneratedText } from '../protocol/generation.ts';
import { generate } from '../worker/generate.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { ExitCode } from './exitCodes.ts';

/** Options of `sequence-lab generate`. */
export interface GenerateFlags extends Omit<Drawing, 'stop'> {
  readonly prompt: string;
  readonly label?: string;
  readonly length: number;
  /** Strings that end a text, in which `\\n` is a line break. */
  readonly stop: readonly string[];
  readonly samples: number;
  readonly beam: number;
  readonly seed: number;
  readonly json: boolean;
}

/**
 * `sequence-lab generate`: prints the prompt and its continuation, or one text of a label per line, while they are
 * generated; or several texts; or an object for each text with the probabilities of its tokens. An interrupt ends it
 * early.
 */
export async function generateText(run: string, { json, stop, label, ...options }: GenerateFlags): Promise<void> {
  const folder = findRun(run);
  const { config } = await readOwnRecord(folder);
  prepareNativeEnvironment(config.threads);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const { prompt, samples, beam } = options;
  const isStreamed = !json && samples === 1 && beam === 1;
  // Texts of a label contain the prompt already.
  const head = config.task.name === 'language-model' ? prompt : '';
  const write = (text: string) => void process.stdout.write(text);
  if (isStreamed) write(head);
  const texts = await generate(
    {
      folder,
      ...options,
      label: label ?? null,
      stop: stop.map((text) => text.replaceAll('\n', '\\n')).join('\n'),
      describe: json,
      backends: backendOptions(),
    },
    (piece) => isStreamed && write(piece),
    interrupt.signal,
  );
  if (isStreamed) write('\n');
  else if (json)
    for (const [index, text] of texts.entries()) write(`${JSON.stringify(inJson(index + 1, prompt, text))}\n`);
  else for (const [index, text] of texts.entries()) write(`${headingOf(index, text)}\n${head}${text.text}\n`);
  if (interrupt.signal.aborted) process.exitCode = ExitCode.interrupted;
}

/** Line above one of several texts. */
function headingOf(index: number, { logProbability }: GeneratedText): string {
  const likelihood = logProbability === undefined ? '' : `, ${logProbability.toFixed(4)} nats per token`;
  return `--- ${index + 1}${likelihood}`;
}

/** A text with the probabilities in the model (`probability`), and those that tokens were drawn with (`drawnWith`). */
function inJson(number: number, prompt: string, { text, logProbability, pieces }: GeneratedText) {
  return {
    number,
    prompt,
    text,
    ...(logProbability !== undefined && { logProbability }),
    ...(pieces && { tokens: pieces.map(tokenInJson) }),
  };
}

function tokenInJson({ text, drawn }: GeneratedPiece) {
  if (!drawn) return { text };
  const { token, before, after, surprisal, top } = drawn;
  return {
    text,
    token,
    probability: before,
    drawnWith: after,
    surprisal,
    top: top.map((each) => ({ token: each.token, probability: each.before, drawnWith: each.after })),
  };
}
