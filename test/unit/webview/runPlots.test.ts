import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Column, COLUMNS } from '../../../src/catalog/columns.ts';
import type { RunRow } from '../../../src/protocol/runRow.ts';
import { measuredMetrics } from '../../../src/protocol/metrics.ts';
import { namedRows, nearestRow, type Reading } from '../../../webview/charts/reading.ts';
import type { Points } from '../../../webview/charts/points.ts';
import { toggleIsolated } from '../../../webview/runs/plots/isolated.ts';
import { linesOfSetups, metricCurve } from '../../../webview/runs/plots/curveLines.ts';
import {
  axisColumns,
  differingColumns,
  endsOf,
  fieldAxis,
  fieldTicks,
  placeOn,
  placesOf,
  textOf,
} from '../../../webview/runs/plots/fieldAxis.ts';
import { FieldMapScene, strengths } from '../../../webview/runs/plots/fieldMapScene.ts';
import { ParallelScene } from '../../../webview/runs/plots/parallelScene.ts';
import { plotState, toggleMetric } from '../../../webview/runs/plots/plotState.ts';
import { ScatterScene } from '../../../webview/runs/plots/scatterScene.ts';
import { interpolate, meanCurve } from '../../../webview/charts/meanCurve.ts';
import { madeUpRows } from '../../fixtures/panelPage/runRows.ts';

const value = fc.option(fc.double({ min: -100, max: 100, noNaN: true }));
const curve: fc.Arbitrary<Points> = fc
  .uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 })
  .map((x) => x.sort((a, b) => a - b))
  .chain((x) => fc.tuple(...x.map(() => value)).map((y) => ({ x, y })));

describe('the mean over seeds', () => {
  it('of one curve is the curve, without a band', () => {
    fc.assert(
      fc.property(curve, (points) => {
        const { mean, low, high } = meanCurve([{ x: [], y: [] }, points]);
        assert.deepEqual(mean, points);
        assert.deepEqual([low.x.length, high.x.length], [0, 0]);
      }),
    );
  });

  it('of equal curves is the curve, with a band of no height', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 2, max: 5 }), (points, count) => {
        const { mean, low, high } = meanCurve(Array.from({ length: count }, () => points));
        assert.deepEqual(mean.x, points.x);
        mean.y.forEach((y, i) => {
          const expected = points.y[i] ?? null;
          if (expected === null || y === null) return assert.equal(y, expected);
          assert.ok(Math.abs(y - expected) <= 1e-12 * Math.max(1, Math.abs(expected)));
          assert.ok((high.y[i] ?? 0) - (low.y[i] ?? 0) <= 1e-6);
        });
      }),
    );
  });

  it('is within the curves, at an x that all of them reach, and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(curve, { minLength: 2, maxLength: 5 }), (curves) => {
        const { mean, low, high } = meanCurve(curves);
        const values = curves.map((each) => interpolate(each, mean.x));
        mean.x.forEach((x, i) => {
          assert.ok(curves.every((each) => x >= (each.x[0] ?? 0) && x <= (each.x.at(-1) ?? 0)));
          const at = values.map((each) => each[i] ?? null);
          const y = mean.y[i] ?? null;
          assert.equal(y === null, at.includes(null));
          if (y === null) return;
          const finite = at.filter((each) => each !== null);
          assert.ok(y >= Math.min(...finite) - 1e-9 && y <= Math.max(...finite) + 1e-9);
          assert.ok((low.y[i] ?? NaN) <= y && (high.y[i] ?? NaN) >= y);
        });
        // Curves with equally many points may give other x, but the same values there.
        const turned = meanCurve([...curves].reverse()).mean;
        const sameX = turned.x.join() === mean.x.join();
        if (sameX) turned.y.forEach((y, i) => assert.ok(Math.abs((y ?? 0) - (mean.y[i] ?? 0)) < 1e-9));
      }),
    );
  });

  it('interpolates a straight line exactly', () => {
    assert.deepEqual(interpolate({ x: [0, 10, 20], y: [0, 10, null] }, [0, 2.5, 10, 15, 20, 30]), [
      0,
      2.5,
      10,
      null,
      null,
      null,
    ]);
  });
});

describe('lines of the curves', () => {
  const rows = madeUpRows(60);
  const runs = rows.map(({ id }) => ({
    ...{ id, label: id, name: '', summary: '', createdAt: '', color: 1, state: 'completed', step: 1, loss: null },
  }));

  it('of setups have each run once, and runs of one setup differ in their seeds', () => {
    const byId = new Map(rows.map((row) => [row.id, row]));
    const lines = linesOfSetups(runs, (id) => byId.get(id));
    assert.deepEqual(lines.flatMap((line) => line.runs).sort(), runs.map(({ id }) => id).sort());
    assert.ok(lines.length < runs.length);
    for (const { key, runs: ids } of lines) {
      assert.equal(key, ids[0]);
      assert.equal(new Set(ids.map((id) => byId.get(id)?.values['training.learningRate'])).size, 1);
    }
  });

  it('have the same values at a step on every axis', () => {
    const run = {
      id: 'a',
      itemsPerStep: 32,
      curves: { trainLoss: { points: [1, 4, 2, 2, 3, null], seconds: [0.5, 1, 1.5] } },
    };
    const [step, second, item] = (['step', 'second', 'item'] as const).map((x) =>
      metricCurve(run, 'trainLoss', { x, smoothing: 5 }),
    );
    assert.deepEqual([second?.y, item?.y], [step?.y, step?.y]);
    assert.deepEqual(
      [step?.x, second?.x, item?.x],
      [
        [1, 2, 3],
        [0.5, 1, 1.5],
        [32, 64, 96],
      ],
    );
    assert.deepEqual(metricCurve({ ...run, itemsPerStep: null }, 'trainLoss', { x: 'item', smoothing: 0 }).x, []);
  });

  it('keep at least one metric, in their order', () => {
    const keys = measuredMetrics.map(({ key }) => key);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys)), (toggled) => {
        const shown = toggled.reduce(toggleMetric, plotState.parse({}).metrics);
        assert.ok(shown.length > 0);
        assert.deepEqual(
          shown,
          keys.filter((key) => shown.includes(key)),
        );
      }),
    );
  });

  it('are isolated by a click and all shown by a second one', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (before, key) => {
        const once = toggleIsolated(new Set(before), key, false);
        if (once.size > 0) assert.deepEqual([...once], [key]);
        assert.deepEqual([...toggleIsolated(new Set([key]), key, false)], []);
        const added = toggleIsolated(new Set(before), key, true);
        assert.deepEqual(toggleIsolated(added, key, true), new Set(before));
      }),
    );
  });

  it('are named nearest to the pointer, at most ten of them, in their order', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 24 }),
        fc.double({ min: -99, max: 99, noNaN: true }),
        (ys, at) => {
          const line = { label: '', color: 'blue', dash: [], smoothable: false } as const;
          const reading: Reading = {
            x: 1,
            rows: ys.map((y, i) => ({ line: { ...line, key: String(i) }, x: 1, value: y, smoothed: null })),
          };
          const nearest = nearestRow(reading, (y) => y, at);
          const away = (y: number | null | undefined) => (y == null ? Infinity : Math.abs(y - at));
          assert.equal(away(nearest?.value), Math.min(Infinity, ...ys.map(away)));
          const named = namedRows(reading, nearest);
          assert.equal(named.length, Math.min(10, ys.length));
          if (nearest) assert.ok(named.includes(nearest));
          const places = named.map((row) => reading.rows.indexOf(row));
          assert.deepEqual(
            places,
            [...places].sort((a, b) => a - b),
          );
        },
      ),
    );
  });
});

const column = (key: string): Column => COLUMNS.find((each) => each.key === key) ?? assert.fail(key);
const rowsWith = (key: string, values: readonly RunRow['values'][string][]): RunRow[] =>
  values.map((each, i) => ({ id: `run ${i}`, values: { [key]: each } }));

describe('an axis of a column', () => {
  it('keeps the order of numbers, and is logarithmic for positive ones that span a decade', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const rows = rowsWith('best', values);
        const axis = fieldAxis(column('best'), rows);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        const scale = low >= 1e-300 && high / low >= 10 ? 'logarithmic' : 'linear';
        assert.equal(axis.kind, low === high ? 'category' : scale);
        const places = rows.map((row) => placeOn(axis, row) ?? assert.fail());
        values.forEach((a, i) => {
          assert.ok((places[i] ?? -1) >= 0 && (places[i] ?? 2) <= 1);
          values.forEach((b, j) => a < b && assert.ok((places[i] ?? 0) <= (places[j] ?? 0)));
        });
      }),
    );
  });

  it('has a place of its own for each text, and none for a missing value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.string()), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (values, count) => {
          const rows = rowsWith('cell', values);
          const axis = fieldAxis(column('cell'), rows);
          const places = new Map(rows.map((row) => [row.values.cell, placeOn(axis, row)]));
          const present = [...places].filter(([each]) => each !== null);
          assert.equal(new Set(present.map(([, place]) => place)).size, present.length);
          assert.equal(places.get(null) ?? null, null);
          assert.ok(fieldTicks(axis, count).length <= count);
        },
      ),
    );
  });

  it('shows one number alone as it is, without a scale around it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(4), (value, others) => {
        const rows = rowsWith(
          'best',
          Array.from({ length: 1 + others }, () => value),
        );
        const axis = fieldAxis(column('best'), rows);
        const ticks = fieldTicks(axis, 10);
        const [row = assert.fail()] = rows;
        assert.deepEqual(ticks, [{ at: 0.5, label: textOf(column('best'), row) }]);
        assert.deepEqual(
          rows.map((each) => placeOn(axis, each)),
          rows.map(() => 0.5),
        );
      }),
    );
    assert.deepEqual(fieldTicks(fieldAxis(column('best'), rowsWith('best', [null])), 10), []);
  });

  it('says the values at the ends of a part: those of the runs within, and in their order', () => {
    const rows = madeUpRows(36);
    const units = fieldAxis(column('units'), rows);
    const cells = fieldAxis(column('cell'), rows);
    assert.ok(units.kind !== 'category' && cells.kind === 'category');
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), (a, b) => {
        const [min = 0, max = 1] = [a / 100, (b + 1) / 100].sort((x, y) => x - y);
        const [from, to] = endsOf(units, { min, max }).map((text) => Number(text.replaceAll(',', '')));
        assert.ok((from ?? NaN) <= (to ?? NaN));
        const names = new Set(cells.categories.map(({ text }) => text));
        for (const text of endsOf(cells, { min, max })) assert.ok(text === '' || names.has(text));
      }),
    );
    const texts = cells.categories.map(({ text }) => text);
    assert.deepEqual(endsOf(cells, { min: 0, max: 1 }), [texts[0], texts.at(-1)]);
    assert.deepEqual(endsOf(cells, { min: 0, max: 1 / placesOf(cells) }), [texts[0], texts[0]]);
  });

  it('is offered for columns with values, and tells runs apart where they differ', () => {
    const rows = madeUpRows(36);
    const keys = (columns: readonly Column[]) => columns.map(({ key }) => key);
    assert.ok(keys(axisColumns(rows)).includes('units') && !keys(axisColumns(rows)).includes('parent'));
    const differing = keys(differingColumns(rows));
    assert.deepEqual(differing, ['cell', 'units', 'training.learningRate', 'seed', 'best']);
  });
});

const SIZE = { width: 800, height: 300 };
const places = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 300 }) });

describe('selecting in the plots of runs', () => {
  const rows = madeUpRows(30);
  const scatter = new ScatterScene(rows, column('training.learningRate'), column('best'));

  it('finds a run at its place', () => {
    for (const id of scatter.order) {
      const place = scatter.placeOf(id, SIZE) ?? assert.fail(id);
      const found = scatter.runAt(place, SIZE) ?? assert.fail(id);
      assert.deepEqual(scatter.placeOf(found, SIZE), place, 'another run may be at the same place');
    }
    assert.equal(scatter.order.length + scatter.missing, rows.length);
  });

  it('takes the runs within a rectangle, from whichever corner it is dragged', () => {
    fc.assert(
      fc.property(places, places, (from, to) => {
        const box = scatter.dragged(from, to);
        assert.deepEqual(scatter.dragged(to, from), box);
        const within = new Set(scatter.runsWithin(box, SIZE));
        for (const id of scatter.order) {
          const { x, y } = scatter.placeOf(id, SIZE) ?? assert.fail(id);
          assert.equal(within.has(id), x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
        }
      }),
    );
  });

  it('narrows the runs with every marked axis, and a mark over a whole axis takes all that have a value', () => {
    const columns = ['cell', 'units', 'best'].map(column);
    fc.assert(
      fc.property(fc.array(fc.tuple(places, places), { maxLength: 4 }), (drags) => {
        let drawing = new ParallelScene(rows, columns, new Map());
        assert.deepEqual(drawing.runsWithin, []);
        for (const [from, to] of drags) {
          const one = new ParallelScene(
            rows,
            columns,
            new ParallelScene(rows, columns, new Map()).brushed(from, to, SIZE),
          );
          drawing = new ParallelScene(rows, columns, drawing.brushed(from, to, SIZE));
          const last = new Set(one.runsWithin);
          assert.ok(drawing.runsWithin.every((id) => last.has(id)));
        }
      }),
    );
    const whole = new ParallelScene(rows, columns, new Map([['best', { min: 0, max: 1 }]]));
    assert.equal(whole.runsWithin.length, rows.length);
    assert.equal(whole.unbrushed({ x: 799, y: 100 }, SIZE).size, 0);
  });

  it('finds the line of a run at its first axis', () => {
    const drawing = new ParallelScene(rows, [column('best'), column('units')], new Map());
    for (const { id } of rows) {
      const place = drawing.placeOf(id, SIZE) ?? assert.fail(id);
      assert.ok(drawing.runAt(place, SIZE) !== null);
    }
  });
});

describe('the heat map of two fields', () => {
  const size = { width: 600, height: 300 };
  const [x, y, result] = ['training.learningRate', 'units', 'best'].map((key) =>
    COLUMNS.find((each) => each.key === key),
  );
  const counts = fc.integer({ min: 0, max: 80 });

  function sceneOf(count: number): { rows: RunRow[]; scene: FieldMapScene } {
    assert.ok(x && y && result);
    const rows = madeUpRows(count);
    return { rows, scene: new FieldMapScene(rows, x, y, result) };
  }

  it('has each run in one cell, whose best run describes it', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const { rows, scene } = sceneOf(count);
        const cells = scene.order.map((id) => scene.runsWith(id));
        assert.equal(cells.flat().length + scene.missing, rows.length);
        assert.deepEqual(new Set(cells.flat()).size, cells.flat().length);
        const valueOf = (id: string, key = 'best') => rows.find((row) => row.id === id)?.values[key];
        for (const [i, ids] of cells.entries()) {
          const best = Math.min(...ids.map((id) => Number(valueOf(id))));
          assert.equal(valueOf(scene.order[i] ?? ''), best);
          assert.equal(
            new Set(ids.map((id) => [valueOf(id, 'units'), valueOf(id, 'training.learningRate')].join())).size,
            1,
          );
        }
      }),
    );
  });

  it('finds the run of a cell at its place, and selects whole cells in a rectangle', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const { scene } = sceneOf(count);
        for (const id of scene.order) {
          const place = scene.placeOf(id, size);
          assert.ok(place);
          assert.equal(scene.runAt(place, size), id);
          const box = scene.dragged({ x: place.x - 1, y: place.y - 1 }, { x: place.x + 1, y: place.y + 1 });
          assert.deepEqual(scene.runsWithin(box, size).sort(), scene.runsWith(id).sort());
        }
        const all = scene.runsWithin({ left: 0, right: size.width, top: 0, bottom: size.height }, size);
        assert.equal(all.length, count - scene.missing);
      }),
    );
  });

  it('gives the best mean the strongest color, and one diverged run does not take it from the others', () => {
    const cells = (means: readonly number[]) => means.map((mean) => ({ spread: { mean, deviation: null, count: 1 } }));
    const means = fc.array(fc.double({ min: 0.5, max: 3, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(means, fc.constantFrom('lower' as const, 'higher' as const), (values, direction) => {
        const found = strengths(cells(values), direction);
        const best = direction === 'lower' ? Math.min(...values) : Math.max(...values);
        values.forEach((value, i) => {
          const strength = found[i] ?? NaN;
          assert.ok(strength >= 0 && strength <= 1);
          if (value === best) assert.equal(strength, 1);
          values.forEach((other, j) => {
            const isBetter = direction === 'lower' ? value < other : value > other;
            if (isBetter) assert.ok(strength >= (found[j] ?? NaN));
          });
        });
      }),
    );
    const [first = NaN, , third = NaN, , diverged] = strengths(cells([1.5, 1.6, 1.7, 1.8, 900]), 'lower');
    assert.ok(first - third > 0.2, `${first} ${third}`);
    assert.equal(diverged, 0);
  });
});
