import assert from 'node:assert/strict';
import fc from 'fast-check';
import { COLUMNS, type ColumnType } from '../../../../src/catalog/columns.ts';
import { completions } from '../../../../src/catalog/filter/completions.ts';
import {
  combine,
  EVERYTHING,
  type Filter,
  type FilterValue,
  OPERATORS,
  printFilter,
} from '../../../../src/catalog/filter/filter.ts';
import { FilterError } from '../../../../src/catalog/filter/filterError.ts';
import { filterRows, matches } from '../../../../src/catalog/filter/matches.ts';
import { operatorsOf, parseFilter } from '../../../../src/catalog/filter/parseFilter.ts';
import { assertNames } from '../../../harness/facts.ts';
import { anyRow, exampleRows } from '../examples.ts';

const column = fc.constantFrom(...COLUMNS);
const text = fc.oneof(fc.string(), fc.constantFrom('gru', 'and', 'not', 'in', 'best', '2 min', '"', '\\', '日本', ''));
const date = fc.constantFrom('2026', '2026-02', '2026-11-23', '2026-11-23 14:05', '2026-11-23T14:05:59');
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const values: Readonly<Record<ColumnType, fc.Arbitrary<FilterValue>>> = {
  text,
  list: text,
  number,
  duration: number,
  flag: fc.boolean(),
  date,
};

const condition: fc.Arbitrary<Filter> = fc.oneof(
  text.map((each): Filter => ({ kind: 'text', text: each })),
  column.map(({ key }): Filter => ({ kind: 'missing', column: key })),
  column.chain(({ key, type }) =>
    fc.record(
      {
        kind: fc.constant('compare' as const),
        column: fc.constant(key),
        operator: fc.constantFrom(...operatorsOf[type]),
        value: values[type],
      },
      { noNullPrototype: true },
    ),
  ),
  column.chain(({ key, type }) =>
    fc.record(
      {
        kind: fc.constant('in' as const),
        column: fc.constant(key),
        values: fc.array(values[type], { minLength: 1, maxLength: 3 }),
      },
      { noNullPrototype: true },
    ),
  ),
);

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    condition,
    tie('filter').map((part): Filter => ({ kind: 'not', part })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }))
      .map(([kind, parts]) => combine(kind, parts)),
  ),
}));

/** Texts of all kinds: arbitrary ones, sequences of tokens, and filters that are cut off or changed. */
const token = fc.oneof(
  column.map(({ key }) => key),
  fc.constantFrom(
    'and',
    'or',
    'not',
    'in',
    'is',
    'missing',
    '(',
    ')',
    ',',
    '1.6',
    '2 min',
    'gru',
    '"a b"',
    '"',
    '!',
    ...OPERATORS,
  ),
);
const anyText = fc.oneof(
  fc.string(),
  fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(' ')),
  fc.tuple(filter, fc.nat(60)).map(([each, length]) => printFilter(each).slice(0, length)),
);

function errorOf(read: string): FilterError | undefined {
  try {
    parseFilter(read);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof FilterError, String(error));
    return error;
  }
}

function names(expression: string): string[] {
  return filterRows(exampleRows, parseFilter(expression)).map(({ id }) => id);
}

describe('filters of runs', () => {
  it('are read back as they are printed', () => {
    fc.assert(fc.property(filter, (each) => assert.deepEqual(parseFilter(printFilter(each)), each)));
    assert.deepEqual(parseFilter(printFilter(EVERYTHING)), EVERYTHING);
  });

  it('follow the laws of and, or and not', () => {
    fc.assert(
      fc.property(filter, filter, anyRow, (a, b, row) => {
        const [inA, inB] = [matches(a, row), matches(b, row)];
        assert.equal(matches({ kind: 'not', part: a }, row), !inA);
        assert.equal(matches(combine('and', [a, b]), row), inA && inB);
        assert.equal(matches(combine('or', [a, b]), row), inA || inB);
        assert.equal(matches(parseFilter(`(${printFilter(a)}) (${printFilter(b)})`), row), inA && inB);
        assert.equal(matches(EVERYTHING, row), true);
      }),
    );
  });

  it('have operators that complement each other', () => {
    const opposite = { '=': '!=', '~': '!~' } as const;
    fc.assert(
      fc.property(condition, anyRow, (each, row) => {
        if (each.kind === 'in') {
          const parts = each.values.map((value): Filter => ({ ...each, kind: 'compare', operator: '=', value }));
          assert.equal(matches(each, row), matches(combine('or', parts), row));
        }
        if (each.kind !== 'compare' || (each.operator !== '=' && each.operator !== '~')) return;
        assert.equal(matches({ ...each, operator: opposite[each.operator] }, row), !matches(each, row));
      }),
    );
  });

  it('order numbers, durations and dates, and find no missing value', () => {
    const ordered = fc
      .constantFrom(...COLUMNS.filter(({ type }) => operatorsOf[type].includes('<')))
      .chain(({ key, type }) => fc.record({ column: fc.constant(key), value: values[type] }));
    fc.assert(
      fc.property(ordered, anyRow, (each, row) => {
        const holds = (operator: '<' | '<=' | '=' | '>=' | '>') => matches({ kind: 'compare', ...each, operator }, row);
        const isThere = row.values[each.column] !== null;
        assert.equal(matches({ kind: 'missing', column: each.column }, row), !isThere);
        assert.equal(Number(holds('<')) + Number(holds('=')) + Number(holds('>')), Number(isThere));
        assert.equal(holds('<='), holds('<') || holds('='));
        assert.equal(holds('>='), holds('>') || holds('='));
      }),
    );
  });

  it('find runs by fields, aliases, texts and flags', () => {
    assert.deepEqual(names('cell = gru and best < 2.25'), ['gru-1', 'gru-2']);
    assert.deepEqual(names('cell = GRU seed > 2'), ['gru-3']);
    assert.deepEqual(names('model.cell in (gru, rnn) and not seed in (1, 2)'), ['gru-3', 'rnn-3']);
    assert.deepEqual(names('starred and cell != lstm'), ['gru-1', 'rnn-1']);
    assert.deepEqual(names('paper cell = lstm or tags = "two words" cell = rnn'), ['lstm-2', 'rnn-2']);
    assert.deepEqual(names('tags is missing and seconds < 2 min'), ['lstm-1', 'gru-1', 'rnn-1']);
    assert.deepEqual(names('seconds = 1 min 60s and lr = 0.005 and cell ~ ST'), ['lstm-2']);
    assert.deepEqual(names('started = 2026-01 and started >= 2025 and verdict is missing and HAMLET').length, 9);
    assert.deepEqual(names('started > 2026-01-02'), []);
    assert.deepEqual(
      names(''),
      exampleRows.map(({ id }) => id),
    );
  });

  it('fail with a place in the text, and never otherwise', () => {
    fc.assert(
      fc.property(anyText, (each) => {
        const error = errorOf(each);
        if (!error) return;
        assert.ok(
          error.position >= 0 && error.position + error.length <= each.length,
          `${error.position} in "${each}"`,
        );
        assert.notEqual(error.message, '');
      }),
      { numRuns: 500 },
    );
    for (const deep of ['('.repeat(5000), 'not '.repeat(5000)]) assert.ok(errorOf(deep));
  });

  it('name what is wrong and what is allowed', () => {
    const cases: readonly (readonly [string, string, ...string[]])[] = [
      ['cel = gru', 'cel', 'cell'],
      ['cell = gru and learnRate < 1', 'learnRate', 'learningRate'],
      ['best < low', 'low', 'best'],
      ['best ~ 1', '~', 'best', '<='],
      ['seconds > 2weeks', '2weeks', 'seconds'],
      ['started > 2026-02-30', '2026-02-30', 'started'],
      ['starred = maybe', 'maybe', 'yes', 'no'],
      ['cell = gru or', ''],
      ['(cell = gru', '', ')'],
      ['cell in gru', 'gru', '('],
      ['name = "open', '"open', '"'],
      ['best is there', 'there', 'missing'],
    ];
    for (const [expression, part, ...facts] of cases) {
      const error = errorOf(expression);
      assert.ok(error, expression);
      assert.equal(expression.slice(error.position, error.position + error.length), part, expression);
      assertNames(error.message, ...facts);
    }
  });

  it('are completed to filters that can be read', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (each, place, choice) => {
        const caret = place % (each.length + 1);
        const { from, to, items } = completions(each, caret, exampleRows);
        assert.ok(from <= caret && caret <= to && to <= each.length);
        const item = items[choice % Math.max(1, items.length)];
        if (!item) return;
        const before = `${each.slice(0, from)}${item.text}`;
        const error = errorOf(before);
        assert.ok(!error || error.position === before.length, `"${before}": ${error?.message}`);
        // Choosing one more completion after another leads to a filter.
        assert.ok(canBeFinished(before), before);
      }),
      { numRuns: 300 },
    );
  });

  it('are completed by fields, operators and the values that runs have', () => {
    const offered = (typed: string) => completions(typed, typed.length, exampleRows).items.map((item) => item.text);
    assert.equal(offered('ce')[0], 'cell');
    assert.ok(offered('best ').includes('<') && !offered('best ').includes('~'));
    assert.deepEqual(offered('cell = ').toSorted(), ['gru', 'lstm', 'rnn']);
    assert.deepEqual(offered('cell = g'), ['gru']);
    for (const each of offered('seconds = ')) assert.equal(errorOf(`seconds = ${each}`), undefined);
    assert.deepEqual(offered('tags = "tw'), ['"two words"']);
    assert.ok(offered('seconds < 2 ').includes('min'));
    assert.deepEqual(offered('cell in (gru').includes('gru'), true);
    for (const each of offered('data.quote = ')) assert.equal(errorOf(`data.quote = ${each}`), undefined, each);
    assert.ok(offered('cell = gru ').includes('and'));
  });
});

function canBeFinished(text: string, deepest = 6): boolean {
  if (!errorOf(text)) return true;
  if (deepest === 0) return false;
  const continued = `${text} `;
  const { items } = completions(continued, continued.length, exampleRows);
  const closing = items.find((item) => item.text === ')') ?? items.at(0);
  return closing !== undefined && canBeFinished(`${continued}${closing.text}`, deepest - 1);
}
