import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '../../src/interop/safetensors.ts';
import { readRecord } from '../../src/runs/record.ts';
import { type Bench, describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, onlyRun, rhyme } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { actUntil, eventually, PATIENCE, until } from '../harness/until.ts';

const ACTION = { timeout: 5000 };
const TOKENS = ['<unk>', 'good', 'bad', 'day', 'film'];
const UNITS = 4;
const MODEL = 'weights.safetensors';
const VOCABULARY = 'words.txt';
/** A simple RNN that reads words, with two layers that could be its output. */
const SHAPES = {
  'emb.weight': [TOKENS.length, 3],
  'rnn.weight_ih_l0': [UNITS, 3],
  'rnn.weight_hh_l0': [UNITS, UNITS],
  'rnn.bias_ih_l0': [UNITS],
  'rnn.bias_hh_l0': [UNITS],
  'topic.weight': [3, UNITS],
  'topic.bias': [3],
  'mood.weight': [2, UNITS],
  'mood.bias': [2],
};

function weights(): Uint8Array {
  return writeSafetensors(
    Object.entries(SHAPES).map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return { name, shape, values: Float32Array.from({ length }, (_, at) => Math.sin(at)) };
    }),
  );
}

/** A question of the command "Open model", and what answers it. */
interface Question {
  readonly name: string;
  /** Whether it is on screen. */
  isOpen(): Promise<boolean>;
  answer(): Promise<unknown>;
}

/** The questions about the model, in their order. */
function questions({ workbench, folder }: Bench): readonly Question[] {
  const { quickInput, quickPickRows, dialog, page } = workbench;
  const input = quickInput.locator('input.input');
  const choice = (label: string): Question => {
    const row = quickPickRows.filter({ hasText: label });
    return {
      name: label,
      isOpen: async () => (await row.count()) === 1,
      answer: async () => row.click(ACTION),
    };
  };
  const typed = (name: string, text: string, isOpen: () => Promise<boolean>): Question => ({
    name,
    isOpen,
    async answer() {
      await input.fill(text, ACTION);
      await page.keyboard.press('Enter');
    },
  });
  // The dialog for files begins with a path; rows are the files of a folder.
  const isFileDialog = async () => (await input.inputValue(ACTION)).startsWith('/');
  return [
    typed('file', join(folder, MODEL), isFileDialog),
    choice('mood'),
    choice('classifier'),
    choice('mean'),
    choice('relu'),
    {
      name: 'vocabulary',
      isOpen: async () => (await dialog.count()) === 1,
      answer: async () => dialog.locator('.monaco-button:not(.secondary)').click(ACTION),
    },
    typed('file of the vocabulary', join(folder, VOCABULARY), isFileDialog),
    typed('names of the classes', 'sad, glad', async () => (await input.inputValue(ACTION)) === ''),
  ];
}

/** Files and dialogs of the command "Open model", in the workbench. */
describeInWorkbench('opening models in the workbench', { files: { 'rhyme.txt': rhyme }, emptied: true }, (bench) => {
  const runs = async () => readdir(join(bench().home, 'runs')).catch(() => []);

  async function openCommand(): Promise<readonly Question[]> {
    await bench().workbench.runCommand(packageText('commands.openModel'));
    return questions(bench());
  }

  /** Answers the first questions. */
  async function answer(asked: readonly Question[], count: number): Promise<void> {
    for (const [index, question] of asked.slice(0, count).entries()) {
      await until(`"${question.name}" is asked`, async () => question.isOpen());
      const next = asked[index + 1];
      await actUntil(
        `"${question.name}" is answered`,
        async () => ((await question.isOpen()) ? question.answer() : undefined),
        async () => (next ? next.isOpen() : (await runs()).length > 0),
      );
    }
  }

  beforeEach(async () => {
    await bench().open();
    await writeFile(join(bench().folder, MODEL), weights());
    await writeFile(join(bench().folder, VOCABULARY), TOKENS.join('\n'));
  });

  it('asks for what the weights do not tell', async () => {
    const asked = await openCommand();
    await answer(asked, asked.length);
    const lab = new Lab(bench().workbench);
    await lab.use(MODEL);
    await eventually(async () => assert.equal(await lab.state(), 'imported'));
    const { config, facts } = await readRecord(await onlyRun(bench().home));
    assert.equal(config.task.name, 'classification');
    const { cell, units, embedding, pooling, activation } = config.model;
    assert.deepEqual(
      { cell, units, embedding, pooling, activation },
      { cell: 'rnn', units: UNITS, embedding: 3, pooling: 'mean', activation: 'relu' },
    );
    assert.ok(JSON.stringify(facts).includes('mood'));
  });

  it('leaves nothing behind if a question is canceled', async () => {
    const { workbench, folder } = bench();
    const files = (await readdir(folder)).sort();
    const count = questions(bench()).length;
    for (let answered = 0; answered < count; answered++) {
      const asked = await openCommand();
      await answer(asked, answered);
      const question = asked[answered];
      assert.ok(question);
      await until(`"${question.name}" is asked`, async () => question.isOpen());
      await actUntil(
        `"${question.name}" is canceled`,
        async () => workbench.page.keyboard.press('Escape'),
        async () => (await workbench.quickInput.count()) + (await workbench.dialog.count()) === 0,
      );
      await until('no trainer is left', async () => (await bench().server.trainers()).length === 0);
      assert.deepEqual(await runs(), [], question.name);
    }
    assert.deepEqual((await readdir(folder)).sort(), files);
  });

  it('names a file that is no model, and one that is damaged', async () => {
    const { workbench, folder } = bench();
    await writeFile(join(folder, 'damaged.safetensors'), weights().subarray(0, 200));
    for (const name of ['rhyme.txt', 'damaged.safetensors']) {
      await workbench.runCommand(packageText('commands.openModel'));
      const input = workbench.quickInput.locator('input.input');
      await actUntil(
        `${name} is chosen`,
        async () => {
          await input.fill(join(folder, name), ACTION);
          await workbench.page.keyboard.press('Enter');
        },
        async () => (await workbench.quickInput.count()) === 0,
      );
      // The progress is a notification, too, and has the name.
      const error = workbench.page.locator('.notification-toast:visible', { hasText: name });
      await error.filter({ has: workbench.page.locator('.codicon-error') }).waitFor({ timeout: PATIENCE });
      assert.deepEqual(await runs(), []);
      await workbench.reset();
    }
  });
});
