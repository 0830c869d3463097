import assert from 'node:assert/strict';
import { defaultDrawing } from '../../src/config/drawing.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import { applicableTo } from '../../src/protocol/applicableTo.ts';
import { type GenerationRequest, requestFields, usedRequest, type WriterForm } from '../../src/protocol/generation.ts';
import type { GenerationChange } from '../../src/protocol/generateTab.ts';
import type { RunView } from '../../src/protocol/panel.ts';
import { accessibilityProblems, overflow } from '../fixtures/panelPage/checks.ts';
import { continues, converts, generation, labeled, piecesOf, request } from '../fixtures/panelPage/generations.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { assertNames } from '../harness/facts.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { takePicture } from '../harness/pictures.ts';

/** The tab "Generate" in a browser, with a host whose texts the test sends. */
describeInBrowser('the tab Generate', bundlePanel, (pages) => {
  const applies = (config: RunConfigInput) => applicableTo(parseRunConfig(config));

  async function open(writer: WriterForm = continues, view: Partial<RunView> = {}, options: PageOptions = {}) {
    const asked: (GenerationRequest | 'stop')[] = [];
    const shown = await PanelPage.open(pages, {
      ...options,
      generate: {
        describeWriter: () => writer,
        generate: (wanted) => void asked.push(wanted),
        stopGenerating: () => void asked.push('stop'),
      },
    });
    await shown.showRun(trainingRun(60, { state: 'completed', ...view }));
    await shown.page.locator('#tab-generate').click();
    await shown.idle();
    const send = async (change: Partial<GenerationChange>) => {
      await shown.panel.generation({ ...generation, ...change });
      await shown.idle();
    };
    const { page } = shown;
    return {
      asked,
      shown,
      page,
      send,
      submit: page.locator('.generate-buttons button'),
      tokens: page.locator('.generate').getByRole('listbox'),
      card: page.locator('.token-card'),
      field: (name: string) => page.locator(`#generate-${name}`),
    };
  }

  /** The text on screen. */
  const textOf = async ({ page }: { page: PanelPage['page'] }) =>
    (await page.locator('.generate [role=option]').allTextContents()).join('');

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      const { shown, page, send, tokens } = await open(continues, {}, { theme });
      await send({ begun: { step: 1480, unknown: ['é', '\u{1f600}'] } });
      await tokens.focus();
      for (let n = 0; n < 9; n++) await page.keyboard.press('ArrowRight');
      for (const width of [400, 1400]) {
        await page.setViewportSize({ width, height: 1000 });
        await shown.idle();
        assert.equal(await overflow(shown), 0, `${width} px`);
        await takePicture(page, `generate/text-${theme}-${width}.png`);
      }
      assert.deepEqual(await accessibilityProblems(shown), []);
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const problems: string[] = [];
    for (const [name, writer, task] of [
      ['continues', continues, 'language-model'],
      ['labeled', labeled, 'conditioned-generation'],
      ['converts', converts, 'dates'],
    ] as const) {
      const { shown, page, send, tokens } = await open(
        writer,
        { applies: applies({ task: { name: task } }) },
        { pseudo: true },
      );
      problems.push(...(await pseudoProblems(shown, `generate-${name}-empty`)));
      const beam = name === 'converts' ? [{ text: 'etre', logProbability: -0.1 }] : [];
      await send({ begun: { step: 1480, unknown: ['é', '\u{1f600}'] }, beam });
      await tokens.focus();
      for (let n = 0; n < 9; n++) await page.keyboard.press('ArrowRight');
      problems.push(...(await pseudoProblems(shown, `generate-${name}`)));
    }
    assert.deepEqual(problems, []);
  });

  it('offers the fields that a kind of model uses, and sends no others', async () => {
    const sampling = { ...defaultDrawing, topK: 7, temperature: 0.3, prompt: 'abc' };
    for (const [writer, task] of [
      [continues, 'language-model'],
      [labeled, 'conditioned-generation'],
      [converts, 'dates'],
    ] as const) {
      const { asked, submit, shown, page } = await open(writer, {
        sampling,
        applies: applies({ task: { name: task } }),
      });
      const offered = await page
        .locator('.generate-fields :is(input[id], select, textarea)')
        .evaluateAll((inputs) => inputs.map(({ id }) => id.replace('generate-', '')));
      assert.deepEqual(new Set(offered), new Set(requestFields[writer.kind]));
      await submit.click();
      await shown.idle();
      const [sent] = asked;
      assert.ok(sent && sent !== 'stop');
      assert.deepEqual(sent, usedRequest(sent, writer.kind));
      assert.equal(sent.topK, writer.kind === 'converts' ? 0 : 7);
    }
  });

  it('writes while the text arrives, and stops', async () => {
    const { asked, page, send, submit, field, shown } = await open(continues, { state: 'running' });
    await field('prompt').fill('To be, or ');
    await field('temperature').fill('1.2');
    await field('length').fill('50');
    await field('topK').fill('5');
    await field('seed').fill('3');
    await page.locator('.generate-more summary').click();
    await field('topP').fill('0.9');
    await field('minP').fill('0.01');
    await field('repetitionPenalty').fill('1.1');
    await field('stop').fill('\\n\\n');
    await submit.click();
    await shown.idle();
    const rules = { topP: 0.9, minP: 0.01, repetitionPenalty: 1.1, stop: '\\n\\n' };
    const wanted = { ...request, ...rules, temperature: 1.2, length: 50, topK: 5, seed: 3 };
    assert.deepEqual(asked, [wanted]);

    const part = { request: wanted, state: 'writing', trainingWaits: true } as const;
    await send({ ...part, state: 'opening', begun: null, pieces: [] });
    await send({ ...part, pieces: piecesOf('not') });
    assert.equal(await textOf({ page }), 'To be, or not');
    await send({ ...part, from: 3, pieces: piecesOf(' to be') });
    assert.equal(await textOf({ page }), 'To be, or not to be');
    assertNames(await page.locator('.generate .verdict').innerText(), '1,480');
    await submit.click();
    await shown.idle();
    assert.deepEqual(asked, [wanted, 'stop']);
    await send({ ...part, from: 9, pieces: piecesOf('?'), state: 'canceled' });
    assertNames(await page.locator('.generate .verdict').innerText(), 10, '1,480', 1.2, 3);
    await submit.click();
    await shown.idle();
    assert.deepEqual(asked, [wanted, 'stop', wanted]);
    await send({ ...part, id: 2, pieces: piecesOf('x') });
    assert.equal(await textOf({ page }), 'To be, or x');
  });

  it('shows the probabilities of each token with the keyboard and the pointer', async () => {
    const { page, send, tokens, card } = await open();
    await send({});
    const numbers = async () =>
      card.locator('tbody tr').evaluateAll((rows) => {
        interface Row {
          querySelectorAll(selector: string): Iterable<{ value: string; style: { width: string } }>;
        }
        return rows.map((row) =>
          Array.from((row as unknown as Row).querySelectorAll('data'), ({ value }) => Number(value)),
        );
      });
    const expected = (at: number) => {
      const drawn = generation.pieces[at]?.drawn ?? assert.fail();
      const isListed = drawn.top.some(({ token }) => token === drawn.token);
      return [...drawn.top, ...(isListed ? [] : [drawn])].map(({ before, after }) => [before, after]);
    };
    assert.deepEqual(await numbers(), expected(generation.pieces.length - 1), 'of the newest token at first');
    await tokens.focus();
    // The prompt is the first token.
    for (const at of [0, 1, 2]) {
      await page.keyboard.press('ArrowRight');
      if (at === 0) await page.keyboard.press('ArrowRight');
      assert.deepEqual(await numbers(), expected(at));
      assert.equal(await card.locator('tr.drawn').count(), 1);
      const active = await tokens.getAttribute('aria-activedescendant');
      assertNames((await page.locator(`[id="${active}"]`).getAttribute('aria-label')) ?? '', 'nats');
    }
    await page.locator('.generate [role=option]').nth(9).hover();
    assert.deepEqual(await numbers(), expected(8));
    await send({ from: generation.pieces.length, pieces: piecesOf('more'), state: 'writing' });
    assert.deepEqual(await numbers(), expected(8), 'of the chosen token while the text goes on');
    const widths = await card
      .locator('.bar')
      .evaluateAll((bars) =>
        bars.map((bar) => Number.parseFloat((bar as unknown as { style: { width: string } }).style.width)),
      );
    const shares = (await numbers()).flat().map((probability) => 100 * probability);
    assert.ok(widths.every((width, at) => Math.abs(width - (shares[at] ?? 0)) < 0.01));
  });

  it('names the characters of the prompt that are not in the vocabulary, and says why a text failed', async () => {
    const { page, send, submit } = await open();
    await send({ begun: { step: 3, unknown: ['é', '\t'] } });
    assertNames(await page.locator('.generate .message').innerText(), '"é"', '"⇥"');
    await send({ id: 2, state: 'failed', pieces: [], begun: null, message: 'The trainer has ended.' });
    assert.equal(await page.locator('.generate .verdict').innerText(), 'The trainer has ended.');
    assert.equal(await page.locator('.generate .message').innerText(), '');
    assert.ok(await submit.isEnabled());
  });

  it('offers the labels of a model', async () => {
    const { asked, field, submit, shown, page, send } = await open(labeled, {
      applies: applies({ task: { name: 'conditioned-generation' } }),
    });
    await field('label').selectOption('Irish');
    await submit.click();
    await field('label').selectOption({ index: 0 });
    await field('prompt').press('Control+Enter');
    await shown.idle();
    assert.deepEqual(
      asked.map((each) => each !== 'stop' && each.label),
      ['Irish', null],
    );
    await send({ pieces: [{ text: 'Irish: ', drawn: null }, ...piecesOf('shea'), { text: '\n', drawn: null }] });
    assert.equal(await textOf({ page }), 'Irish: shea↵\n');
  });

  it('shows several texts one after the other, and the texts of a beam search', async () => {
    const { page, send, field, submit, asked, shown, card } = await open();
    await field('samples').fill('2');
    await page.locator('.generate-more summary').click();
    await field('beam').fill('3');
    await submit.click();
    await shown.idle();
    const [wanted] = asked;
    assert.ok(wanted && wanted !== 'stop');
    assert.deepEqual([wanted.samples, wanted.beam], [2, 3]);
    const begins = (number: number) => ({ text: '', drawn: null, begins: number });
    const beam = ['not', 'now'].map((text) => ({ text, logProbability: -0.5 }));
    await send({ request: wanted, pieces: [begins(1), ...piecesOf('one'), begins(2), ...piecesOf('two')], beam });
    assert.match(await textOf({ page }), /^[^\n]*1↵\none↵\n↵\n[^\n]*2↵\ntwo$/);
    assert.ok(await card.isVisible());
    assert.deepEqual(await page.locator('.beam-list code').allTextContents(), ['not', 'now']);
    await takePicture(page, 'generate/several.png');
    assert.equal(await overflow(shown), 0);
  });

  it('shows rules that are in use, which a run was configured with', async () => {
    const { field, page } = await open(continues, { sampling: { ...defaultDrawing, topP: 0.9, prompt: 'theirs' } });
    assert.equal(await field('topP').inputValue(), '0.9');
    assert.ok(await field('topP').isVisible());
    assert.equal(await page.locator('#generate-prompt').inputValue(), 'theirs');
  });

  it('compares the greedy text of a translator with its beam search', async () => {
    const { field, page, send, submit, asked, shown, card } = await open(converts, {
      applies: applies({ task: { name: 'dates' } }),
    });
    for (const hidden of ['temperature', 'topK', 'seed', 'length', 'label'])
      assert.ok(await field(hidden).isHidden(), hidden);
    assert.equal(await field('beam').inputValue(), '4');
    await submit.click();
    await shown.idle();
    assert.deepEqual(asked, [], 'there is no text to convert');
    await field('prompt').fill('To be');
    await submit.click();
    await shown.idle();
    assert.equal(asked.length, 1);
    const beam = [
      { text: 'etre', logProbability: -0.1 },
      { text: 'est', logProbability: -0.4 },
    ];
    const done = { request: { ...request, beam: 4 }, pieces: piecesOf('est', 0), beam };
    await send(done);
    const list = page.locator('.beam-list');
    assert.deepEqual(await list.locator('code').allInnerTexts(), ['etre', 'est']);
    const differs = await list.locator('p').innerText();
    await send({ ...done, id: 2, pieces: piecesOf('etre', 0) });
    assert.notEqual(await list.locator('p').innerText(), differs);
    assert.equal(await card.locator('.bar.after').count(), 0);
    assert.deepEqual(await accessibilityProblems(shown), []);
  });

  it('keeps the form across a reload, and is absent for models that write no text', async () => {
    const { field, page, shown } = await open();
    await field('prompt').fill('Once');
    await field('seed').fill('12');
    await page.reload();
    await shown.idle();
    await shown.showRun(trainingRun(60, { state: 'completed' }));
    assert.deepEqual([await field('prompt').inputValue(), await field('seed').inputValue()], ['Once', '12']);
    assert.equal(await page.locator('.actions [data-action=generate]').count(), 1);
    await shown.showRun(
      trainingRun(60, { id: 'tagger', state: 'completed', applies: applies({ task: { name: 'tagging' } }) }),
    );
    assert.ok(await page.locator('#tab-generate').isHidden());
    assert.equal(await page.locator('.actions [data-action=generate]').count(), 0);
  });
});
