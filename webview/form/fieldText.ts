import * as l10n from '@vscode/l10n';
import { type ConfigField, FILE_FIELDS } from '../../src/config/fields.ts';

/** What a user types or chooses in a control: a text, or the state of a checkbox. */
export type Typed = string | boolean;

/** Kind of the control of a field. */
export type ControlKind = 'choice' | 'check' | 'duration' | 'number' | 'file' | 'text';

/** The kind of control for a field, by its type in the schema. */
export function controlKind({ path, type, enum: choices }: ConfigField): ControlKind {
  if (choices) return 'choice';
  if (type === 'boolean') return 'check';
  if (path.endsWith('.seconds')) return 'duration';
  if (type === 'string') return FILE_FIELDS.has(path) ? 'file' : 'text';
  return 'number';
}

/** How values of a kind of control are read and shown. Input that cannot be read is kept, so that the schema rejects it. */
interface Form {
  read(typed: Typed): unknown;
  show(value: unknown): Typed;
}

const plain: Form = { read: (typed) => typed, show: (value) => (typeof value === 'boolean' ? value : String(value)) };
const number: Form = { read: (typed) => readNumber(String(typed).trim()), show: String };

const forms: Readonly<Record<ControlKind, Form>> = {
  choice: plain,
  check: plain,
  file: plain,
  text: plain,
  number,
  duration: {
    read: (typed) => {
      const text = String(typed).trim();
      if (text === '') return 0;
      const [, amount, unit] = /^([\d.]+)\s*(s(?:ec(?:onds?)?)?|m(?:in(?:utes?)?)?|h(?:ours?)?)$/.exec(text) ?? [];
      const seconds = readNumber(amount ?? '');
      return typeof seconds === 'number' ? seconds * (SECONDS[unit?.[0] ?? ''] ?? 1) : readNumber(text);
    },
    show: (value) => (typeof value === 'number' ? formatDuration(value) : String(value)),
  },
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** A number, or the text if it is not one. */
function readNumber(text: string): number | string {
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? text : value;
}

function formatDuration(seconds: number): string {
  if (seconds === 0) return '';
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** The value that a user has entered in the control of a field; not checked. */
export function readTyped(field: ConfigField, typed: Typed): unknown {
  return forms[controlKind(field)].read(typed);
}

/** What the control of a field shows for a value. */
export function showValue(field: ConfigField, value: unknown): Typed {
  return forms[controlKind(field)].show(value);
}

/** Formats a value for a sentence, such as the label of a button that restores it. */
export function formatValue(field: ConfigField, value: unknown): string {
  const shown = showValue(field, value);
  if (typeof shown === 'boolean') return shown ? l10n.t('on') : l10n.t('off');
  if (shown === '') return controlKind(field) === 'duration' ? l10n.t('no limit') : l10n.t('empty');
  return shown;
}

/** Range and default of a field, such as "1 to 4,096. Default: 100". */
export function describeRange(field: ConfigField): string {
  const standard = l10n.t('Default: {0}', formatValue(field, field.default));
  const range = controlKind(field) === 'number' ? describeBounds(field) : '';
  return range === '' ? standard : `${range}. ${standard}`;
}

function describeBounds({ minimum, maximum, exclusiveMinimum }: ConfigField): string {
  const shown = (value: number) => value.toLocaleString('en');
  const low = exclusiveMinimum ?? minimum;
  if (low === undefined) return '';
  if (maximum === undefined)
    return exclusiveMinimum === undefined ? l10n.t('At least {0}', shown(low)) : l10n.t('More than {0}', shown(low));
  return exclusiveMinimum === undefined
    ? l10n.t('{0} to {1}', shown(low), shown(maximum))
    : l10n.t('More than {0}, up to {1}', shown(low), shown(maximum));
}
