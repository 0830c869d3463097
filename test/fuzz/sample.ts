import type * as z from 'zod';
import type { Generator } from '../../src/random/generator.ts';
import { HOSTILE } from './hostile.ts';

/** Depth from which recursive schemas get their smallest values. */
const DEEPEST = 8;
const MOST_ITEMS = 3;

/** Values of the leaves of schemas; each leaf gets one of those that its schema accepts. */
const LEAVES: readonly unknown[] = [
  0,
  1,
  2,
  3,
  0.5,
  20,
  50,
  -1.5,
  1000,
  1e15,
  '',
  'a',
  '3',
  '#8844cc',
  'tensorflow',
  '2026-11-23T00:00:00.000Z',
  'ab'.repeat(32),
  ...HOSTILE,
  true,
  false,
  null,
  new Uint8Array([0, 128, 255]),
  new Uint32Array([0, 1, 2]),
  new Float32Array([0, 0.5, 1]),
  { id: 'row', values: { name: HOSTILE[0], best: 1.5, started: '2026-11-23T00:00:00.000Z' } },
];

/** The parts of a definition of zod that samples depend on. */
export interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly length?: number; readonly minimum?: number } };
  }[];
}

export function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** A random value that a schema accepts, as far as its parts decide; texts are often hostile. */
export function sampleOf(schema: z.ZodType, random: Generator, depth = 0): unknown {
  const definition = definitionOf(schema);
  const isDeep = depth >= DEEPEST;
  const part = (of: z.ZodType | undefined): unknown => (of ? sampleOf(of, random, depth + 1) : undefined);
  const oneOf = <T>(values: readonly T[]): T | undefined => values[random.nextBelow(values.length)];
  const lengths = definition.checks?.map(({ _zod: { def } }) => def) ?? [];
  const least = Math.max(0, ...lengths.map(({ length, minimum }) => length ?? minimum ?? 0));
  const more = isDeep || lengths.some(({ length }) => length !== undefined) ? 0 : random.nextBelow(MOST_ITEMS + 1);
  const many = (make: () => unknown) => Array.from({ length: least + more }, () => make());
  const kinds: Readonly<Record<string, () => unknown>> = {
    object: () => {
      const fields = Object.entries(definition.shape ?? {}).map(([name, field]) => [name, part(field)] as const);
      return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
    },
    array: () => many(() => part(definition.element)),
    tuple: () => definition.items?.map(part),
    record: () => {
      const names = many(() => part(definition.keyType)).map(String);
      return Object.fromEntries(names.map((name) => [name, part(definition.valueType)]));
    },
    union: () => part(isDeep ? definition.options?.[0] : oneOf(definition.options ?? [])),
    intersection: () => Object.assign({}, part(definition.left), part(definition.right)) as unknown,
    literal: () => oneOf(definition.values ?? []),
    enum: () => oneOf(Object.values(definition.entries ?? {})),
    optional: () => (isDeep || random.nextBelow(3) === 0 ? undefined : part(definition.innerType)),
    nullable: () => (random.nextBelow(4) === 0 ? null : part(definition.innerType)),
    lazy: () => part(definition.getter?.()),
    pipe: () => part(definition.in),
    ...Object.fromEntries(
      ['default', 'prefault', 'catch', 'readonly', 'nonoptional'].map((type) => [
        type,
        () => part(definition.innerType),
      ]),
    ),
  };
  const make = kinds[definition.type];
  if (make) return make();
  const start = random.nextBelow(LEAVES.length);
  return [...LEAVES.slice(start), ...LEAVES.slice(0, start)].find((value) => schema.safeParse(value).success);
}
