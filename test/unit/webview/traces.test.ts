import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CELL_NAMES, cells, isSigmoid, type CellName } from '../../../src/config/cells.ts';
import { describeTraces } from '../../../webview/panel/gates/describeTraces.ts';
import type { UnitTrace } from '../../../webview/panel/gates/unitTraces.ts';
import { traceCharts } from '../../../webview/panel/gates/traceSpec.ts';

const activationsOf = (cell: CellName) => cells[cell].activations.map(({ name }) => name);

/** Traces of a cell: the same value at every token unless `values` has others. */
function tracesOf(cell: CellName, tokens: number, values: Partial<Record<string, readonly number[]>>): UnitTrace[] {
  return activationsOf(cell).map((activation) => ({
    activation,
    values: [...(values[activation] ?? Array.from({ length: tokens }, () => 0.5))],
  }));
}

describe('the charts of a unit', () => {
  for (const cell of CELL_NAMES) {
    it(`have every activation of a ${cell} once, and no gate beside a state`, () => {
      const charts = traceCharts(activationsOf(cell)).map(({ spec }) => spec);
      const keys = charts.flatMap(({ lines }) => lines.map(({ key }) => key));
      assert.deepEqual([...keys].sort(), [...activationsOf(cell)].sort());
      for (const { lines, defaults } of charts) {
        const gates = activationsOf(cell).filter((name) => isSigmoid(name) && lines.some(({ key }) => key === name));
        assert.ok(gates.length === 0 || gates.length === lines.length);
        assert.deepEqual(defaults.range, gates.length > 0 ? { min: 0, max: 1 } : 'full');
        assert.ok(!lines.some(({ key }) => key === 'cellState') || lines.length === 1);
      }
    });
  }
});

describe('what to look for in the traces of a unit', () => {
  const tokens = [...'a "bc" d'];

  it('says that values are missing, and nothing else', () => {
    const traces = tracesOf('lstm', 8, { forget: [0.9, NaN, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9] });
    const sentences = describeTraces({ cell: 'lstm' }, tokens, traces);
    assert.equal(sentences.length, 1);
    assert.ok(!sentences.join('').includes('NaN'));
  });

  it('names the token at which the memory gate is lowest, and the largest change of the state', () => {
    const forget = [0.9, 0.95, 0.9, 0.98, 0.9, 0.07, 0.9, 0.9];
    const cellState = [1, 1.5, 2, 9, 9, 8, 8, 8];
    const [memory, lowest, change] = describeTraces(
      { cell: 'lstm' },
      tokens,
      tracesOf('lstm', 8, { forget, cellState }),
    );
    assert.match(memory ?? '', /0\.81\b.*\b25 %.*\b5\b/);
    assert.match(lowest ?? '', /""".*\b6\b.*\b0\.07/);
    assert.match(change ?? '', /"b".*\b4\b.*\b2\.00\b.*\b9\.00/);
  });

  it('leaves out the memory gate of a cell that has none', () => {
    const hidden = [0, 0, -1, 0, 0, 0, 0, 0];
    const sentences = describeTraces({ cell: 'rnn' }, tokens, tracesOf('rnn', 8, { hidden }));
    assert.equal(sentences.length, 1);
    assert.match(sentences[0] ?? '', /"""\D*\b3\b.*\b0\.00\b.*-1\.00/);
  });

  it('is empty while the traces of another text are shown', () => {
    assert.deepEqual(describeTraces({ cell: 'gru' }, tokens, tracesOf('gru', 7, {})), []);
    assert.deepEqual(describeTraces({ cell: 'gru' }, tokens, []), []);
  });

  it('has numbers for every trace', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CELL_NAMES),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -50, max: 50, noNaN: true })), {
          minLength: 1,
          maxLength: 30,
        }),
        (cell, pairs) => {
          const gate = pairs.map(([value]) => value);
          const state = pairs.map(([, value]) => value);
          const values = { forget: gate, update: gate, cellState: state, hidden: state };
          const text = describeTraces(
            { cell },
            pairs.map(() => 'x'),
            tracesOf(cell, pairs.length, values),
          ).join(' ');
          assert.doesNotMatch(text, /NaN|Infinity|undefined|\{\d\}/);
        },
      ),
    );
  });
});
