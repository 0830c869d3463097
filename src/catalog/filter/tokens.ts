import { phrase } from '../../phrases/phrase.ts';
import { OPERATORS, type Operator, WORD } from './filter.ts';
import { FilterError } from './filterError.ts';

/** A token of a filter with its place in the text. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'operator'; readonly operator: Operator }
  | { readonly kind: '(' | ')' | ',' }
  | { readonly kind: 'end' }
);

const SPACE = /\s*/y;

/** Splits a filter into tokens; the last one is the end. @throws FilterError for a text without a closing quote */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return [...tokens, { kind: 'end', start: text.length, end: text.length }];
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function tokenAt(text: string, start: number): Token {
  const first = text.charAt(start);
  if (first === '(' || first === ')' || first === ',') return { kind: first, start, end: start + 1 };
  if (first === '"' || first === "'") return quotedAt(text, start, first);
  const operator = OPERATORS.find((each) => text.startsWith(each, start));
  if (operator) return { kind: 'operator', operator, start, end: start + operator.length };
  WORD.lastIndex = start;
  const [word = first] = WORD.exec(text) ?? [];
  return { kind: 'word', text: word, start, end: start + word.length };
}

function quotedAt(text: string, start: number, mark: string): Token {
  let content = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === mark) return { kind: 'quoted', text: content, start, end: at + 1 };
    if (character === '\\' && at + 1 < text.length) at++;
    content += text.charAt(at);
  }
  throw new FilterError(phrase('The text that begins with {0} has no closing quote.', mark), {
    position: start,
    length: text.length - start,
  });
}
