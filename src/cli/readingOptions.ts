import { applyAssignments, ConfigError, parseRunConfig } from '../config/parse.ts';
import { type Reading, READING_FIELDS } from '../config/reading.ts';

/** How a table is read: what --set changes. */
interface ReadingOptions {
  readonly reading: Partial<Reading>;
  readonly textColumn: string | undefined;
  readonly labelColumn: string | undefined;
}

/** Columns of a table, as fields of a configuration. */
const COLUMN_FIELDS = ['task.textColumn', 'task.labelColumn'];

/** The settings of the readers, as fields of a configuration. */
const DATA_FIELDS = READING_FIELDS.map((name) => `data.${name}`);

/**
 * Reads the assignments of --set of a command that reads a file without training.
 * @param allowed fields that have an effect on it
 * @throws ConfigError for a field without an effect, and for a value that is not allowed
 */
export function readingOptions(set: readonly string[], allowed: readonly string[] = DATA_FIELDS): ReadingOptions {
  const changed = applyAssignments({ task: { name: 'classification' } }, set);
  const names = set.map((assignment) => assignment.slice(0, assignment.indexOf('=')));
  const other = names.find((name) => !allowed.includes(name));
  if (other !== undefined)
    throw new ConfigError(`--set: "${other}" has no effect on this command, which takes ${allowed.join(', ')}.`, {
      fields: [other],
    });
  const { data, task } = parseRunConfig(changed);
  const column = (name: 'textColumn' | 'labelColumn') => (task.name === 'classification' && task[name]) || undefined;
  const own = READING_FIELDS.filter((name) => names.includes(`data.${name}`)).map((name) => [name, data[name]]);
  return {
    reading: Object.fromEntries(own) as Partial<Reading>,
    textColumn: column('textColumn'),
    labelColumn: column('labelColumn'),
  };
}

/** How `sequence-lab evaluate` reads a file; its options for columns come before --set. */
export function evaluationReading({
  set,
  textColumn,
  labelColumn,
}: {
  readonly set: readonly string[];
  readonly textColumn?: string;
  readonly labelColumn?: string;
}): ReadingOptions {
  const read = readingOptions(set, [...DATA_FIELDS, ...COLUMN_FIELDS]);
  return { ...read, textColumn: textColumn ?? read.textColumn, labelColumn: labelColumn ?? read.labelColumn };
}
