import * as z from 'zod';
import { configDifference } from '../../config/configDifference.ts';
import { parseRunConfig, setFields } from '../../config/parse.ts';
import { readingOf } from '../../config/reading.ts';
import type { ConfigChanges } from '../../config/runParent.ts';
import type { RunConfig } from '../../config/schema.ts';
import { say } from '../../phrases/phrase.ts';
import { columnRole, type DataInspection, dataTask, type InspectDataRequest } from '../../protocol/dataInspection.ts';
import { trainingFor } from '../../protocol/trainingFor.ts';
import type { AgentContext } from '../context.ts';
import { allowedConfig, allowedPath } from '../paths.ts';
import { exact } from '../rounded.ts';
import { fieldChanges } from '../schemas.ts';
import { shortened } from '../../format/shortened.ts';
import { defineTool } from '../tool.ts';
import { withTask } from '../withTask.ts';

const input = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe(
      'Table (CSV, TSV, JSON Lines, Parquet), tagged sentences, plain text, or a folder of texts, in the workspace.',
    ),
  roles: z.array(columnRole).optional().describe('Role of each column of a table. Default: detected.'),
  validation: z
    .string()
    .optional()
    .describe('Validation file. Default: the one next to a "train" file, else a held-out part.'),
  set: fieldChanges.optional().describe('How the file is read, such as { "data.delimiter": "tab" }, and task.name.'),
});

const output = z.object({
  path: z.string(),
  format: z.string(),
  encoding: z.string().nullable(),
  task: dataTask.describe('Task that the data suits.'),
  start: fieldChanges.describe('Fields to set in start_training for this data.'),
  columns: z.array(
    z.object({ name: z.string(), role: columnRole, type: z.string(), distinct: z.int(), meanLength: z.number() }),
  ),
  item: z.string().describe('Kind of the items.'),
  items: z.int().describe('Number of usable items.'),
  train: z.int(),
  validation: z.int(),
  labels: z
    .array(z.object({ label: z.string(), train: z.int(), validation: z.int() }))
    .describe('The most frequent ones.'),
  labelCount: z.int(),
  lengths: z
    .object({ unit: z.string(), shortest: z.int(), median: z.int(), p95: z.int(), longest: z.int() })
    .nullable(),
  unknownShare: z
    .number()
    .nullable()
    .describe('Share of the tokens of the validation part that the training part does not have.'),
  repeated: z.object({ repeated: z.int(), contradicting: z.int(), shared: z.int() }),
  plan: z.array(z.string()).describe('How training uses the data.'),
  notes: z.array(z.string()).describe('What was assumed, and what to check before training.'),
  suggestions: z.array(z.object({ text: z.string(), set: fieldChanges })),
  skipped: z.int().describe('Items that cannot be used.'),
  skippedFirst: z.array(z.string()).describe('The first of them, with the reason.'),
  preview: z.array(z.array(z.string())).describe('The first rows, cut to a few characters.'),
});

/** Most labels, unusable items, rows and cells of an answer, and most characters of a cell. */
const [LABELS, SKIPPED, ROWS, CELLS, CELL_LENGTH] = [10, 5, 3, 20, 60];

export const inspectData = defineTool({
  name: 'inspect_data',
  title: 'Inspect Data',
  description:
    'Inspects a data set before training: its format, columns, labels, lengths, unknown words and duplicates, and the fields of the configuration that suit it. Call it before start_training on a new file.',
  effect: 'reads',
  cost: 'Reads the whole file once.',
  input,
  output,
  async run(request, context) {
    const path = await allowedPath(request.path, context, 'read');
    const found = await inspect({ ...request, path }, context);
    if (found.parts.validationFile !== null) await allowedPath(found.parts.validationFile, context, 'read');
    return {
      path,
      format: say(found.format),
      encoding: found.encoding,
      task: found.task,
      start: exact(startFields(found, request.set ?? {}, context.defaults(path))),
      columns: found.columns.map(({ name, role, type, distinct, meanLength }) => ({
        name: say(name),
        role,
        type,
        distinct,
        meanLength,
      })),
      item: found.item,
      items: found.items,
      train: found.parts.train,
      validation: found.parts.validation,
      labels: found.labels.slice(0, LABELS),
      labelCount: found.labelCount,
      lengths: found.lengths,
      unknownShare: found.unknown && found.unknown.tokens > 0 ? found.unknown.unknown / found.unknown.tokens : null,
      repeated: found.repeated,
      plan: found.plan.map(say),
      notes: found.notes.map(say),
      suggestions: found.suggestions.map(({ text, fields }) => ({ text: say(text), set: exact(ofTask(fields)) })),
      skipped: found.problems.count,
      skippedFirst: found.problems.first.slice(0, SKIPPED).map(({ where, reason }) => `${say(where)}: ${say(reason)}`),
      preview: found.preview
        .slice(0, ROWS)
        .map(({ cells }) => cells.slice(0, CELLS).map((cell) => shortened(cell, CELL_LENGTH))),
    };
  },
});

async function inspect(
  { path, roles, validation, set = {} }: z.output<typeof input>,
  context: AgentContext,
): Promise<DataInspection> {
  const base = withTask(context.defaults(path), set['task.name']);
  const { data, seed, task, threads } = await allowedConfig(parseRunConfig(setFields(base, set)), context);
  const named = 'task.name' in set ? dataTask.safeParse(task.name).data : undefined;
  const request: InspectDataRequest = {
    source: await context.sourceOf(path),
    reading: readingOf(data),
    ...(named !== undefined && { taskName: named }),
    ...(roles !== undefined && { roles }),
    ...(validation !== undefined && { validation: await allowedPath(validation, context, 'read') }),
    validationShare: data.validationShare,
    sequenceLength: data.sequenceLength,
    split: data.split,
    seed,
    task,
  };
  const { signal, onProgress } = context;
  return context.trainers.ask({
    ask: async (trainer) => trainer.inspectData(request),
    threads,
    signal,
    onInspected: (done) => onProgress({ done, total: 1, message: 'Reading the data.' }),
  });
}

/** The fields that differ from the defaults, as `start_training` takes them. */
function startFields(found: DataInspection, set: ConfigChanges, defaults: RunConfig): ConfigChanges {
  const config = trainingFor(found, defaults);
  const changes = configDifference(parseRunConfig(withTask(defaults, found.task)), config);
  const name = found.task === 'language-model' ? {} : { 'task.name': found.task };
  const settings = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== ''));
  return { ...name, ...settings, ...set };
}

function ofTask(fields: Readonly<Record<string, string | number>>): ConfigChanges {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`task.${name}`, value]));
}
