import * as z from 'zod';
import { defaultRequest } from '../../protocol/generation.ts';
import { findModel } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  prompt: z.string().max(4000).default('').describe('Text to continue; with labels, the beginning of each text.'),
  label: z.string().optional().describe('Label to generate for, if the run was trained with labels.'),
  length: z.int().min(1).max(2000).default(200).describe('Characters, or words if the model reads words.'),
  temperature: z.number().min(0).max(5).default(0.8).describe('0 always takes the most likely token.'),
  topK: z.int().min(0).default(0).describe('Number of most likely tokens to draw from; 0: all.'),
  samples: z.int().min(1).max(5).default(1).describe('Number of texts.'),
  seed: z.int().min(0).default(1).describe('Random seed.'),
});

const output = z.object({
  run: z.string(),
  prompt: z.string(),
  texts: z.array(z.string()).describe('The continuations, without the prompt.'),
});

export const generateText = defineTool({
  name: 'generate_text',
  title: 'Generate Text',
  description: 'Writes texts with the model of a run: continues a prompt, or writes texts for a label.',
  effect: 'reads',
  cost: 'Loads the model of the run and writes the texts, in seconds.',
  input,
  output,
  async run({ run: name, prompt, label, ...drawing }, context) {
    const { folder, record } = await findModel(name, context);
    const texts = await context.trainers.ask({
      threads: record.config.threads,
      signal: context.signal,
      ask: async (trainer, backends) =>
        trainer.generate({
          ...defaultRequest,
          ...drawing,
          folder,
          prompt,
          label: label ?? null,
          describe: false,
          backends,
        }),
    });
    return { run: record.id, prompt, texts: texts.map(({ text }) => text) };
  },
});
