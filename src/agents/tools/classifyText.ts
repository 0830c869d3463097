import * as z from 'zod';
import type { Explanation, TextAnswer } from '../../protocol/classifier.ts';
import { findModel } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  texts: z.array(z.string().min(1).max(20_000)).min(1).max(20).describe('Texts to classify.'),
  run: runName.optional().describe('Run of a classifier. Default: the bundled sentiment model for English.'),
  explain: z
    .boolean()
    .default(false)
    .describe('Whether to return the words that speak most for and against the label.'),
});

const output = z.object({
  model: z.string(),
  labels: z.array(z.string()),
  answers: z.array(
    z.object({
      label: z.string(),
      probability: z.number(),
      unsure: z.boolean(),
      language: z.enum(['english', 'other', 'unknown']),
      words: z
        .array(z.object({ word: z.string(), contribution: z.number() }))
        .optional()
        .describe('Contributions to the log odds of the label in nats, largest first.'),
    }),
  ),
});

/** Number of words of an explanation. */
const WORDS = 10;

const BUNDLED = 'bundled sentiment model';

export const classifyText = defineTool({
  name: 'classify_text',
  title: 'Classify Text',
  description:
    'Classifies texts with the bundled sentiment model or with the classifier of a run. With explain, it returns the contribution of each word.',
  effect: 'reads',
  cost: 'Loads the model and reads the texts, in seconds.',
  input,
  output,
  async run({ texts, run: name, explain }, context) {
    const run = name === undefined ? null : await findModel(name, context);
    return context.trainers.classify({
      signal: context.signal,
      ask: async (classifier, backends) => {
        const { labels } = await classifier.openClassifier({ run: run?.folder ?? null, backends });
        const answers = [];
        for (const [index, text] of texts.entries()) {
          answers.push(explain ? explained(await classifier.explain(text)) : short(await classifier.answer(text)));
          context.onProgress({ done: index + 1, total: texts.length });
        }
        return { model: run?.record.id ?? BUNDLED, labels: [...labels], answers };
      },
    });
  },
});

function short({ label, probability, unsure, language }: TextAnswer) {
  return { label, probability, unsure, language };
}

function explained(explanation: Explanation) {
  const words = explanation.words.map(({ text, contribution }) => ({ word: text, contribution }));
  words.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return { ...short(explanation), words: words.slice(0, WORDS) };
}
