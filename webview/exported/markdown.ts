import { h } from '../dom.ts';

/**
 * A note in a subset of Markdown: headings, paragraphs, lists, quotes, blocks of code; in a line: code, strong and
 * emphasized text, and links to web pages. Everything else, such as HTML, is text.
 */
export function markdown(text: string): Node[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const nodes: Node[] = [];
  for (let at = 0; at < lines.length;) {
    const block = BLOCKS.find(({ starts }) => starts.test(lines[at] ?? '')) ?? paragraph;
    const end = block.end(lines, at);
    const node = block.make(lines.slice(at, end));
    if (node) nodes.push(node);
    at = end;
  }
  return nodes;
}

interface Block {
  readonly starts: RegExp;
  /** Index of the line after the block that starts at `at`. */
  end(lines: readonly string[], at: number): number;
  make(lines: readonly string[]): Node | null;
}

const HEADING = /^(#{1,6})\s+(.*)$/;
const FENCE = /^\s*```/;
const BULLET = /^\s*[-*+]\s+/;
const NUMBER = /^\s*\d{1,9}[.)]\s+/;
const QUOTE = /^\s*>\s?/;
const BLANK = /^\s*$/;

/** A block of all lines that start in the same way. */
function sameLines(starts: RegExp, make: Block['make']): Block {
  return {
    starts,
    end: (lines, at) => {
      const other = lines.findIndex((line, i) => i > at && !starts.test(line));
      return other < 0 ? lines.length : other;
    },
    make,
  };
}

const list = (name: 'ul' | 'ol', mark: RegExp) =>
  sameLines(mark, (lines) => h(name, {}, ...lines.map((line) => h('li', {}, ...inline(line.replace(mark, ''))))));

const BLOCKS: readonly Block[] = [
  sameLines(BLANK, () => null),
  {
    starts: FENCE,
    end: (lines, at) => {
      const close = lines.findIndex((line, i) => i > at && FENCE.test(line));
      return close < 0 ? lines.length : close + 1;
    },
    make: (lines) => {
      const body = lines.slice(1, FENCE.test(lines.at(-1) ?? '') && lines.length > 1 ? -1 : undefined);
      return h('pre', {}, body.join('\n'));
    },
  },
  {
    starts: HEADING,
    end: (_, at) => at + 1,
    make: ([line = '']) => {
      const [, marks = '', title = ''] = HEADING.exec(line) ?? [];
      return h(marks.length === 1 ? 'h3' : 'h4', {}, ...inline(title));
    },
  },
  list('ul', BULLET),
  list('ol', NUMBER),
  sameLines(QUOTE, (lines) => h('blockquote', {}, ...inline(lines.map((line) => line.replace(QUOTE, '')).join('\n')))),
];

const paragraph: Block = {
  starts: /^/,
  end: (lines, at) => {
    const other = lines.findIndex((line, i) => i > at && BLOCKS.some(({ starts }) => starts.test(line)));
    return other < 0 ? lines.length : other;
  },
  make: (lines) => h('p', {}, ...inline(lines.join('\n'))),
};

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

function inline(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, emphasized, label = '', url] = match;
    parts.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (code !== undefined) parts.push(h('code', {}, code));
    else if (strong !== undefined) parts.push(h('strong', {}, strong));
    else if (emphasized !== undefined) parts.push(h('em', {}, emphasized));
    else parts.push(h('a', { href: url ?? '', rel: 'noreferrer' }, label));
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== '');
}
