/** A column of a table for a terminal. */
export interface TextColumn {
  readonly heading: string;
  readonly align: 'start' | 'end';
}

/** Longest text of a cell; the rest is cut off. */
const LONGEST = 48;

/** Rows as lines with a heading, aligned by spaces. Line breaks in cells become spaces. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(oneLine))];
  const widths = columns.map((_, place) => lines.reduce((most, line) => Math.max(most, lengthOf(line[place])), 0));
  const pad = (text: string, place: number) => {
    const space = ' '.repeat((widths[place] ?? 0) - lengthOf(text));
    return columns[place]?.align === 'end' ? space + text : text + space;
  };
  return lines.map((line) => `${line.map(pad).join('  ').trimEnd()}\n`).join('');
}

function oneLine(text: string): string {
  const characters = Array.from(text.replaceAll(/\s+/g, ' ').trim());
  return characters.length <= LONGEST ? characters.join('') : `${characters.slice(0, LONGEST - 1).join('')}…`;
}

function lengthOf(text = ''): number {
  return Array.from(text).length;
}
