import { HashIndex, hashOf } from '../hashIndex.ts';
import { trimmedEnd, trimmedStart } from './cellRange.ts';
import type { TableRows } from './rows.ts';

/** Distinct cells that are kept as strings, so that repetitions are compared fast. */
const KEPT = 65_536;

/** Number of distinct cells of a column, without the white space around them. */
export function distinctCells(rows: TableRows, column: number): number {
  const index = new HashIndex();
  const kept: string[] = [];
  /** Row of each distinct cell. */
  let firsts = new Uint32Array(1024);
  let [current, from, to] = ['', 0, 0];
  const isSame = (number: number): boolean => {
    const known = kept[number] ?? rows.cell(firsts[number]!, column).trim();
    if (known.length !== to - from) return false;
    for (let at = 0; at < known.length; at++)
      if (known.charCodeAt(at) !== current.charCodeAt(from + at)) return false;
    return true;
  };
  rows.visit(column, (text, start, end, row) => {
    current = text;
    from = trimmedStart(text, start, end);
    to = trimmedEnd(text, from, end);
    const number = index.numberOf(hashOf(text, from, to), isSame);
    if (number + 1 < index.size || number < kept.length) return;
    if (number < KEPT) kept.push(text.slice(from, to));
    if (number === firsts.length) firsts = doubled(firsts);
    firsts[number] = row;
  });
  return index.size;
}

function doubled(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * values.length);
  larger.set(values);
  return larger;
}
