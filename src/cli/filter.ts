import type { Filter } from '../catalog/filter/filter.ts';
import { FilterError } from '../catalog/filter/filterError.ts';
import { parseFilter } from '../catalog/filter/parseFilter.ts';

/** Reads a filter. @throws FilterError whose message points to the place in the text */
export function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { position, length, message } = error;
    const marks = `${' '.repeat(position)}${'^'.repeat(Math.max(1, length))}`;
    throw new FilterError(`${message}\n  ${text}\n  ${marks}`, error);
  }
}
