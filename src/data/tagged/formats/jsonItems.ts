/** Element of JSON Lines or of a JSON array. */
interface JsonItem {
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly json: string;
  /** False for an element at the end of a text that was cut off. */
  readonly isComplete: boolean;
}

/** Strings, brackets, and what separates the elements. */
const SIGN = /"(?:[^"\\]|\\.)*"?|[[\]{},\n]/gs;

/**
 * Splits JSON Lines, or the array of a JSON file, into its elements, which may extend over several lines. A file whose
 * first line is a complete array and not its only line holds JSON Lines.
 */
export function jsonItems(text: string): JsonItem[] {
  const start = text.search(/\S/);
  if (start < 0) return [];
  return text[start] === '[' && !isWholeLine(text, start) ? elements(text, start + 1) : lines(text);
}

/** Whether the first line is valid JSON, and other lines follow. */
function isWholeLine(text: string, start: number): boolean {
  const end = text.indexOf('\n', start);
  if (end < 0 || text.slice(end).trim() === '') return false;
  try {
    JSON.parse(text.slice(start, end));
    return true;
  } catch {
    return false;
  }
}

function lines(text: string): JsonItem[] {
  const all = text.split('\n');
  return all.flatMap((json, at) =>
    json.trim() === '' ? [] : [{ line: at + 1, json, isComplete: at < all.length - 1 || isClosed(json) }],
  );
}

function isClosed(json: string): boolean {
  return /[}\]]\s*$/.test(json);
}

/** The elements of an array that begins before `start`. */
function elements(text: string, start: number): JsonItem[] {
  const items: JsonItem[] = [];
  let [depth, from] = [0, start];
  let line = text.slice(0, start).split('\n').length;
  let first = line;
  const add = (to: number, isComplete: boolean): void => {
    const json = text.slice(from, to);
    const blank = json.length - json.trimStart().length;
    const breaks = json.slice(0, blank).split('\n').length - 1;
    if (json.trim() !== '') items.push({ line: first + breaks, json: json.trim(), isComplete });
    from = to + 1;
    first = line;
  };
  for (const { 0: sign, index } of text.slice(start).matchAll(SIGN)) {
    if (sign === '\n') line++;
    else if (sign === '[' || sign === '{') depth++;
    else if (depth === 0 && (sign === ',' || sign === ']')) {
      add(start + index, true);
      if (sign === ']') return items;
    } else if (sign === ']' || sign === '}') depth--;
  }
  add(text.length, false);
  return items;
}
