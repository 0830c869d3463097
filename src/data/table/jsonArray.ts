import { objectRows, type ObjectRows, type PlacedJson } from './jsonLines.ts';

/** JSON object in an array, with its place in UTF-16 code units. */
export interface PlacedElement extends PlacedJson {
  readonly start: number;
  readonly end: number;
}

/** Reads an array of JSON objects, or the first array of objects in an object, such as `{"data": [...]}`. */
export function readJsonArray(text: string): ObjectRows {
  return objectRows(arrayElements(text));
}

/** Strings, brackets and line ends: all that separates the elements of an array. */
const TOKEN = /"(?:[^"\\]|\\[^])*"|[{}[\]]|\n/g;

/** The elements of the first array of objects in a JSON text, with their places. */
export function* arrayElements(text: string): Generator<PlacedElement> {
  const first = text.search(/\[\s*\{/);
  if (first < 0) return;
  const lineOf = lineCounter(text);
  let depth = 0;
  let start = first + 1;
  TOKEN.lastIndex = 0;
  const tokens = new RegExp(TOKEN);
  tokens.lastIndex = first + 1;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const [sign] = token;
    if (sign === '{' || sign === '[') {
      if (depth === 0) start = token.index;
      depth++;
    } else if (sign === '}' || sign === ']') {
      if (depth === 0) return;
      depth--;
      if (depth > 0) continue;
      const end = token.index + 1;
      yield { line: lineOf(start), start, end, text: text.slice(start, end) };
    }
  }
}

/** Returns a function that gives the line, from 1, of ascending places in a text. */
function lineCounter(text: string): (place: number) => number {
  let line = 1;
  let at = text.indexOf('\n');
  return (place) => {
    while (at >= 0 && at < place) {
      line++;
      at = text.indexOf('\n', at + 1);
    }
    return line;
  };
}
