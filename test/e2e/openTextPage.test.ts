import assert from 'node:assert/strict';
import type { OpenText, UnitChoice } from '../../src/protocol/openText.ts';
import { visibleToken } from '../../src/protocol/visibleToken.ts';
import { MadeUpInspector } from '../fixtures/madeUpInspector.ts';
import { accessibilityProblems, swatchPixels, until } from '../fixtures/panelPage/checks.ts';
import { bundlePanel, PanelPage, type PageOptions } from '../fixtures/panelPage/page.ts';
import { trainingRun } from '../fixtures/panelPage/runs.ts';
import { pseudoProblems } from '../fixtures/panelPage/pseudoCheck.ts';
import { themes, type ThemeName } from '../fixtures/panelPage/themes.ts';
import { formatFrameCosts } from '../harness/frameCosts.ts';
import { describeInBrowser } from '../harness/pages.ts';
import { assertNames } from '../harness/facts.ts';
import { takePicture } from '../harness/pictures.ts';

const TEXT =
  'HAMLET.\nTo be, or not to be, "that is the question":\nWhether \'tis nobler in the mind to suffer\nThe slings and arrows of outrageous fortune,\nOr to take arms against a sea of troubles\n';

/** The tabs "Gates" and "Text" in a real browser, with a synthetic model. */
describeInBrowser('the open text in the panel', bundlePanel, (pages) => {
  /** A panel on one of the tabs, and all requests to the host. */
  async function open(tab: 'gates' | 'text', options: PageOptions = {}) {
    const model = new MadeUpInspector();
    const units: UnitChoice[] = [];
    const places: number[] = [];
    const counts: number[] = [];
    let trained = 0;
    const shown = await PanelPage.open(pages, {
      ...options,
      openText: {
        readTokens: (count) => void counts.push(count),
        activationMap: model.activationMap,
        unitTraces: model.unitTraces,
        connectivity: model.connectivity,
        goToToken: (token) => void places.push(token),
        colorByUnit: (unit) => void units.push(unit),
        colorBySurprisal: () => undefined,
        findFirings: (unit) => void units.push(unit),
        trainOpenText: () => void trained++,
        ...options.openText,
      },
    });
    await shown.showRun(trainingRun(400));
    await shown.page.locator(`#tab-${tab}`).click();
    const read = async (text = TEXT, from = 0): Promise<void> => {
      const inspection = await model.inspect({ reader: 'page', text, from, top: 5 });
      await shown.panel.openText({
        state: 'read',
        name: 'hamlet.txt',
        row: null,
        tokenKind: 'character',
        cursor: 20,
        inspection,
      });
      await shown.idle();
      await shown.idle();
    };
    return { shown, page: shown.page, model, read, units, places, counts, trained: () => trained };
  }

  it('names the text, and says where it is if no editor shows it', async () => {
    const { shown, page, read, model } = await open('text');
    await read();
    const head = page.locator('#body-text .reading-head');
    const inEditor = await head.innerText();
    assertNames(inEditor, 'hamlet.txt');
    const inspection = await model.inspect({ reader: 'page', text: TEXT, from: 0, top: 5 });
    const said = new Set([inEditor]);
    for (const elsewhere of ['tab', 'run'] as const) {
      const hidden = {
        state: 'read',
        name: 'hamlet.txt',
        elsewhere,
        row: null,
        tokenKind: 'character',
        cursor: 0,
      } as const;
      await shown.panel.openText({ ...hidden, inspection });
      await shown.idle();
      assertNames(await head.innerText(), 'hamlet.txt');
      said.add(await head.innerText());
    }
    assert.equal(said.size, 3, 'each place in other words');
  });

  const map = (page: PanelPage['page'], name: string) => page.locator(`[data-map="${name}"]`);

  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`renders in the theme ${theme}, is accessible and does not overflow`, async () => {
      for (const tab of ['gates', 'text'] as const) {
        const { shown, page, read } = await open(tab, { theme });
        await read(TEXT.slice(0, 100));
        if (tab === 'gates') {
          await map(page, 'cellState').getByRole('application').focus();
          await page.keyboard.press('ArrowDown');
          for (let i = 0; i < 14; i++) await page.keyboard.press('ArrowRight');
          await page.keyboard.press('Enter');
        } else {
          await page.getByRole('listbox').focus();
          for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
        }
        for (const width of [300, 900, 1400]) {
          await page.setViewportSize({ width, height: 1000 });
          await shown.idle();
          const overflow = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          assert.equal(overflow, 0, `${tab} at ${width} px`);
          await takePicture(page, `openText/${tab}-${theme}-${width}.png`);
        }
        assert.deepEqual(await accessibilityProblems(shown), [], tab);
        if (tab === 'text') continue;
        const swatches = await swatchPixels(shown, 'unitGates');
        assert.equal(swatches.length, 3);
        assert.ok(
          swatches.every((pixels) => pixels >= 10),
          `the legend has the colors of the curves: ${swatches.join()}`,
        );
      }
    });
  }

  it('fits in a pseudo-locale, in which every text is translated', async () => {
    const problems: string[] = [];
    for (const tab of ['gates', 'text'] as const) {
      const { shown, page, read } = await open(tab, { pseudo: true });
      problems.push(...(await pseudoProblems(shown, `${tab}-empty`)));
      await read(TEXT.slice(0, 100));
      await (tab === 'gates' ? map(page, 'cellState').getByRole('application') : page.getByRole('listbox')).focus();
      for (let i = 0; i < 14; i++) await page.keyboard.press('ArrowRight');
      if (tab === 'gates') await page.keyboard.press('Enter');
      for (const table of await page.locator(`#body-${tab} [data-tool=table]`).all()) await table.click();
      problems.push(...(await pseudoProblems(shown, tab)));
    }
    assert.deepEqual(problems, []);
  });

  describe('on the tab "Gates"', () => {
    it('describes each cell with its token, unit and gate values, for pointer and keyboard', async () => {
      const { page, read, shown } = await open('gates');
      await read();
      const cells = map(page, 'forget');
      const frame = cells.getByRole('application');
      await frame.focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
      assert.match((await cells.getByRole('status').textContent()) ?? '', /\b1\b.*"A".*\b2\b.*\b0\.40/);
      await until(shown, `document.querySelector('[data-map=forget] .reading').textContent.includes('-0.200')`);
      const box = await frame.boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + 44 + 3, box.y + 20 + 3);
      await until(
        shown,
        `/\\b0\\b.*"H".*\\b1\\b.*\\b0\\.05/.test(document.querySelector('[data-map=forget] .reading').textContent)`,
      );
    });

    it('shows the selected activations in the order of the first, and keeps the selection', async () => {
      const { page, read, shown, model } = await open('gates');
      await read();
      const maps = () =>
        page.locator('[data-map]').evaluateAll((all) => all.map((each) => each.getAttribute('data-map')));
      assert.deepEqual(await maps(), ['forget', 'cellState', 'hidden']);
      await page.locator('[data-activation=output]').click();
      await page.locator('[data-activation=forget]').click();
      await page.locator('#gates-sort').selectOption('quotes');
      await shown.idle();
      assert.deepEqual(await maps(), ['output', 'cellState', 'hidden']);
      assert.deepEqual(model.asked.filter((asked) => asked.startsWith('activationMap')).slice(-3), [
        'activationMap output quotes',
        'activationMap cellState index',
        'activationMap hidden index',
      ]);
      await map(page, 'hidden').getByRole('application').focus();
      await page.keyboard.press('ArrowRight');
      assert.match(
        (await map(page, 'hidden').getByRole('status').textContent()) ?? '',
        /\b23\b/,
        'its rows, too, begin with the last unit',
      );
      const stored = await page.evaluate(`JSON.parse(sessionStorage.getItem('state')).gates`);
      assert.deepEqual((stored as { activations: string[] }).activations.includes('forget'), false);
    });

    it('keeps the selected token while the same text is read again, and resets it for another text', async () => {
      const { page, read, shown } = await open('gates');
      await read();
      await map(page, 'hidden').getByRole('application').focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      const bars = 'document.querySelectorAll(".token-bars li").length';
      await until(shown, `${bars} > 0`);
      const before = await page.evaluate(bars);
      await read();
      await until(shown, `${bars} === ${String(before)}`);
      await read(TEXT.slice(20));
      await until(shown, `${bars} === 0`);
    });

    it('shows the unit of a selected cell, and the influence on the prediction of its token', async () => {
      const { page, read, shown, units } = await open('gates');
      await read();
      await map(page, 'hidden').getByRole('application').focus();
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter'])
        await page.keyboard.press(key);
      await until(shown, `/"L".*\\b4\\b.*"M".*\\b3\\b/.test(document.querySelector('.bars .notes').textContent)`);
      assert.equal(await page.locator('.token-bars li').count(), 3);
      assert.equal(await page.locator('#gates-unit').inputValue(), '2');
      await page.locator('[data-action=colorEditor]').click();
      await page.locator('#gates-coloring').selectOption('hidden');
      await page.locator('[data-action=findFirings]').click();
      await shown.idle();
      const unit = { layer: 'lstm_2', direction: 'forward', unit: 2 };
      assert.deepEqual(units, [
        { ...unit, activation: 'cellState' },
        { ...unit, activation: 'hidden' },
      ]);
    });

    it('shows gates and states on their own axes, which one cursor reads', async () => {
      const { page, read, shown } = await open('gates');
      await read();
      const titles = await page
        .locator('.linked-charts [data-chart]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('data-chart')));
      assert.deepEqual(titles, ['unitGates', 'unitCellState', 'unitOutputs']);
      const readingOf = (id: string) => page.locator(`[data-chart=${id}] .reading`);
      await page.locator('[data-chart=unitGates] .plot').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await shown.idle();
      for (const id of titles) {
        assert.ok(id);
        assert.match((await readingOf(id).locator('strong').textContent()) ?? '', /\b4$/);
      }
      assert.equal(await readingOf('unitGates').locator('div').count(), 3);
      assert.equal(await readingOf('unitOutputs').locator('div').count(), 2);
      await page.keyboard.press('Escape');
      await shown.idle();
      for (const id of titles) assert.ok(id && (await readingOf(id).isHidden()));
      assert.match(await page.locator('.unit-view > .verdict').innerText(), /\d\.\d\d/);
    });

    it('opens a table of the values around the cursor, and saves the map as PNG', async () => {
      const { page, read, shown } = await open('gates');
      await read();
      const cells = map(page, 'hidden');
      await cells.locator('[data-tool=table]').click();
      const row = await cells.locator('tbody tr').nth(0).locator('td').allTextContents();
      assert.equal(row.length, 12);
      assert.equal(row[0], '-0.90');
      await cells.locator('[data-tool=png]').click();
      await shown.idle();
      const [picture] = shown.asked.files;
      assert.ok(picture);
      assertNames(picture.name, 'hamlet.txt', 400);
      assert.equal(Buffer.from(picture.content, 'base64').subarray(1, 4).toString(), 'PNG');
    });

    it('explains why it is empty, and offers to train', async () => {
      const { page, shown, trained } = await open('gates');
      const unread: OpenText = {
        state: 'unread',
        reason: 'This run does not know 80 % of the characters.',
        trainable: 'kanji.txt',
      };
      await shown.panel.openText(unread);
      await shown.idle();
      assert.equal(await page.locator('#body-gates .reading-head').innerText(), unread.reason);
      assert.ok(await page.locator('.gates').isHidden());
      await page.locator('#body-gates .open-text button').click();
      await shown.idle();
      assert.equal(trained(), 1);
    });

    it('requests as many characters as fit, or as were selected, also after a reload', async () => {
      const { page, read, shown, counts } = await open('gates');
      await read();
      assert.deepEqual(counts, [Math.floor((900 - 2 * 16 - 45) / 6)]);
      await page.setViewportSize({ width: 500, height: 1000 });
      await shown.idle();
      assert.equal(counts.at(-1), Math.floor((500 - 2 * 16 - 45) / 6));
      await page.locator('#gates-tokens').selectOption('250');
      await shown.idle();
      assert.equal(counts.at(-1), 250);
      counts.length = 0;
      await page.reload();
      await shown.idle();
      await shown.showRun(trainingRun(400));
      assert.deepEqual([...new Set(counts)], [250]);
    });
  });

  describe('on the tab "Text"', () => {
    it('labels and colors each token of a long text and of a shorter one after it, which were read on another tab', async () => {
      const { page, read, shown } = await open('gates');
      for (const text of [TEXT.repeat(2).slice(0, 330), TEXT.slice(30, 130)]) {
        await page.locator('#tab-gates').click();
        await read(text);
        await page.locator('#tab-text').click();
        await shown.idle();
        const tokens = await page.evaluate<[string, string][]>(
          `[...document.querySelectorAll('#body-text [role=option]')].map((token) => [token.ariaLabel, token.style.backgroundColor])`,
        );
        assert.equal(tokens.length, text.length);
        tokens.forEach(([label, color], i) => {
          assertNames(label, `"${visibleToken(text[i] ?? '')}"`);
          assert.equal(color !== '', i > 0, 'all but the first have a surprisal');
        });
      }
    });

    it('describes every character with its surprisal and the most likely character', async () => {
      const { page, read, shown, places } = await open('text');
      await read('quick \u0000zz');
      assert.match(await page.locator('.surprisal .verdict').innerText(), /\d\.\d{3} nats \(\d\.\d{3} bits\).*\b8\b/);
      await page.getByRole('listbox').focus();
      await page.keyboard.press('Home');
      const read0 = async () => page.locator('.tokens [aria-selected]').getAttribute('aria-label');
      assert.match((await read0()) ?? '', /^"q", \D+$/);
      await page.keyboard.press('ArrowRight');
      assert.match((await read0()) ?? '', /^"u",.* 0\.010 nats,.* "u"$/);
      for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
      assert.match((await read0()) ?? '', /^"␀",.* 7\.500 nats,.* "␀"$/);
      assert.equal(await page.locator('.prediction').count(), 5);
      await page.keyboard.press('Enter');
      await shown.idle();
      assert.deepEqual(places, [6]);
    });

    it('shows samples', async () => {
      const { page } = await open('text');
      assert.equal(await page.locator('#body-text .samples li').count(), 3);
    });

    it('shows markup as text', async () => {
      const { page, read } = await open('text');
      await read('<img src=x onerror=alert(1)>');
      assert.equal(await page.locator('.surprisal .tokens').innerText(), '<img src=x onerror=alert(1)>');
      assert.equal(await page.locator('.tokens img').count(), 0);
    });
  });

  it('draws maps of 256 units by 500 characters, and reports the time per frame', async () => {
    const units = 256;
    const tokens = 500;
    const values = Uint8Array.from({ length: units * tokens }, (_, i) => (i * 7) % 256);
    const map = {
      units,
      timeSteps: tokens,
      low: -1,
      high: 1,
      values,
      holes: null,
      order: Array.from({ length: units }, (_, unit) => unit),
      scores: [],
    };
    const { page, shown, model } = await open('gates', { width: 1400, openText: { activationMap: () => map } });
    await page.evaluate(`{
      globalThis.frames = [];
      const request = requestAnimationFrame;
      globalThis.requestAnimationFrame = (task) => request((now) => {
        const start = performance.now();
        task(now);
        frames.push(performance.now() - start);
      });
    }`);
    const inspection = await model.inspect({ reader: 'page', text: TEXT.repeat(3).slice(0, tokens), from: 0, top: 5 });
    await shown.panel.openText({
      state: 'read',
      name: 'hamlet.txt',
      row: null,
      tokenKind: 'character',
      cursor: 20,
      inspection,
    });
    await until(shown, `document.querySelector('[data-map=hidden] .map canvas')?.clientHeight > 500`);
    const drawn = await page.evaluate<number[]>('frames.splice(0)');
    const box = await page.locator('[data-map="hidden"]').getByRole('application').boundingBox();
    assert.ok(box);
    for (let i = 0; i < 60; i++) await page.mouse.move(box.x + 60 + 8 * i, box.y + 30 + 7 * i);
    await until(shown, 'frames.length > 30');
    const moved = await page.evaluate<number[]>('frames.splice(0)');
    console.log(
      `        script in a frame, three maps drawn: ${formatFrameCosts(drawn)}; pointer moving: ${formatFrameCosts(moved)}`,
    );
    assert.match(
      (await page.locator('[data-map="hidden"] .reading strong').textContent()) ?? '',
      /\d+, ".*" .*\d+: -?\d\.\d\d$/,
    );
  });
});
