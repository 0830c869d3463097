import * as z from 'zod';
import { HOSTILE } from './hostile.ts';
import { definitionOf } from './sample.ts';

/** Puts hostile texts in the place of all texts of valid messages; a text that occurs twice gets the same one. */
export class Spoiler {
  readonly #texts = new Map<string, string>();

  /** A copy of a value that its schema still accepts. Templates of phrases are code, and stay. */
  spoiled(schema: z.ZodType, value: unknown): unknown {
    const definition = definitionOf(schema);
    const part = (of: z.ZodType | undefined, inner: unknown): unknown => (of ? this.spoiled(of, inner) : inner);
    const kinds: Readonly<Record<string, () => unknown>> = {
      string: () => this.#replaced(schema, value),
      object: () => mapped(value, (inner, name) => (name === 'phrase' ? inner : part(definition.shape?.[name], inner))),
      array: () => list(value).map((inner) => part(definition.element, inner)),
      tuple: () => list(value).map((inner, i) => part(definition.items?.[i], inner)),
      record: () =>
        this.#record(
          schema,
          definition.keyType,
          mapped(value, (inner) => part(definition.valueType, inner)),
        ),
      union: () =>
        part(
          definition.options?.find((option) => option.safeParse(value).success),
          value,
        ),
      // A row of the table of runs is checked without a schema.
      custom: () => (isRow(value) ? { id: this.#replaced(z.string(), value.id), values: this.#cells(value) } : value),
      lazy: () => part(definition.getter?.(), value),
      pipe: () => part(definition.in, value),
    };
    if (definition.innerType) return value === null || value === undefined ? value : part(definition.innerType, value);
    const copied = kinds[definition.type]?.() ?? value;
    return schema.safeParse(copied).success ? copied : value;
  }

  #replaced(schema: z.ZodType, value: unknown): unknown {
    if (typeof value !== 'string') return value;
    const known = this.#texts.get(value);
    const count = this.#texts.size;
    const hostile = HOSTILE[count % HOSTILE.length] ?? '';
    const text = known ?? (count < HOSTILE.length ? hostile : `${hostile} ${count}`);
    if (!schema.safeParse(text).success) return value;
    this.#texts.set(value, text);
    return text;
  }

  #record(schema: z.ZodType, keys: z.ZodType | undefined, value: unknown): unknown {
    const entries = Object.entries(value as object).map(([name, inner]) => [
      keys ? this.#replaced(keys, name) : name,
      inner as unknown,
    ]);
    const copy = Object.fromEntries(entries) as unknown;
    return schema.safeParse(copy).success ? copy : value;
  }

  /** Dates of a row stay dates. */
  #cells({ values }: Row): unknown {
    const isDate = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
    return mapped(values, (value) =>
      Array.isArray(value)
        ? value.map((each) => this.#replaced(z.string(), each))
        : isDate(value)
          ? value
          : this.#replaced(z.string(), value),
    );
  }
}

interface Row {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'id' in value && 'values' in value;
}

function mapped(value: unknown, change: (inner: unknown, name: string) => unknown): Record<string, unknown> {
  const entries: [string, unknown][] = Object.entries(value as object);
  return Object.fromEntries(entries.map(([name, inner]) => [name, change(inner, name)]));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
