import * as l10n from '@vscode/l10n';
import { effectiveFields, type FieldPath, isKnown } from '../config/applicability.ts';
import { type ConfigField, configField } from '../config/fields.ts';
import { itemsPerStep } from '../config/itemsPerStep.ts';
import { getField } from '../config/parse.ts';
import type { RunConfig } from '../config/schema.ts';
import { shortFields } from '../config/shortFields.ts';
import { taskOf, tasks } from '../config/tasks.ts';
import { formatCount } from '../format/count.ts';
import { formatDate } from '../format/date.ts';
import { formatDuration } from '../format/duration.ts';
import { formatLoss } from '../format/loss.ts';
import { say } from '../phrases/phrase.ts';
import { derivedMetrics, type MetricKey, spokenUnits } from '../protocol/metrics.ts';
import type { CellValue, RunRow } from '../protocol/runRow.ts';
import { stateName } from '../protocol/stateName.ts';
import { verdictLabels } from '../protocol/verdictLabels.ts';
import type { Finding } from '../protocol/verdicts.ts';
import { runColor } from './color.ts';
import { fingerprint } from './fingerprint.ts';
import type { DescribedRun } from './row.ts';

/** Type of the values of a column: a date is an ISO text, a duration is in seconds, a list is of texts. */
export type ColumnType = 'text' | 'number' | 'date' | 'flag' | 'list' | 'duration';

/** A column of the table of runs, and a field of its filters. */
export interface Column {
  /** Stable name, in rows, filters and `sequence-lab runs --json`. */
  readonly key: string;
  /** Other names in filters. */
  readonly aliases: readonly string[];
  /** Heading in the language of this process. The heading of a field of the configuration is its name. */
  readonly label: () => string;
  readonly type: ColumnType;
  readonly align: 'start' | 'end';
  /** Text of a value in this row; empty for a missing one. */
  readonly format: (value: CellValue, row: RunRow) => string;
  /** Direction of improvement; null if neither lower nor higher values are better. */
  readonly direction: 'lower' | 'higher' | null;
  /** Whether the table shows the column unless the user chooses otherwise. */
  readonly shown: boolean;
  /** Path of the field of the configuration that the values are of; undefined for other columns. */
  readonly config: string | undefined;
  /** The value of a run. */
  readonly value: (run: DescribedRun) => CellValue;
}

/** What an entry of the tables below states; the rest follows from the type. */
type Entry = Pick<Column, 'key' | 'label' | 'type' | 'value'> & Partial<Column>;

const formats: Readonly<Record<ColumnType, (value: NonNullable<CellValue>) => string>> = {
  text: String,
  number: (value) => (typeof value === 'number' ? formatNumber(value) : String(value)),
  date: (value) => formatDate(String(value)),
  flag: (value) => (value === true ? l10n.t('yes') : l10n.t('no')),
  list: (value) => (Array.isArray(value) ? value.join(', ') : String(value)),
  duration: (value) => formatSeconds(Number(value)),
};

function column({ key, label, type, value, ...others }: Entry): Column {
  return {
    key,
    label,
    type,
    value,
    aliases: [],
    align: type === 'number' || type === 'duration' ? 'end' : 'start',
    format: (cell) => (cell === null ? '' : formats[type](cell)),
    direction: null,
    shown: false,
    config: undefined,
    ...others,
  };
}

/** Formats seconds; those of a short run with a decimal. */
function formatSeconds(seconds: number): string {
  return seconds < 9.95 ? `${seconds.toFixed(1)} s` : formatDuration(seconds);
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(4)));
}

const asLoss = (value: CellValue) => (typeof value === 'number' ? formatLoss(value) : '');
const asIs = (value: CellValue) => (value === null ? '' : String(value));

/** The columns before those of the results. */
const identity: readonly Column[] = [
  column({
    key: 'starred',
    aliases: ['star'],
    label: () => l10n.t('Starred'),
    type: 'flag',
    value: ({ annotations }) => annotations.starred,
    format: (value) => (value === true ? '★' : ''),
    shown: true,
  }),
  column({
    key: 'color',
    label: () => l10n.t('Color'),
    type: 'text',
    value: ({ id, annotations }) => runColor(id, annotations.color),
    shown: true,
  }),
  column({
    key: 'state',
    label: () => l10n.t('State'),
    type: 'text',
    value: ({ state }) => state,
    format: (value) => (typeof value === 'string' ? stateName(value) : ''),
    shown: true,
  }),
  column({
    key: 'name',
    label: () => l10n.t('Name'),
    type: 'text',
    value: ({ title, annotations }) => annotations.name ?? title,
    shown: true,
  }),
  column({
    key: 'differs',
    aliases: ['difference'],
    label: () => l10n.t('Differs in'),
    type: 'text',
    value: ({ difference }) => difference || null,
  }),
  column({
    key: 'setup',
    label: () => l10n.t('Setup'),
    type: 'text',
    value: setupOf,
    format: (value) => String(value ?? '').replace(/ · [0-9a-f]{16}$/, ''),
  }),
  column({ key: 'data', label: () => l10n.t('Data'), type: 'text', value: dataName }),
];

/** Forms of the lowest validation loss, by the derived metric whose map they use. */
const bestForms: Readonly<Partial<Record<MetricKey, Pick<Column, 'key' | 'label'>>>> = {
  validationBits: { key: 'bestBits', label: () => l10n.t('Best loss in bits') },
  validationPerplexity: { key: 'bestPerplexity', label: () => l10n.t('Best perplexity') },
};

/** Columns of the lowest validation loss in other forms; null in a run whose loss does not have the form. */
const bestColumns: readonly Column[] = derivedMetrics.flatMap(({ key, from, direction }) => {
  const form = bestForms[key];
  if (!form) return [];
  const value = ({ config, progress: { best } }: DescribedRun) =>
    best && isKnown(config, 'task.name') && from.applies(spokenUnits(taskOf(config.task).units))
      ? from.map(best.loss)
      : null;
  return column({ ...form, type: 'number', value, format: asLoss, direction });
});

const results: readonly Column[] = [
  column({
    key: 'best',
    aliases: ['bestLoss'],
    label: () => l10n.t('Best loss'),
    type: 'number',
    value: ({ progress }) => progress.best?.loss ?? null,
    format: asLoss,
    direction: 'lower',
    shown: true,
  }),
  column({
    key: 'bestStep',
    label: () => l10n.t('Best at step'),
    type: 'number',
    value: ({ progress }) => progress.best?.step ?? null,
    shown: true,
  }),
  column({
    key: 'last',
    aliases: ['lastLoss', 'validationLoss', 'valLoss'],
    label: () => l10n.t('Last loss'),
    type: 'number',
    value: ({ progress }) => progress.validationLoss,
    format: asLoss,
    direction: 'lower',
    shown: true,
  }),
  column({
    key: 'lastStep',
    label: () => l10n.t('Last validation at step'),
    type: 'number',
    value: ({ progress }) => (progress.validationLoss === null ? null : (progress.learning?.step ?? null)),
  }),
  ...bestColumns,
  column({
    key: 'trainLoss',
    label: () => l10n.t('Training loss'),
    type: 'number',
    value: ({ progress }) => progress.trainLoss,
    format: asLoss,
    direction: 'lower',
  }),
  column({
    key: 'verdict',
    label: () => l10n.t('Verdict'),
    type: 'text',
    value: ({ progress }) => progress.learning?.findings[0]?.verdict ?? null,
    format: (value) => (isVerdict(value) ? say(verdictLabels[value]) : ''),
    shown: true,
  }),
  column({ key: 'step', label: () => l10n.t('Step'), type: 'number', value: ({ progress }) => progress.step }),
  column({
    key: 'seconds',
    aliases: ['time'],
    label: () => l10n.t('Time'),
    type: 'duration',
    value: ({ progress }) => progress.seconds,
    direction: 'lower',
    shown: true,
  }),
  column({
    key: 'itemsPerSecond',
    aliases: ['speed'],
    label: () => l10n.t('Items per second'),
    type: 'number',
    value: meanSpeed,
    format: (value) => (typeof value === 'number' ? formatNumber(Number(value.toPrecision(4))) : ''),
    direction: 'higher',
  }),
  column({
    key: 'parameters',
    label: () => l10n.t('Parameters'),
    type: 'number',
    value: ({ parameters }) => parameters || null,
  }),
];

/** Fields of the configuration that have short names. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map<FieldPath, string>([
  ['task.name', 'task'],
  ['model.family', 'family'],
  ['model.cell', 'cell'],
  ['model.layers', 'layers'],
  ['model.units', 'units'],
]);

/** Common short names of fields in filters. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map<FieldPath, string>([['training.learningRate', 'lr']]);

/** Fields of the configuration that the table shows unless the user chooses otherwise. */
const SHOWN: ReadonlySet<string> = new Set<FieldPath>(['model.cell', 'model.units', 'training.learningRate', 'seed']);

/** The backend, as configured and as used, is among the facts about the trainer below. */
const paths = (Object.keys(shortFields) as FieldPath[]).filter((path) => path !== 'backend');

const settings: readonly Column[] = paths.map((path) => {
  const field = configField(path);
  const key = SHORT_NAMES.get(path) ?? path;
  return column({
    key,
    aliases: key === path ? [] : [path],
    label: () => nameOf(path),
    type: path.endsWith('.seconds') ? 'duration' : typeOf(field?.type),
    value: ({ config }) => (effectiveFields(config).has(path) ? valueAt(config, path) : null),
    // A learning rate of 0.00003 keeps its digits.
    format: asIs,
    shown: SHOWN.has(path),
    config: path,
  });
});

const bookkeeping: readonly Column[] = [
  column({
    key: 'backend',
    label: () => l10n.t('Backend'),
    type: 'text',
    value: ({ backend }) => backend,
  }),
  column({
    key: 'configuredBackend',
    label: () => l10n.t('Backend setting'),
    type: 'text',
    value: ({ config }) => (effectiveFields(config).has('backend') ? config.backend : null),
    config: 'backend',
  }),
  column({
    key: 'started',
    aliases: ['date', 'createdAt'],
    label: () => l10n.t('Started'),
    type: 'date',
    value: ({ createdAt }) => createdAt,
  }),
  column({ key: 'parent', label: () => l10n.t('Parent'), type: 'text', value: ({ parent }) => parent?.run ?? null }),
  column({ key: 'sweep', label: () => l10n.t('Sweep'), type: 'text', value: ({ sweep }) => sweep?.id ?? null }),
  column({ key: 'trial', label: () => l10n.t('Trial'), type: 'number', value: ({ sweep }) => sweep?.trial ?? null }),
  column({ key: 'comparison', label: () => l10n.t('Comparison'), type: 'text', value: ({ comparison }) => comparison }),
  column({
    key: 'tags',
    aliases: ['tag'],
    label: () => l10n.t('Tags'),
    type: 'list',
    value: ({ annotations: { tags } }) => (tags.length === 0 ? null : tags),
    shown: true,
  }),
  column({
    key: 'note',
    label: () => l10n.t('Note'),
    type: 'text',
    value: ({ annotations }) => annotations.note || null,
  }),
  column({
    key: 'archived',
    label: () => l10n.t('Archived'),
    type: 'flag',
    value: ({ annotations }) => annotations.archived,
  }),
  column({ key: 'id', label: () => l10n.t('Id'), type: 'text', value: ({ id }) => id }),
  column({ key: 'folder', label: () => l10n.t('Folder'), type: 'text', value: ({ folder }) => folder }),
];

/**
 * All columns, in the order in which a table shows them: the rows, filters, sorting, groups, `sequence-lab runs` and the
 * page of the runs read this table.
 */
export const COLUMNS: readonly Column[] = withLastSegments([...identity, ...results, ...settings, ...bookkeeping]);

const byName = new Map(
  COLUMNS.flatMap((each) => [each.key, ...each.aliases].map((name) => [name.toLowerCase(), each])),
);

/** Finds a column by its key or an alias, without regard to case. */
export function columnNamed(name: string): Column | undefined {
  return byName.get(name.toLowerCase());
}

/** Adds the last part of a path, such as `dropout`, to the aliases of a field, unless another column has that name. */
function withLastSegments(columns: readonly Column[]): Column[] {
  const names = columns.flatMap(({ key, aliases, config }) => [key, ...aliases, ...(config ? [lastPart(config)] : [])]);
  const isUnique = (name: string) => names.filter((each) => each.toLowerCase() === name.toLowerCase()).length === 1;
  return columns.map((each) => {
    const { config = '', aliases } = each;
    const short = [ABBREVIATIONS.get(config), isUnique(lastPart(config)) ? lastPart(config) : undefined];
    return { ...each, aliases: [...aliases, ...short.filter((name) => name !== undefined)] };
  });
}

/** Heading of a field: the last part of its path, or the path if several fields end with it. */
function nameOf(path: FieldPath): string {
  const last = lastPart(path);
  return paths.some((other) => other !== path && lastPart(other) === last) ? path : last;
}

function lastPart(path: string): string {
  return path.split('.').at(-1) ?? path;
}

function typeOf(type: ConfigField['type'] | undefined): ColumnType {
  if (type === 'boolean') return 'flag';
  return type === 'string' ? 'text' : 'number';
}

function valueAt(config: RunConfig, path: string): CellValue {
  const value = getField(config, path);
  if (value === '') return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/**
 * Label without the seed, with a fingerprint of the data and of the fields that change what is learned, without the seed: runs that share it differ
 * in their seeds only. A table that is grouped by it shows the spread over seeds.
 */
function setupOf({ data, config, setup }: DescribedRun): string {
  const effective = effectiveFields(config);
  const learned = paths.filter(
    (path) => path !== 'seed' && shortFields[path]?.learned !== false && effective.has(path),
  );
  return `${setup} · ${fingerprint(JSON.stringify([data, learned.map((path) => getField(config, path))]))}`;
}

/** Name of the data; generated data is named by its task, which the trainer writes in English. */
function dataName({ data, config }: DescribedRun): string {
  const { generated, title } = tasks[config.task.name];
  return generated ? say(title) : data;
}

/**
 * Characters, words or sequences per second over the whole run, with its validations; null for a model that is fitted,
 * whose steps read all data.
 */
function meanSpeed({ config, batchSize, progress: { step, seconds } }: DescribedRun): number | null {
  const items = itemsPerStep(config, batchSize);
  return items === null || seconds === 0 || step === 0 ? null : (step * items) / seconds;
}

function isVerdict(value: CellValue): value is Finding['verdict'] {
  return typeof value === 'string' && Object.hasOwn(verdictLabels, value);
}
