import { phrase, type Text } from '../../phrases/phrase.ts';
import { type Column, COLUMNS, columnNamed } from '../columns.ts';
import { nearestName } from '../nearest.ts';
import { dateRange } from './dates.ts';
import { combine, EVERYTHING, type Filter, type FilterValue, KEYWORDS, type Operator, UNITS } from './filter.ts';
import { FilterError } from './filterError.ts';
import { type Token, tokensOf } from './tokens.ts';

/**
 * Grammar of a filter. Conditions next to each other are joined by `and`.
 *
 *     filter    = [ or ]
 *     or        = and { "or" and }
 *     and       = unary { [ "and" ] unary }
 *     unary     = "not" unary | "(" or ")" | condition | text
 *     condition = field operator value | field [ "not" ] "in" "(" value { "," value } ")"
 *               | field "is" [ "not" ] "missing" | flag
 *     operator  = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
 *     value     = word | quoted text | number unit { number unit }
 */

/** What a filter may continue with, for completion. */
export type Expected =
  | { readonly kind: 'condition' | 'connective' | 'missing' | 'not' | 'unit' }
  | { readonly kind: 'operator'; readonly column: Column }
  | { readonly kind: 'value'; readonly column: Column }
  | { readonly kind: 'sign'; readonly sign: '(' | ')' | ',' };

/** Reads a filter. @throws FilterError with the place of the error */
export function parseFilter(text: string): Filter {
  return new Parser(text).filter();
}

/**
 * What may follow a text.
 * @returns nothing if no filter begins with the text
 */
export function expectedAfter(text: string): readonly Expected[] {
  try {
    const parser = new Parser(text);
    try {
      parser.filter();
    } catch (error) {
      if (!(error instanceof FilterError) || error.position < text.trimEnd().length) return [];
    }
    return parser.expected;
  } catch (error) {
    if (error instanceof FilterError) return [];
    throw error;
  }
}

const ORDERED: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
const CONTAINS: readonly Operator[] = ['=', '!=', '~', '!~'];

/** Operators that apply to each type of column. */
export const operatorsOf: Readonly<Record<Column['type'], readonly Operator[]>> = {
  text: CONTAINS,
  list: CONTAINS,
  flag: ['=', '!='],
  number: ORDERED,
  duration: ORDERED,
  date: ORDERED,
};

/** Deepest nesting of parentheses and of `not`. */
const DEEPEST = 100;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  /** What the parser looked for where the text ends. */
  readonly expected: Expected[] = [];

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  filter(): Filter {
    if (this.#isNext('end')) {
      this.#expect({ kind: 'condition' });
      return EVERYTHING;
    }
    const filter = this.#or();
    if (this.#isNext('end')) return filter;
    throw this.#wrong(phrase('Expected "and", "or" or the end of the filter.'));
  }

  #or(): Filter {
    const parts = [this.#and()];
    while (this.#takeKeyword('or')) parts.push(this.#and());
    return combine('or', parts);
  }

  #and(): Filter {
    const parts = [this.#unary()];
    this.#expect({ kind: 'connective' });
    while (this.#takeKeyword('and') || this.#startsCondition()) {
      parts.push(this.#unary());
      this.#expect({ kind: 'connective' });
    }
    return combine('and', parts);
  }

  #startsCondition(): boolean {
    const { kind } = this.#next;
    if (kind === 'quoted' || kind === '(') return true;
    return kind === 'word' && !this.#isKeyword('or') && !this.#isKeyword('and');
  }

  #unary(): Filter {
    if (++this.#depth > DEEPEST) throw this.#wrong(phrase('The filter is nested too deeply.'));
    try {
      this.#expect({ kind: 'condition' });
      if (this.#takeKeyword('not')) return { kind: 'not', part: this.#unary() };
      if (this.#take('(')) {
        const filter = this.#or();
        this.#close();
        return filter;
      }
      return this.#condition();
    } finally {
      this.#depth--;
    }
  }

  #close(): void {
    this.#expect({ kind: 'sign', sign: ')' });
    if (!this.#take(')')) throw this.#wrong(phrase('Expected "{0}".', ')'));
  }

  #condition(): Filter {
    const token = this.#next;
    if (token.kind === 'quoted') {
      this.#at++;
      return { kind: 'text', text: token.text };
    }
    if (token.kind !== 'word' || KEYWORDS.has(token.text.toLowerCase())) {
      throw this.#wrong(phrase('Expected a field, such as {0}, or a text to search for.', 'best'));
    }
    this.#at++;
    const column = columnNamed(token.text);
    if (column) this.#expect({ kind: 'operator', column });
    const isComparison = this.#isNext('operator') || this.#isKeyword('in') || this.#isKeyword('is') || this.#isNotIn();
    if (isComparison) return this.#comparison(column ?? unknownField(token), token);
    if (column?.type === 'flag') return { kind: 'compare', column: column.key, operator: '=', value: true };
    return { kind: 'text', text: token.text };
  }

  #isNotIn(): boolean {
    const after = this.#tokens[this.#at + 1];
    return this.#isKeyword('not') && after?.kind === 'word' && after.text.toLowerCase() === 'in';
  }

  #comparison(column: Column, field: Token): Filter {
    const token = this.#next;
    const { key } = column;
    if (token.kind === 'operator') {
      const { operator } = token;
      if (!operatorsOf[column.type].includes(operator)) throw wrongOperator(column, token, operator);
      this.#at++;
      return { kind: 'compare', column: key, operator, value: this.#value(column) };
    }
    if (this.#takeKeyword('is')) return this.#missing(key);
    const isNegated = this.#takeKeyword('not');
    if (!this.#takeKeyword('in')) throw wrong(phrase('Expected an operator, such as {0}.', '='), field);
    const filter: Filter = { kind: 'in', column: key, values: this.#values(column) };
    return isNegated ? { kind: 'not', part: filter } : filter;
  }

  #missing(column: string): Filter {
    this.#expect({ kind: 'not' });
    const isNegated = this.#takeKeyword('not');
    this.#expect({ kind: 'missing' });
    if (!this.#takeKeyword('missing')) throw this.#wrong(phrase('Expected "{0}".', 'missing'));
    const filter: Filter = { kind: 'missing', column };
    return isNegated ? { kind: 'not', part: filter } : filter;
  }

  #values(column: Column): FilterValue[] {
    this.#expect({ kind: 'sign', sign: '(' });
    if (!this.#take('(')) throw this.#wrong(phrase('Expected "{0}".', '('));
    const values = [this.#value(column)];
    this.#expect({ kind: 'sign', sign: ',' });
    while (this.#take(',')) {
      values.push(this.#value(column));
      this.#expect({ kind: 'sign', sign: ',' });
    }
    this.#close();
    return values;
  }

  #value(column: Column): FilterValue {
    this.#expect({ kind: 'value', column });
    const token = this.#next;
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.#wrong(expectedValue(column));
    this.#at++;
    switch (column.type) {
      case 'text':
      case 'list':
        return token.text;
      case 'flag':
        return FLAGS.get(token.text.toLowerCase()) ?? fail(expectedValue(column), token);
      case 'number':
        return numberIn(token.text) ?? fail(expectedValue(column), token);
      case 'date':
        return dateRange(token.text) ? token.text : fail(expectedValue(column), token);
      case 'duration':
        return this.#duration(token.text) ?? fail(expectedValue(column), token);
    }
  }

  /** Seconds of one or more numbers with units, such as `1 h 20 min` or `90s`; a single number is in seconds. */
  #duration(first: string): number | undefined {
    let seconds = 0;
    for (let text = first; ;) {
      const [, digits = '', attached = ''] = /^(.*?)([a-z]*)$/i.exec(text) ?? [];
      const amount = numberIn(digits);
      if (amount === undefined) return undefined;
      const unit = attached === '' ? this.#takeUnit() : UNITS.get(attached.toLowerCase());
      if (unit === undefined) return attached === '' && text === first ? amount : undefined;
      seconds += amount * unit;
      const next = this.#next;
      if (next.kind !== 'word' || !/^\d/.test(next.text)) return seconds;
      this.#at++;
      text = next.text;
    }
  }

  #takeUnit(): number | undefined {
    this.#expect({ kind: 'unit' });
    const next = this.#next;
    const unit = next.kind === 'word' ? UNITS.get(next.text.toLowerCase()) : undefined;
    if (unit !== undefined) this.#at++;
    return unit;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #isNext(kind: Token['kind']): boolean {
    return this.#next.kind === kind;
  }

  #isKeyword(word: string): boolean {
    const next = this.#next;
    return next.kind === 'word' && next.text.toLowerCase() === word;
  }

  #take(kind: Token['kind']): boolean {
    const isHere = this.#isNext(kind);
    if (isHere) this.#at++;
    return isHere;
  }

  #takeKeyword(word: string): boolean {
    const isHere = this.#isKeyword(word);
    if (isHere) this.#at++;
    return isHere;
  }

  #expect(expected: Expected): void {
    if (this.#isNext('end')) this.expected.push(expected);
  }

  #wrong(message: Text): FilterError {
    return wrong(message, this.#next);
  }
}

const END: Token = { kind: 'end', start: 0, end: 0 };

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
]);

function numberIn(text: string): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function wrong(message: Text, { start, end }: Token): FilterError {
  return new FilterError(message, { position: start, length: end - start });
}

function fail(message: Text, token: Token): never {
  throw wrong(message, token);
}

const expectations: Readonly<Record<Column['type'], (field: string) => Text>> = {
  text: (field) => phrase('Expected a text after {0}.', field),
  list: (field) => phrase('Expected a text after {0}.', field),
  flag: (field) => phrase('Expected {1} or {2} after {0}.', field, 'yes', 'no'),
  number: (field) => phrase('Expected a number after {0}.', field),
  duration: (field) => phrase('Expected a duration after {0}, such as {1}.', field, '2 min'),
  date: (field) => phrase('Expected a date after {0}, such as {1}.', field, '2026-11-23'),
};

function expectedValue({ key, type }: Column): Text {
  return expectations[type](key);
}

function wrongOperator({ key, type }: Column, token: Token, operator: Operator): FilterError {
  return wrong(
    phrase('{0} does not apply to {1}. Allowed are {2}.', operator, key, operatorsOf[type].join(' ')),
    token,
  );
}

function unknownField(token: Token & { readonly kind: 'word' }): never {
  const near = nearestName(
    token.text,
    COLUMNS.flatMap(({ key, aliases }) => [key, ...aliases]),
  );
  throw wrong(phrase('There is no field "{0}". Did you mean "{1}"?', token.text, near), token);
}
