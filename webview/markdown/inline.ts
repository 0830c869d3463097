import { linkTarget } from '../../src/catalog/report/links.ts';
import { h } from '../dom.ts';

/** Prefix of the ids of headings, so that none is the id of another element. */
export const HEADING_PREFIX = 'heading-';

/** How links and formulas in a text are shown. */
export interface InlineOptions {
  /** Creates a formula from TeX; omitted for a text without formulas. */
  readonly math?: (tex: string, display: boolean) => Node;
  /** Creates the link to a file by its path relative to the text; omitted for a text without such links. */
  readonly fileLink?: (path: string, label: readonly (Node | string)[]) => Node;
}

interface Pattern {
  /** Matches at one place. Its repetitions are bounded, so that a long text is read in linear time. */
  readonly pattern: RegExp;
  /** Undefined if the match is text after all. */
  readonly make: (match: RegExpExecArray, options: InlineOptions) => Node | string | undefined;
}

const PATTERNS: readonly Pattern[] = [
  { pattern: /\\([!-/:-@[-`{-~])/y, make: ([, character = '']) => character },
  { pattern: /(`+)(?!`)([^\n]{1,2000}?)(?<!`)\1(?!`)/y, make: ([, , code = '']) => h('code', {}, code.trim() || code) },
  {
    pattern: /\$(?![\s$])((?:[^$\\]|\\[^]){1,2000}?)(?<!\s)\$(?![\d$])/y,
    make: ([, tex = ''], { math }) => math?.(tex, false),
  },
  {
    pattern: /\*\*(?!\s)([^*]{1,2000})(?<!\s)\*\*/y,
    make: ([, text = ''], options) => h('strong', {}, ...inline(text, options)),
  },
  {
    pattern: /\*(?![\s*])([^*]{1,2000})(?<!\s)\*/y,
    make: ([, text = ''], options) => h('em', {}, ...inline(text, options)),
  },
  {
    pattern: /(?<![\p{L}\p{N}_])__(?![\s_])([^_]{1,2000})(?<!\s)__(?![\p{L}\p{N}_])/uy,
    make: ([, text = ''], options) => h('strong', {}, ...inline(text, options)),
  },
  {
    pattern: /(?<![\p{L}\p{N}_])_(?![\s_])([^_]{1,2000})(?<!\s)_(?![\p{L}\p{N}_])/uy,
    make: ([, text = ''], options) => h('em', {}, ...inline(text, options)),
  },
  // An image is a link to its file: a page loads nothing.
  {
    pattern:
      /!?\[([^\]]{1,1000})\]\(<?([^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?(?:\s+"[^"\n]{0,500}")?\)/y,
    make: ([, label = '', href = ''], options) => link(href, inLink(label, options), options),
  },
  { pattern: /<(https?:\/\/[^\s<>]{1,2000})>/iy, make: ([, url = ''], options) => link(url, [url], options) },
];

/** The label of a link, in which other links are text. */
function inLink(label: string, options: InlineOptions): (Node | string)[] {
  return inline(label, options).map((part) => (part instanceof HTMLAnchorElement ? (part.textContent ?? '') : part));
}

const STARTS = /[\\`$*_!<[]/g;

/** The content of a line or a paragraph. */
export function inline(text: string, options: InlineOptions): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let plain = 0;
  STARTS.lastIndex = 0;
  for (let at = nextStart(text, 0); at < text.length; at = nextStart(text, at)) {
    const found = matchAt(text, at, options);
    if (!found) {
      at++;
      continue;
    }
    parts.push(text.slice(plain, at), found.node);
    at += found.length;
    plain = at;
  }
  parts.push(text.slice(plain));
  return parts.filter((part) => part !== '');
}

/** Place of the next character that may begin something, from `at` on. */
function nextStart(text: string, at: number): number {
  STARTS.lastIndex = at;
  return STARTS.exec(text)?.index ?? text.length;
}

function matchAt(text: string, at: number, options: InlineOptions) {
  for (const { pattern, make } of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const node = match && make(match, options);
    if (match && node != null) return { node, length: match[0].length };
  }
  return undefined;
}

/** A link to a safe target; undefined for any other, which stays text. */
function link(href: string, label: readonly (Node | string)[], { fileLink }: InlineOptions): Node | undefined {
  const target = linkTarget(href);
  if (target?.kind === 'web') return h('a', { href: target.url, rel: 'noreferrer' }, ...label);
  if (!target || !fileLink) return undefined;
  if (target.kind === 'heading') return h('a', { href: `#${HEADING_PREFIX}${target.id}` }, ...label);
  return fileLink(target.path, label);
}
