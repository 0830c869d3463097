import * as z from 'zod';

/** How the tokens of a text are drawn from the probabilities of a model, in the order in which the rules are applied. */
export const drawingFields = {
  repetitionPenalty: z
    .number()
    .min(0.1)
    .max(10)
    .default(1)
    .describe(
      'Divisor of the positive logits of the last 64 tokens, and factor of their negative ones, so that repetitions are less likely (Keskar et al. 2019). 1 disables it.',
    ),
  temperature: z
    .number()
    .min(0)
    .max(10)
    .default(0.8)
    .describe(
      'Sampling temperature: 0 always takes the most likely character or word, 1 samples from the unchanged distribution.',
    ),
  topK: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Number of most likely characters or words to sample from (Fan et al. 2018). 0 samples from all.'),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe(
      'Sample from the most likely characters or words whose probabilities add up to at least this (Holtzman et al. 2020). 1 samples from all.',
    ),
  minP: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Sample only from characters or words that are at least this fraction as likely as the most likely one (Nguyen et al. 2024). 0 samples from all.',
    ),
  stop: z
    .string()
    .max(1000)
    .default('')
    .describe(
      'Strings that end a text, one per line; \\n is a line break, \\\\ a backslash. The text ends before the string.',
    ),
};

const drawingSchema = z.object(drawingFields);

/** How the tokens of a text are drawn, and which strings end it. */
export type Drawing = z.output<typeof drawingSchema>;

/** The values without a configuration. */
export const defaultDrawing: Drawing = drawingSchema.parse({});

/** The part of some settings that says how tokens are drawn. */
export function drawingOf({ temperature, topK, topP, minP, repetitionPenalty, stop }: Drawing): Drawing {
  return { temperature, topK, topP, minP, repetitionPenalty, stop };
}

/** The strings in `stop`: one per line, where `\n` is a line break, `\t` a tab and `\\` a backslash. */
export function stopStrings(stop: string): string[] {
  return stop
    .split('\n')
    .map((line) => line.replaceAll(/\\([\\nt])/g, (_, escaped: 'n' | 't' | '\\') => ESCAPES[escaped]))
    .filter((text) => text !== '');
}

const ESCAPES = { n: '\n', t: '\t', '\\': '\\' } as const;
