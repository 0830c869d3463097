import * as z from 'zod';
import { sha256Hex } from '../../platform/hashing.ts';
import { withHash, withoutHash } from '../integrity.ts';

/** A record as far as it names runs. */
const naming = z.looseObject({
  id: z.string(),
  parent: z.looseObject({ run: z.string() }).nullish(),
  initial: z.looseObject({ run: z.string() }).nullish(),
  repetition: z.looseObject({ run: z.string() }).nullish(),
});

/** Fields of a record with the id of another run. */
const OTHERS = ['parent', 'initial', 'repetition'] as const;

/** Ids of a record to replace. */
export interface NewIds {
  /** Of the run itself; undefined to keep its id. */
  readonly id: string | undefined;
  /** Of the runs that it names, by those that they had. */
  readonly others: ReadonlyMap<string, string>;
}

/** The ids of the runs that a record names. @throws Error for a text that is no record */
export function namedRuns(text: string, path: string): string[] {
  const record = naming.parse(JSON.parse(withoutHash(text, path)));
  return [...new Set(OTHERS.flatMap((field) => record[field]?.run ?? []))];
}

/** The text of a record with other ids. Nothing else changes. */
export function withIds(text: string, path: string, { id, others: ids }: NewIds): string {
  const json = withoutHash(text, path);
  const record = naming.parse(JSON.parse(json));
  const others = OTHERS.flatMap((field) => {
    const value = record[field];
    return value ? [[field, { ...value, run: ids.get(value.run) ?? value.run }] as const] : [];
  });
  const changed = { ...record, id: id ?? record.id, ...Object.fromEntries(others) };
  if (JSON.stringify(changed) === JSON.stringify(record)) return text;
  const written = `${JSON.stringify(changed, undefined, 2)}\n`;
  return json === text ? written : withHash(written);
}

/** A hash of a record that does not depend on the ids in it. */
export function hashWithoutIds(text: string, path: string): string {
  const record = naming.parse(JSON.parse(withoutHash(text, path)));
  const others = OTHERS.map((field) => [field, record[field] && { ...record[field], run: '' }]);
  return sha256Hex(JSON.stringify({ ...record, id: '', ...Object.fromEntries(others) }));
}
