import * as z from 'zod';
import type { AgentTool } from '../../agents/tool.ts';
import { classifyText } from '../../agents/tools/classifyText.ts';
import { getRun } from '../../agents/tools/getRun.ts';
import { inspectData } from '../../agents/tools/inspectData.ts';
import { listRuns } from '../../agents/tools/listRuns.ts';
import { readGates } from '../../agents/tools/readGates.ts';
import { resumeRun } from '../../agents/tools/resumeRun.ts';
import { startSweep } from '../../agents/tools/startSweep.ts';
import { startTraining } from '../../agents/tools/startTraining.ts';
import { stopRun } from '../../agents/tools/stopRun.ts';
import { tasks } from '../../config/tasks.ts';

/** For the model: a file or a run that a call names was exchanged after the user had read the question. */
export const CHANGED =
  'What this call would do has changed since the user confirmed it, because a file or a run was changed. Nothing has happened. Call the tool again, so that the user is asked again.';

/** What the editor shows, as arguments of a call. Undefined for what it does not show. */
export interface EditorState {
  /** Absolute path of the file in the active editor. */
  readonly path: () => string | undefined;
  /** Id of the run in the panel. */
  readonly run: () => string | undefined;
  /** The selected text, or the text around the cursor. */
  readonly text: () => string | undefined;
  /** The same as the only member of a list. */
  readonly texts: () => readonly string[] | undefined;
}

type Arguments = Readonly<Record<string, unknown>>;

/** An argument that the editor has a value for. */
interface Default {
  readonly field: string;
  readonly from: keyof EditorState;
  /** Sentence of its description. */
  readonly means: string;
  /** Whether a call without the argument means what the editor shows; omitted: always. */
  readonly applies?: (args: Arguments) => boolean;
}

/** A tool of the registry that the editor offers with what it shows as default arguments. */
export interface EditorTool {
  readonly tool: AgentTool;
  /** What the description adds about the editor. */
  readonly note?: string;
  readonly defaults: readonly Default[];
}

const shownRun: Default = { field: 'run', from: 'run', means: 'Default: the run that the panel shows.' };
const openFile: Default = { field: 'path', from: 'path', means: 'Default: the file in the active editor.' };
const LIVES_HERE = 'The runs train in this window and are shown there. Closing the window interrupts them.';

/**
 * The tools that depend on the editor: on the open file, the selection and the panel, and on the runs that train in this
 * window. The MCP server offers all tools, without the editor.
 */
export const EDITOR_TOOLS: readonly EditorTool[] = [
  { tool: listRuns, defaults: [] },
  { tool: getRun, defaults: [shownRun] },
  { tool: inspectData, defaults: [openFile] },
  {
    tool: readGates,
    defaults: [shownRun, { field: 'text', from: 'text', means: 'Default: the selection, or the text at the cursor.' }],
  },
  {
    tool: classifyText,
    defaults: [{ field: 'texts', from: 'texts', means: 'Default: the selection, or the text at the cursor.' }],
  },
  {
    tool: startTraining,
    note: LIVES_HERE,
    defaults: [{ ...openFile, applies: hasNoData }],
  },
  { tool: startSweep, note: LIVES_HERE, defaults: [] },
  { tool: stopRun, note: 'Stops what trains in this window.', defaults: [] },
  { tool: resumeRun, note: LIVES_HERE, defaults: [] },
];

/** Name of a tool in the editor, where the names of all extensions differ. */
export function nameInEditor({ tool }: EditorTool): string {
  return `sequence-lab_${tool.name}`;
}

/** Whether the arguments of start_training name neither a file, nor a run, nor a task that generates its data. */
function hasNoData({ from, set }: Arguments): boolean {
  const { 'task.name': task, 'data.train': train } = z.record(z.string(), z.unknown()).catch({}).parse(set);
  const isGenerated = Object.entries(tasks).some(([name, { generated }]) => generated && name === task);
  return from === undefined && train === undefined && !isGenerated;
}

/** Arguments with what the editor shows in place of missing ones, and the file that was taken from it. */
export interface FilledArguments {
  readonly args: unknown;
  /** Path of the open file; undefined if the arguments do not come from it. */
  readonly openFile?: string;
}

/** Adds what the editor shows to the arguments of a call. Arguments that are none are left to the checks of the tool. */
export function withEditorState({ defaults }: EditorTool, args: unknown, state: EditorState): FilledArguments {
  const { success, data } = z.record(z.string(), z.unknown()).safeParse(args ?? {});
  if (!success) return { args };
  const missing = defaults.filter(({ field, applies }) => data[field] === undefined && (applies?.(data) ?? true));
  const found = missing.flatMap(({ field, from }) => {
    const value = state[from]();
    return value === undefined ? [] : [{ field, from, value }];
  });
  const file = found.find(({ from }) => from === 'path')?.value;
  return {
    args: { ...data, ...Object.fromEntries(found.map(({ field, value }) => [field, value])) },
    ...(typeof file === 'string' && { openFile: file }),
  };
}

/** JSON schema of the arguments of a tool in the editor: what the editor has a value for is optional. */
export function editorSchema({ tool, defaults }: EditorTool): object {
  const { type, properties = {}, required = [], additionalProperties } = z.toJSONSchema(tool.input, { io: 'input' });
  const described = defaults.map(({ field, means }) => {
    const property = properties[field];
    if (typeof property !== 'object') throw new Error(`${tool.name} has no argument "${field}".`);
    return [field, { ...property, description: [property.description, means].join(' ') }] as const;
  });
  const needed = required.filter((field) => !defaults.some((each) => each.field === field));
  return {
    type,
    properties: { ...properties, ...Object.fromEntries(described) },
    ...(needed.length > 0 && { required: needed }),
    additionalProperties,
  };
}
