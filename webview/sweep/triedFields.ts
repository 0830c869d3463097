import * as z from 'zod';
import { hasEffect } from '../../src/config/applicability.ts';
import { type ConfigField, fieldsOf, FILE_FIELDS } from '../../src/config/fields.ts';
import { ConfigError, getField, parseRunConfig, setField } from '../../src/config/parse.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import type { FieldValue } from '../../src/config/shortFields.ts';
import { isNumeric, suggestedRange, suggestedSpace } from '../../src/config/suggestedSpace.ts';
import { choicesOf, isOffered } from '../form/draft.ts';
import { readTyped } from '../form/fieldText.ts';

/** Fields that a sweep does not offer: those of the data and of the computer, and those that the sweep sets itself. */
const NOT_OFFERED = /^(data\.(?!sequenceLength$)|seed$|backend$|threads$|task\.name$)/;

/** How the values of a field of numbers are given: listed, or as a range on a scale. */
export const KINDS = ['values', 'linear', 'log'] as const;
export type Kind = (typeof KINDS)[number];

/** What the user has entered for a field. What is absent has its default, which follows from the value of the run. */
export const fieldInput = z.object({
  isTried: z.boolean().optional(),
  kind: z.enum(KINDS).optional(),
  /** Listed values, with commas between them, or semicolons if the values are texts. */
  values: z.string().optional(),
  low: z.string().optional(),
  high: z.string().optional(),
  /** Number of values of a range in a grid. */
  points: z.string().optional(),
  /** Chosen values of a field that has few. */
  choices: z.array(z.string()).optional(),
  /** Values of other fields with which the field is tried, by their paths. */
  when: z.record(z.string(), z.array(z.string())).optional(),
});

export type FieldInput = z.output<typeof fieldInput>;
export type FieldInputs = Readonly<Record<string, FieldInput>>;

/** A condition on another field of the sweep. */
export interface Condition {
  readonly path: string;
  /** Each value of the other field, with whether the field is tried with it. */
  readonly options: readonly { readonly value: FieldValue; readonly isMet: boolean }[];
}

/** A field that the form offers, with the input of the user and the defaults. */
export interface OfferedField {
  readonly field: ConfigField;
  /** Value of the run. */
  readonly value: FieldValue;
  readonly isTried: boolean;
  /** `choices` for a field whose values are ticked. */
  readonly kind: Kind | 'choices';
  /** All values of a field that has few. */
  readonly listed: readonly string[];
  readonly input: Readonly<Record<'values' | 'low' | 'high' | 'points', string>> & {
    readonly choices: readonly string[];
  };
  readonly conditions: readonly Condition[];
}

/** Number of values of a range in a grid, unless the user chooses another. */
const POINTS = 5;

/**
 * The fields that have an effect on the run, or on a trial with another value of a field that is tried.
 * @param start configuration of the run
 */
export function offeredFields(start: RunConfig, inputs: FieldInputs): readonly OfferedField[] {
  const all = fieldsOf(start.task.name).filter(({ path }) => !NOT_OFFERED.test(path) && !FILE_FIELDS.has(path));
  const offered = all.flatMap((field) => offer(start, field, inputs[field.path] ?? {}));
  const tried = offered.filter(({ isTried }) => isTried);
  const others = tried.flatMap((each) => optionsOf(each).flatMap((value) => withValue(start, each, value) ?? []));
  return offered
    .filter(({ field, isTried }) => isTried || [start, ...others].some((config) => hasEffect(config, field.path)))
    .map((each) => (each.isTried ? { ...each, conditions: conditionsOf(start, each, tried, inputs) } : each));
}

/** The field of a configuration as the form shows it, without conditions; none for a field without a single value. */
function offer(start: RunConfig, field: ConfigField, input: FieldInput): OfferedField[] {
  const value = getField(start, field.path);
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean') return [];
  if (!isOffered(start, field.path)) return [];
  const listed = field.type === 'boolean' ? ['false', 'true'] : (choicesOf(field, { valid: start }, false) ?? []);
  const space = suggestedSpace(field, value);
  const [low, high] = typeof value === 'number' ? suggestedRange(field, value) : [0, 0];
  const suggested = 'values' in space ? space.values.join(', ') : space.choices.join('; ');
  return [
    {
      field,
      value,
      isTried: input.isTried ?? false,
      kind: listed.length > 0 ? 'choices' : isNumeric(field.type) ? (input.kind ?? 'values') : 'values',
      listed,
      input: {
        values: input.values ?? suggested,
        low: input.low ?? String(low),
        high: input.high ?? String(high),
        points: input.points ?? String(POINTS),
        choices: input.choices ?? [...listed],
      },
      conditions: [],
    },
  ];
}

/** The values that a field lists; none for a range. */
function optionsOf({ field, kind, listed, input }: OfferedField): readonly FieldValue[] {
  if (kind === 'choices')
    return listed
      .filter((each) => input.choices.includes(each))
      .map((each) => (field.type === 'boolean' ? each === 'true' : each));
  if (kind !== 'values') return [];
  const isNumber = isNumeric(field.type);
  const parts = input.values.split(isNumber ? /[,;]/ : ';').map((part) => part.trim());
  // A value that cannot be read is kept, so that the check of the sweep refuses it.
  return isNumber ? parts.map((part) => readTyped(field, part) as FieldValue) : parts;
}

/** The values of a field in a sweep file. */
export function spaceOf(offered: OfferedField, isGrid: boolean): Readonly<Record<string, unknown>> {
  const { field, kind, input, conditions } = offered;
  const strict = conditions.filter(({ options }) => options.some(({ isMet }) => !isMet));
  const when = Object.fromEntries(
    strict.map(({ path, options }) => [path, options.filter(({ isMet }) => isMet).map(({ value }) => value)]),
  );
  const read = (text: string) => readTyped(field, text);
  const points = Number(input.points);
  return {
    ...(kind === 'choices' || !isNumeric(field.type)
      ? { choices: optionsOf(offered) }
      : kind === 'values'
        ? { values: optionsOf(offered) }
        : {
            range: [read(input.low), read(input.high)],
            scale: kind,
            ...(isGrid && { points: input.points.trim() === '' || Number.isNaN(points) ? input.points : points }),
          }),
    ...(strict.length > 0 && { when }),
  };
}

/** Conditions on the other fields that list values: by default, the values with which the field has an effect. */
function conditionsOf(
  start: RunConfig,
  { field: { path } }: OfferedField,
  tried: readonly OfferedField[],
  inputs: FieldInputs,
): Condition[] {
  return tried
    .filter((other) => other.field.path !== path && other.kind !== 'linear' && other.kind !== 'log')
    .map((other) => {
      const values = optionsOf(other);
      const chosen = inputs[path]?.when?.[other.field.path];
      const isEffective = (value: FieldValue) => {
        const config = withValue(start, other, value);
        return config !== undefined && hasEffect(config, path);
      };
      const effective = values.filter(isEffective);
      const met = chosen ? values.filter((value) => chosen.includes(String(value))) : effective;
      const all = !chosen && met.length === 0;
      return { path: other.field.path, options: values.map((value) => ({ value, isMet: all || met.includes(value) })) };
    })
    .filter(({ options }) => options.length > 1);
}

/** A configuration with another value of a field; undefined if the value is not allowed. */
function withValue(start: RunConfig, { field: { path } }: OfferedField, value: FieldValue): RunConfig | undefined {
  try {
    return parseRunConfig(setField(start, path, value));
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
