import { phrase } from '../../phrases/phrase.ts';
import type { RunRow } from '../../protocol/runRow.ts';
import { columnNamed } from '../columns.ts';
import { type Filter } from '../filter/filter.ts';
import { FilterError } from '../filter/filterError.ts';
import { filterRows } from '../filter/matches.ts';
import { parseFilter } from '../filter/parseFilter.ts';
import { nearestName } from '../nearest.ts';

/** Word that chooses all runs. */
const ALL = 'all';

/** An item of a list of runs with its place in the text. */
interface Item {
  readonly text: string;
  readonly position: number;
  readonly length: number;
}

/**
 * The runs that a block names: by ids or names with commas between them, in this order; otherwise by a filter, in the
 * order of the rows. A filter leaves out archived runs unless it asks for them.
 * @throws FilterError with the place of what is wrong
 */
export function chooseRuns(text: string, rows: readonly RunRow[]): RunRow[] {
  const items = listOf(text);
  const found = items.map((item) => named(item.text, rows));
  if (found.length > 0 && found.every((each) => each.length > 0)) return [...new Set(found.flat())];
  const unknown = items.length > 1 ? items[found.findIndex((each) => each.length === 0)] : undefined;
  if (unknown) {
    const names = rows.flatMap(({ id, values }) => [id, String(values['name'])]);
    const near = nearestName(unknown.text, names);
    const message =
      near === ''
        ? phrase('There is no run "{0}": there are no runs yet.', unknown.text)
        : phrase('There is no run with the id or name "{0}". Did you mean "{1}"?', unknown.text, near);
    throw new FilterError(message, unknown);
  }
  const filter: Filter = text.toLowerCase() === ALL ? { kind: 'and', parts: [] } : parseFilter(text);
  const passing = filterRows(rows, filter);
  return asksFor(filter, 'archived') ? passing : passing.filter(({ values }) => values['archived'] !== true);
}

function named(name: string, rows: readonly RunRow[]): RunRow[] {
  const byId = rows.filter(({ id }) => id === name);
  return byId.length > 0 ? byId : rows.filter(({ values }) => values['name'] === name);
}

/** Whether a filter has a condition on a column. */
function asksFor(filter: Filter, column: string): boolean {
  if ('parts' in filter) return filter.parts.some((part) => asksFor(part, column));
  if ('part' in filter) return asksFor(filter.part, column);
  return 'column' in filter && columnNamed(filter.column)?.key === column;
}

/** The items between the commas of a text, but not between those in quotes or parentheses. */
function listOf(text: string): Item[] {
  const ends: number[] = [];
  let quote = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) ends.push(at);
  }
  let start = 0;
  return [...ends, text.length].map((end) => {
    const whole = text.slice(start, end);
    const item = whole.trim();
    const position = start + whole.length - whole.trimStart().length;
    start = end + 1;
    return { text: unquoted(item), position, length: item.length };
  });
}

/** The content of a text in double quotes; another text as it is. */
function unquoted(text: string): string {
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) return text;
  return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}
