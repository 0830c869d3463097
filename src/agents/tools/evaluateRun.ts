import * as z from 'zod';
import { say } from '../../phrases/phrase.ts';
import { allowedPath } from '../paths.ts';
import { findModel } from '../runs.ts';
import { runName } from '../schemas.ts';
import { boundedMeasures, boundedText } from '../boundedMeasures.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  path: z.string().min(1).describe('Data of the kind that the run was trained on, in the workspace.'),
  textColumn: z.string().optional().describe('Text column of a table, by name or number.'),
  labelColumn: z.string().optional().describe('Label column of a table, by name or number.'),
});

const output = z.object({
  run: z.string(),
  summary: z.string(),
  measures: z
    .record(z.string(), z.unknown())
    .describe('The task, the number of scored items, and each measure. Of a long list, its beginning and its length.'),
  skipped: z.int().describe('Items that could not be scored.'),
  skippedFirst: z.array(z.string()).describe('The first of them, with the reason.'),
});

/** Most items that were not scored in an answer. */
const SKIPPED = 5;

export const evaluateRun = defineTool({
  name: 'evaluate_run',
  title: 'Evaluate Run',
  description:
    'Scores a file or folder with the saved model of a run, such as test data that it was not trained on. For the validation scores of the run, use get_run.',
  effect: 'reads',
  cost: 'Loads the model of the run and reads the whole file.',
  input,
  output,
  async run({ run: name, path: given, textColumn, labelColumn }, context) {
    const { folder, record } = await findModel(name, context);
    const path = await allowedPath(given, context, 'read');
    const columns = {
      ...(textColumn !== undefined && { text: textColumn }),
      ...(labelColumn !== undefined && { label: labelColumn }),
    };
    const { measures, summary, skipped } = await context.trainers.ask({
      threads: record.config.threads,
      signal: context.signal,
      ask: async (trainer, backends) => trainer.evaluate({ folder, path, ...columns, backends }),
    });
    return {
      run: record.id,
      summary: boundedText(say(summary)),
      measures: boundedMeasures(measures),
      skipped: skipped.length,
      skippedFirst: skipped.slice(0, SKIPPED).map(({ where, reason }) => `${say(where)}: ${say(reason)}`),
    };
  },
});
