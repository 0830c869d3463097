import * as l10n from '@vscode/l10n';
import { fenceEnd, openingFence } from '../../src/catalog/report/splitReport.ts';
import { headingId } from '../../src/catalog/report/links.ts';
import { h } from '../dom.ts';
import { HEADING_PREFIX, inline, type InlineOptions } from './inline.ts';

/** How a text is shown. */
export interface MarkdownOptions extends InlineOptions {
  /** Element of a heading with a number of marks, from 1 to 6. */
  readonly heading: (marks: number) => 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
  /** Ids of the headings so far, which links of the text lead to; omitted for a text without such links. */
  readonly ids?: Set<string>;
}

/** Notes on a run: headings below those of the page, and links to web pages only. */
const NOTE: MarkdownOptions = { heading: (marks) => (marks === 1 ? 'h3' : 'h4') };

/** Number of lists and quotes inside each other. What is deeper is text. */
const DEEPEST = 8;

/**
 * A text in a subset of Markdown: headings, paragraphs, lists, quotes, tables, rules, blocks of code; in a line: code,
 * strong and emphasized text, and links. Everything else, such as HTML, is text.
 */
export function markdown(text: string, options: MarkdownOptions = NOTE): Node[] {
  return blocksOf(text.split(/\r\n|\r|\n/), options, 0);
}

function blocksOf(lines: readonly string[], options: MarkdownOptions, depth: number): Node[] {
  const known = depth < DEEPEST ? BLOCKS : BLOCKS.filter(({ nests }) => !nests);
  const nodes: Node[] = [];
  const startsAt = (at: number) => known.find(({ starts }) => starts(lines, at, options));
  for (let at = 0; at < lines.length;) {
    const block = startsAt(at);
    const end = block ? block.end(lines, at) : paragraphEnd(lines, at, (line) => startsAt(line) !== undefined);
    const part = lines.slice(at, end);
    const node = block
      ? block.make(part, { options, nested: (inner) => blocksOf(inner, options, depth + 1) })
      : h('p', {}, ...inline(part.map((line) => line.trimStart()).join('\n'), options));
    if (node) nodes.push(node);
    at = end;
  }
  return nodes;
}

interface Making {
  readonly options: MarkdownOptions;
  /** The blocks of lines inside the block. */
  nested(lines: readonly string[]): Node[];
}

interface Block {
  readonly starts: (lines: readonly string[], at: number, options: MarkdownOptions) => boolean;
  /** Index of the line after the block that starts at `at`. */
  readonly end: (lines: readonly string[], at: number) => number;
  readonly make: (lines: readonly string[], making: Making) => Node | null;
  /** Whether the block contains other blocks. */
  readonly nests?: true;
}

const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const BULLET = /^ {0,3}[-*+]\s+/;
const NUMBER = /^ {0,3}\d{1,9}[.)]\s+/;
const QUOTE = /^\s*>\s?/;
const BLANK = /^\s*$/;
const INDENTED = /^(?: {2,}|\t)\s*\S/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const DELIMITERS = /^\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/;
const DISPLAYED = /^\s*\$\$/;

/** Index of the first line from `at` on that does not have a property. */
function endWhile(lines: readonly string[], at: number, holds: (line: string, i: number) => boolean): number {
  const other = lines.findIndex((line, i) => i >= at && !holds(line, i));
  return other < 0 ? lines.length : other;
}

/** A paragraph ends before another block. */
function paragraphEnd(lines: readonly string[], at: number, starts: (line: number) => boolean): number {
  let end = at + 1;
  while (end < lines.length && !starts(end)) end++;
  return end;
}

/** A list of items; lines that are indented belong to the item before them. */
const list = (name: 'ul' | 'ol', mark: RegExp): Block => ({
  nests: true,
  starts: (lines, at) => mark.test(lines[at] ?? ''),
  end: (lines, at) =>
    endWhile(lines, at, (line, i) => {
      if (mark.test(line) || INDENTED.test(line)) return true;
      const next = lines[i + 1] ?? '';
      return BLANK.test(line) && (mark.test(next) || INDENTED.test(next));
    }),
  make: (lines, { nested }) => {
    const items: string[][] = [];
    for (const line of lines) {
      if (mark.test(line)) items.push([line.replace(mark, '')]);
      else items.at(-1)?.push(line);
    }
    const first = /\d+/.exec(lines[0] ?? '')?.[0];
    const start = name === 'ol' && first !== undefined && Number(first) !== 1 ? { start: Number(first) } : {};
    return h(name, start, ...items.map((item) => h('li', {}, ...unwrapped(nested(dedented(item))))));
  },
});

/** An item without the indentation of its lines after the first one. */
function dedented([first = '', ...rest]: readonly string[]): string[] {
  const indents = rest.filter((line) => !BLANK.test(line)).map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return [first, ...rest.map((line) => line.slice(indent))];
}

/** The content of the first paragraph in place of the paragraph, as in a list of short items. */
function unwrapped([first, ...rest]: readonly Node[]): Node[] {
  if (!first) return [];
  return first instanceof HTMLParagraphElement ? [...first.childNodes, ...rest] : [first, ...rest];
}

const BLOCKS: readonly Block[] = [
  {
    starts: (lines, at) => BLANK.test(lines[at] ?? ''),
    end: (lines, at) => endWhile(lines, at, (line) => BLANK.test(line)),
    make: () => null,
  },
  {
    starts: (lines, at) => openingFence(lines[at] ?? '') !== undefined,
    end: (lines, at) => {
      const fence = openingFence(lines[at] ?? '');
      return fence ? Math.min(lines.length, fenceEnd(lines, at, fence) + 1) : at + 1;
    },
    make: (lines) => {
      const fence = openingFence(lines[0] ?? '');
      const end = fence ? fenceEnd(lines, 0, fence) : lines.length;
      return h('pre', {}, lines.slice(1, end).join('\n'));
    },
  },
  {
    starts: (lines, at, { math }) => math !== undefined && DISPLAYED.test(lines[at] ?? ''),
    end: (lines, at) => {
      if (/\$\$\s*$/.test((lines[at] ?? '').replace(DISPLAYED, ''))) return at + 1;
      const close = lines.findIndex((line, i) => i > at && /\$\$\s*$/.test(line));
      return close < 0 ? lines.length : close + 1;
    },
    make: (lines, { options }) => {
      const tex = lines
        .join('\n')
        .replace(DISPLAYED, '')
        .replace(/\$\$\s*$/, '');
      return h('div', { class: 'displayed' }, options.math?.(tex.trim(), true) ?? tex);
    },
  },
  {
    starts: (lines, at) => HEADING.test(lines[at] ?? ''),
    end: (_, at) => at + 1,
    make: ([line = ''], { options }) => {
      const [, marks = '', title = ''] = HEADING.exec(line) ?? [];
      const content = inline(title, options);
      const element = h(options.heading(marks.length), {}, ...content);
      if (options.ids) element.id = freeId(headingId(element.textContent ?? ''), options.ids);
      return element;
    },
  },
  {
    starts: (lines, at) => RULE.test(lines[at] ?? ''),
    end: (_, at) => at + 1,
    make: () => h('hr'),
  },
  list('ul', BULLET),
  list('ol', NUMBER),
  {
    nests: true,
    starts: (lines, at) => QUOTE.test(lines[at] ?? ''),
    end: (lines, at) => endWhile(lines, at, (line) => QUOTE.test(line)),
    make: (lines, { nested }) => h('blockquote', {}, ...nested(lines.map((line) => line.replace(QUOTE, '')))),
  },
  {
    starts: (lines, at) => {
      const [head = '', next = ''] = lines.slice(at, at + 2);
      return head.includes('|') && DELIMITERS.test(next) && cellsOf(head).length === cellsOf(next).length;
    },
    end: (lines, at) => endWhile(lines, at + 2, (line) => line.includes('|') && !BLANK.test(line)),
    make: ([head = '', delimiters = '', ...rows], { options }) => {
      const aligned = cellsOf(delimiters).map((mark) =>
        /^-+:$/.test(mark) ? 'end' : mark.endsWith(':') ? 'middle' : '',
      );
      const row = (name: 'th' | 'td', line: string) => {
        const cells = cellsOf(line);
        return h(
          'tr',
          {},
          ...aligned.map((align, i) =>
            h(name, align === '' ? {} : { class: align }, ...inline(cells[i] ?? '', options)),
          ),
        );
      };
      return h(
        'div',
        { class: 'points written-table', role: 'group', tabindex: 0, 'aria-label': l10n.t('Table') },
        h('table', {}, h('thead', {}, row('th', head)), h('tbody', {}, ...rows.map((line) => row('td', line)))),
      );
    },
  },
];

/** The cells of a row of a table. A bar after a backslash belongs to the cell. */
function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .split(/(?<!\\)\|/);
  if (cells.length > 1 && cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** An id that no heading has yet: the second heading of a name gets the suffix -1. */
function freeId(name: string, taken: Set<string>): string {
  let id = `${HEADING_PREFIX}${name}`;
  for (let i = 1; taken.has(id); i++) id = `${HEADING_PREFIX}${name}-${i}`;
  taken.add(id);
  return id;
}
