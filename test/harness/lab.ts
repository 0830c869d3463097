import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** A text that is too short to be dull, and long enough to train on. */
export const rhyme = Array.from(
  { length: 300 },
  (_, verse) => `the cat ${verse % 7} sat on the mat, and the dog ${verse % 5} ran after it.\n`,
).join('');

/** Small enough that a step takes some hundredths of a second on any backend, and too long to end by itself. */
export const smallRun = {
  'sequenceLab.data.sequenceLength': 16,
  'sequenceLab.model.units': 16,
  'sequenceLab.training.batchSize': 4,
  'sequenceLab.training.learningRate': 0.01,
  'sequenceLab.training.steps': 1_000_000,
  'sequenceLab.training.validateEvery': 20,
  'sequenceLab.training.checkpointEvery': 20,
  'sequenceLab.sampling.every': 40,
  'sequenceLab.sampling.length': 40,
  'sequenceLab.backend': 'reference',
};

/** The extension as its user sees it. */
export class Lab {
  readonly #workbench: Workbench;
  #file = 'rhyme.txt';

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /**
   * Opens a file and accepts the defaults of "Train LSTM on file".
   * @param reading milliseconds for which the settings are looked at
   * @returns when Enter was pressed
   */
  async start(file = 'rhyme.txt', reading = 0): Promise<number> {
    this.#file = file;
    await this.#workbench.openFile(file);
    await this.#workbench.runCommand('Train LSTM on file');
    await this.#workbench.quickPickRows.filter({ hasText: 'Start with these settings' }).waitFor();
    await sleep(reading);
    await this.#workbench.page.keyboard.press('Enter');
    return performance.now();
  }

  async frame(): Promise<Frame> {
    return this.#workbench.panelFrame(`Sequence Lab: ${this.#file}`);
  }

  async press(button: string): Promise<void> {
    await (await this.frame()).getByRole('button', { name: button, exact: true }).click();
  }

  /** The state of the run in the panel, such as `running`. */
  async state(): Promise<string> {
    return (await (await this.frame()).locator('header .state').getAttribute('data-state')) ?? '';
  }

  /** The step that the panel's progress line names. */
  async step(): Promise<number> {
    const words = await (await this.frame()).locator('.progress-label').innerText();
    return Number((/^Step ([\d,]+)/.exec(words)?.[1] ?? '0').replaceAll(',', ''));
  }

  /** The points of one line of a chart, as the chart was handed them: x, y, x, y, ... */
  async points(chart: string, column: number): Promise<(number | null)[]> {
    const card = (await this.frame()).locator(`[data-chart="${chart}"]`);
    const table = card.locator('.points table');
    if (!(await table.isVisible())) await card.getByRole('button', { name: 'Table', exact: true }).click();
    await table.locator('tbody tr').first().waitFor();
    // An open table follows the curves every half second.
    await sleep(1000);
    return table.locator('tbody tr').evaluateAll(
      (rows, index) =>
        rows.flatMap((row) => {
          const value = row.querySelectorAll('data')[index]?.value ?? '';
          const step = Number(row.querySelector('th')?.textContent.replaceAll(',', ''));
          return value === '' ? [] : [step, value === 'null' ? null : Number(value)];
        }),
      column,
    );
  }
}

/** Folder of the only run in a store. */
export async function onlyRun(home: string): Promise<string> {
  const [run, ...others] = await readdir(join(home, 'runs'));
  assert.ok(run !== undefined && others.length === 0);
  return join(home, 'runs', run);
}
