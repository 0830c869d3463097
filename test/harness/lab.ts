import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import type { RunState } from '../../src/protocol/panel.ts';
import { actUntil, until } from './until.ts';
import type { Workbench } from './workbench.ts';
import { packageText } from './packageText.ts';

/** Short text that is long enough for training. */
export const rhyme = Array.from(
  { length: 300 },
  (_, verse) => `the cat ${verse % 7} sat on the mat, and the dog ${verse % 5} ran after it.\n`,
).join('');

/** Settings with short steps on any backend, and more steps than a test waits for. */
export const smallRun = {
  'sequenceLab.data.sequenceLength': 16,
  'sequenceLab.model.units': 16,
  'sequenceLab.training.batchSize': 4,
  'sequenceLab.training.learningRate': 0.01,
  'sequenceLab.training.steps': 1_000_000,
  'sequenceLab.training.patience': 0,
  'sequenceLab.training.validateEvery': 20,
  'sequenceLab.training.checkpointEvery': 20,
  'sequenceLab.sampling.every': 40,
  'sequenceLab.sampling.length': 40,
  'sequenceLab.backend': 'reference',
};

/** User interface of the extension, driven as a user does. */
export class Lab {
  readonly #workbench: Workbench;
  #titles: readonly string[] = ['rhyme.txt'];

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Opens a file, runs "Train LSTM on file" and waits until the settings are shown. */
  async showSettings(file = 'rhyme.txt'): Promise<void> {
    this.#titles = [file];
    await this.#workbench.openFile(file);
    await this.#workbench.runCommand(packageText('commands.trainLstmOnFile'));
    await until('the settings are shown', async () => this.#startRow.isVisible());
  }

  /** Follows the panel of a run that was started in another way. @param titles any of which the panel may have */
  async use(...titles: readonly string[]): Promise<void> {
    this.#titles = titles;
    await this.frame();
  }

  /** Opens a file and accepts the defaults of "Train LSTM on file". */
  async start(file = 'rhyme.txt'): Promise<void> {
    await this.showSettings(file);
    await this.acceptSettings();
  }

  async acceptSettings(): Promise<void> {
    await this.#workbench.quickPick((await this.#startRow.locator('.label-name').first().innerText()).trim());
  }

  /** The row of the settings that accepts them. */
  get #startRow(): Locator {
    return this.#workbench.quickPickRows.filter({ has: this.#workbench.page.locator('.codicon-play') }).first();
  }

  async frame(): Promise<Frame> {
    return this.#workbench.panelFrame(...this.#titles);
  }

  /** Presses a button of the panel, repeatedly if necessary, until the run is in the expected state. */
  async press(action: 'stop' | 'pause' | 'unpause' | 'resume', state: RunState): Promise<void> {
    await actUntil(
      `the run is ${state} after "${action}"`,
      async () => (await this.frame()).locator(`.actions [data-action=${action}]`).click({ timeout: 5000 }),
      async () => (await this.state()) === state,
    );
  }

  /** The state of the run in the panel, such as `running`. */
  async state(): Promise<string> {
    return (await (await this.frame()).locator('header .state').getAttribute('data-state')) ?? '';
  }

  /** Step in the panel's progress line. */
  async step(): Promise<number> {
    const progress = await (await this.frame()).locator('.progress-label').innerText();
    return Number((/\d[\d,]*/.exec(progress)?.[0] ?? '0').replaceAll(',', ''));
  }

  /** Points of a curve from the chart's table: x, y, x, y, ... An open table is updated later than the curves. */
  async points(chart: string, column: number): Promise<(number | null)[]> {
    const card = (await this.frame()).locator(`[data-chart="${chart}"]`);
    const table = card.locator('.points table');
    await actUntil(
      'the table is open',
      async () => {
        if (!(await table.isVisible())) await card.locator('[data-tool=table]').click();
      },
      async () => (await table.locator('tbody tr').count()) > 0,
    );
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
