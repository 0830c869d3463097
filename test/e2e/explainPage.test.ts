import assert from 'node:assert/strict';
import { referenceBackend } from '../../src/backends/reference.ts';
import type { LanguageModelShape } from '../../src/models/languageModel.ts';
import type { ExplainGradientRequest, ExplainStepRequest } from '../../src/protocol/explain.ts';
import { explainedText } from '../fixtures/explainedText.ts';
import { accessibilityProblems, overflow, until } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

const TEXT = 'To be, or not to be, that is the question';
const CURSOR = 20;
const FORMS: Readonly<Record<string, Partial<LanguageModelShape>>> = {
  lstm: { cell: 'lstm' },
  'lstm in two layers': { cell: 'lstm', layers: 2, embedding: 5 },
  gru: { cell: 'gru' },
  'gru-reset-after': { cell: 'gru', resetAfter: true },
  'rnn-tanh': { cell: 'rnn' },
  'rnn-relu': { cell: 'rnn', activation: 'relu' },
  'rnn-linear': { cell: 'rnn', activation: 'linear', recurrence: 'output' },
};

/** The tab "Explain" in a real browser, with random models. */
describeInBrowser('the tab "Explain"', bundlePanel, (pages) => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  async function open(shape: Partial<LanguageModelShape> = FORMS.lstm ?? {}, options: PageOptions = {}) {
    const text = explainedText(TEXT, shape);
    const steps: ExplainStepRequest[] = [];
    const gradients: ExplainGradientRequest[] = [];
    const shown = await PanelPage.open(pages, {
      ...options,
      openText: {
        explainStep: async (request) => {
          steps.push(request);
          return text.explainStep(request);
        },
        explainGradient: async (request) => {
          gradients.push(request);
          return text.explainGradient(request);
        },
        // The tab "Gates" loads, too.
        unitTraces: () => ({ traces: [] }),
        activationMap: () => ({
          units: 1,
          timeSteps: TEXT.length,
          low: 0,
          high: 1,
          values: new Uint8Array(TEXT.length),
          holes: null,
          order: [0],
          scores: [],
        }),
      },
    });
    const { page } = shown;
    await shown.showRun(trainingRun(400));
    await page.locator('#tab-explain').click();
    const read = async (cursor = CURSOR): Promise<void> => {
      await shown.panel.openText({
        state: 'read',
        name: 'hamlet.txt',
        row: null,
        tokenKind: 'character',
        cursor,
        inspection: text.inspection,
      });
      await shown.idle();
      await shown.idle();
    };
    const settle = async () => {
      await shown.idle();
      await shown.idle();
    };
    await read();
    return { shown, page, read, settle, text, steps, gradients };
  }

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const { shown, page, settle } = await open(FORMS.lstm, { theme });
      for (const pass of ['forward', 'backward']) {
        await page.locator(`[data-pass=${pass}]`).click();
        await settle();
        await page.locator('[data-quantity=hidden] .number').first().focus();
        for (const width of [400, 1400]) {
          await page.setViewportSize({ width, height: 1000 });
          await settle();
          assert.equal(await overflow(shown), 0, `${pass} at ${width} px`);
          await takePicture(page, `explain/${pass}-${theme}-${width}.png`);
        }
        assert.deepEqual(await accessibilityProblems(shown), [], pass);
      }
      assert.deepEqual(shown.problems, []);
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const problems: string[] = [];
    // The cells with the most equations.
    for (const name of ['lstm in two layers', 'gru-reset-after', 'rnn-linear']) {
      const { shown, page, settle } = await open(FORMS[name], { pseudo: true });
      for (const pass of ['forward', 'backward']) {
        await page.locator(`[data-pass=${pass}]`).click();
        await settle();
        await page.locator('[data-quantity=hidden] .number').first().focus();
        problems.push(...(await pseudoProblems(shown, `explain-${name.replaceAll(' ', '-')}-${pass}`)));
      }
    }
    assert.deepEqual(problems, []);
  });

  for (const [name, shape] of Object.entries(FORMS)) {
    it(`shows every equation of ${name} with the numbers of the trainer, forward and backward`, async () => {
      const { shown, page, text, steps, gradients, settle } = await open(shape);
      const request = steps.at(-1);
      assert.ok(request);
      assert.equal(request.token, CURSOR);
      const explained = await text.explainStep(request);
      const resultOf = async (id: string) =>
        Number((await page.locator(`[data-quantity="${id}"] .result`).textContent())?.replace('−', '-'));
      for (const { gate, value } of explained.gates) assertShown(await resultOf(gate), value);
      assertShown(await resultOf('hidden'), explained.state.h);
      if (explained.state.c !== null) assertShown(await resultOf('cellState'), explained.state.c);
      assert.equal(
        await page.locator('.pass:not([hidden]) .equation math').count(),
        explained.gates.length + extra(explained),
      );
      await page.locator('[data-pass=backward]').click();
      await settle();
      const asked = gradients.at(-1);
      assert.ok(asked);
      assert.equal(asked.lossAt, TEXT.length - 2);
      const gradient = await text.explainGradient(asked);
      assertShown(await resultOf('gradient of ' + (gradient.gates[0]?.gate ?? '')), gradient.gates[0]?.total ?? NaN);
      assert.equal(await page.locator('.steps tbody tr').count(), TEXT.length - 1);
      const parts = await page.locator('.pass:not([hidden]) [data-quantity=hidden] .number:not(.result)').count();
      assert.equal(parts, gradient.h.parts.length);
      assert.deepEqual(shown.problems, []);
    });
  }

  it('steps along the text with buttons and arrow keys, and keeps the focus', async () => {
    const { page, steps, settle, read } = await open();
    await page.locator('[data-step="1"]').click();
    await settle();
    assert.equal(steps.at(-1)?.token, CURSOR + 1);
    const node = page.locator('.pass:not([hidden]) [data-node=forget]');
    await node.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) {
      await page.keyboard.press(key);
      await settle();
    }
    assert.equal(steps.at(-1)?.token, CURSOR + 2);
    assert.equal(await page.evaluate('document.activeElement.dataset.node'), 'forget');
    await read();
    assert.equal(steps.at(-1)?.token, CURSOR + 2, 'the same text read again');
    await read(3);
    assert.equal(steps.at(-1)?.token, 3, 'another cursor');
    for (let i = 0; i < 3; i++) await page.locator('[data-step="-1"]').click();
    await page.keyboard.press('Enter');
    await settle();
    assert.equal(steps.at(-1)?.token, 0);
    assert.equal(await page.locator('[data-step="-1"]').getAttribute('aria-disabled'), 'true');
  });

  it('lists the terms of what has the focus or the pointer, and their sum', async () => {
    const { page, text, steps } = await open();
    const explained = await text.explainStep(steps.at(-1) ?? assert.fail());
    const gate = explained.gates.find((each) => each.gate === 'forget') ?? assert.fail();
    const tables = page.locator('.pass:not([hidden]) .term-table');
    await page.locator('[data-node=forget]').focus();
    assert.equal(await tables.count(), 3);
    assert.equal(
      await page.locator('.pass:not([hidden]) .term-table tbody tr').count(),
      3 + gate.input.terms.length + gate.recurrent.terms.length,
    );
    await page.locator('[data-quantity=forget] .number').nth(1).hover();
    assert.equal(await tables.count(), 1);
    const total = await tables.locator('.total td').nth(1).textContent();
    assertShown(Number(total?.replace('−', '-')), gate.recurrent.total);
    assert.equal(await page.locator('[data-quantity=forget] .number').nth(1).getAttribute('aria-pressed'), 'true');
    await page.locator('.output-table .number').first().focus();
    assert.equal(
      await page.locator('.pass:not([hidden]) .term-table tbody tr').count(),
      explained.outputs[0]?.sum.terms.length,
    );
  });

  it('explains the gradient of the chosen loss, and says where it does not reach', async () => {
    const { shown, page, gradients, settle, read } = await open();
    await page.locator('[data-pass=backward]').click();
    for (const [loss, lossAt] of [
      ['all', null],
      ['0', CURSOR],
      ['10', CURSOR + 10],
    ] as const) {
      await page.locator('#explain-loss').selectOption(loss);
      await settle();
      assert.equal(gradients.at(-1)?.lossAt, lossAt);
    }
    await page.locator('#explain-gate').selectOption('forget');
    await page.locator('#explain-from').fill('7');
    await page.keyboard.press('Enter');
    await settle();
    assert.deepEqual([gradients.at(-1)?.gate, gradients.at(-1)?.from], ['forget', 7]);
    const count = gradients.length;
    await read(TEXT.length - 1);
    assert.equal(gradients.length, count);
    await until(shown, `document.querySelector('.explain-sentence').textContent.length > 0`);
    assert.equal(await page.locator('.pass:not([hidden])').count(), 0);
    const stored = await page.evaluate(`JSON.parse(sessionStorage.getItem('state')).explain`);
    assert.deepEqual(stored, {
      layer: null,
      direction: 'forward',
      unit: 0,
      pass: 'backward',
      loss: '10',
      gate: 'forget',
      from: 7,
    });
  });
});

/** Number of typeset equations besides those of the gates. */
function extra({ cell }: { readonly cell: string }): number {
  return ({ lstm: 2, gru: 1, rnn: 0 }[cell] ?? NaN) + 1;
}

function assertShown(shown: number, value: number): void {
  assert.ok(Math.abs(shown - value) <= 6e-4 * Math.abs(value) + 1e-12, `${shown} for ${value}`);
}
