import * as z from 'zod';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import { annotate, readAnnotations } from '../../runs/annotations.ts';
import type { IndexedRun } from '../../runs/runIndex.ts';
import { AgentError } from '../agentError.ts';
import type { AgentContext } from '../context.ts';
import { NO_COST } from '../estimate.ts';
import { findRun, stateOf } from '../runs.ts';
import { runName } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const input = z.strictObject({
  run: runName,
  name: z.string().max(200).optional().describe('Name that replaces the label; an empty one gives the label back.'),
  addTags: z.array(z.string().trim().min(1).max(60)).max(20).default([]).describe('Tags to add.'),
  removeTags: z.array(z.string()).max(20).default([]).describe('Tags to remove.'),
  appendNote: z.string().min(1).max(10_000).optional().describe('Paragraph in Markdown that is added to the note.'),
  starred: z.boolean().optional().describe('Whether the run is starred.'),
  archived: z.boolean().optional().describe('Whether lists omit the run.'),
});

const output = z.object({
  run: z.string(),
  name: z.string().nullable(),
  tags: z.array(z.string()),
  starred: z.boolean(),
  archived: z.boolean(),
  note: z.string(),
});

export const annotateRun = defineTool({
  name: 'annotate_run',
  title: 'Annotate Run',
  description:
    'Names, tags, stars or archives a run, or adds a paragraph to its note. Write down what an experiment was for and what it showed.',
  effect: 'changes',
  cost: 'Writes the annotations of one run. Notes are added, never replaced.',
  input,
  output,
  async confirm(change, context) {
    const run = await prepared(change, context);
    return {
      question: phrase('Annotate the run {0}?', run.record.id),
      details: changesOf(change),
      estimate: NO_COST,
      subject: JSON.stringify([stateOf(run), run.annotations]),
    };
  },
  async run(request, context) {
    const { appendNote, addTags, removeTags, starred, archived, name: given } = request;
    const { folder, record } = await prepared(request, context);
    const { tags: before, note } = await readAnnotations(folder);
    const removed = new Set(removeTags);
    const tags = [...new Set([...before, ...addTags])].filter((tag) => !removed.has(tag));
    const change = {
      ...(given !== undefined && { name: given.trim() || null }),
      ...(addTags.length + removeTags.length > 0 && { tags }),
      ...(starred !== undefined && { starred }),
      ...(archived !== undefined && { archived }),
      ...(appendNote !== undefined && { note: appended(note, appendNote) }),
    };
    const { name: now, ...added } = await annotate(folder, change, disk);
    return { run: record.id, name: now, ...added, tags: [...added.tags] };
  },
});

/** @throws AgentError for a change of nothing, and as `findRun` */
async function prepared(request: z.output<typeof input>, context: AgentContext): Promise<IndexedRun> {
  if (changesOf(request).length === 0)
    throw new AgentError('Nothing is changed. Give a name, tags, a note, starred or archived.');
  return findRun(request.run, context);
}

/** A note with a further paragraph. */
function appended(note: string, paragraph: string): string {
  const ended = paragraph.endsWith('\n') ? paragraph : `${paragraph}\n`;
  return note === '' ? ended : `${note.trimEnd()}\n\n${ended}`;
}

function changesOf({ name, addTags, removeTags, appendNote, starred, archived }: z.output<typeof input>): Text[] {
  return [
    ...(name === undefined ? [] : [phrase('Name: {0}', name || '-')]),
    ...(addTags.length === 0 ? [] : [phrase('Add tags: {0}', addTags.join(', '))]),
    ...(removeTags.length === 0 ? [] : [phrase('Remove tags: {0}', removeTags.join(', '))]),
    ...(appendNote === undefined ? [] : [phrase('Add to the note: {0}', appendNote)]),
    ...(starred === undefined ? [] : [starred ? phrase('Star it.') : phrase('Remove the star.')]),
    ...(archived === undefined ? [] : [archived ? phrase('Archive it.') : phrase('List it again.')]),
  ];
}
