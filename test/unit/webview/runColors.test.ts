import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { COLOR_SLOTS } from '../../../src/protocol/runColor.ts';
import { runColors } from '../../../webview/charts/runColors.ts';

describe('the colors of runs', () => {
  const css = readFileSync(resolve(import.meta.dirname, '../../../webview/charts/runColors.css'), 'utf8');

  it('are the same in the stylesheet and in drawings', () => {
    const colors = [...css.matchAll(/--run-(\d+): (#[0-9a-f]{6});/g)].map(([, slot, color]) => [Number(slot), color]);
    const listed = [runColors.light, runColors.dark].flatMap((list) => list.map((color, slot) => [slot, color]));
    assert.deepEqual(colors, listed);
  });

  it('are different, one for each slot', () => {
    for (const list of [runColors.light, runColors.dark]) assert.equal(new Set(list).size, COLOR_SLOTS);
  });
});
