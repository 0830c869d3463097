import assert from 'node:assert/strict';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { CodeServer } from './codeServer.ts';
import { FRAME_CATEGORIES, type TraceEvent } from './frameCosts.ts';
import { actUntil, PATIENCE, until } from './until.ts';

export type Theme = 'dark' | 'light' | 'hc' | 'hcLight';

/** Each theme's name in the picker and the class that the workbench has with it. */
const THEMES: Record<Theme, { label: string; className: string }> = {
  dark: { label: 'Dark Modern', className: 'vs-dark' },
  light: { label: 'Light Modern', className: 'vs' },
  hc: { label: 'Dark High Contrast', className: 'hc-black' },
  hcLight: { label: 'Light High Contrast', className: 'hc-light' },
};

/** The class that VS Code gives the body of a webview with each theme. */
const WEBVIEW_CLASSES: Record<Theme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  hc: 'vscode-high-contrast',
  hcLight: 'vscode-high-contrast-light',
};

/** Milliseconds for one click or keystroke of an action that is repeated if it fails. */
const ACTION_TIME = 5000;
/** Milliseconds that VS Code shows a notification at most, unless the pointer is over it. */
const TOAST_TIME = 20_000;
/** Milliseconds to wait until a menu closes after a click, before the click is repeated. */
const MENU_TIME = 500;
const POLL_INTERVAL = 50;
const NO_BREAK_SPACE = '\u00a0';
/** The label of a row, above its details. */
const FIRST_LABEL = '.quick-input-list-row:first-child .label-name';

/**
 * Script that returns the class of a webview's body after the next frame. A hidden webview gets no frames and returns
 * after a second.
 */
const drawnBodyClass = `new Promise((done) => {
  const answer = () => done(document.body.className);
  requestAnimationFrame(() => requestAnimationFrame(answer));
  setTimeout(answer, 1000);
})`;

/** Workbench of a code-server in a headless Chromium, driven as a user does. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /** Opens the workbench and waits until it accepts commands. */
  static async open(server: CodeServer, size = { width: 1400, height: 900 }): Promise<Workbench> {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: size });
      page.setDefaultNavigationTimeout(PATIENCE);
      const workbench = new Workbench(browser, page);
      await workbench.page.goto(server.url);
      if (server.password !== undefined) await workbench.#logIn(server.password);
      await workbench.#ready();
      return workbench;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async #logIn(password: string): Promise<void> {
    await this.page.locator('input[name="password"]').fill(password);
    await this.page.keyboard.press('Enter');
  }

  /** Reloads the window, which ends this window's extension host and starts another. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
  }

  /** Reloads the window by its command, which first saves the state of all editors. */
  async reloadWindow(): Promise<void> {
    const title = 'Developer: Reload Window';
    await this.#quickOpen(`>${title}`, title);
    const loaded = this.page.waitForEvent('load', { timeout: PATIENCE });
    await this.page.keyboard.press('Enter');
    await loaded;
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({ timeout: PATIENCE });
  }

  /** The quick input: the palette, a quick pick or an input box. At most one is open. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** The rows in the open quick pick. */
  get quickPickRows(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  get #filter(): Locator {
    return this.quickInput.locator('input.input');
  }

  get #menu(): Locator {
    return this.page.locator('.monaco-menu:visible');
  }

  /** The modal dialog. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box:visible');
  }

  get #hover(): Locator {
    return this.page.locator('.monaco-hover:visible');
  }

  /** Those that have just come, and those in the center if that is open. */
  get #notifications(): Locator {
    return this.page.locator(':is(.notifications-toasts, .notifications-center) .notification-list-item:visible');
  }

  /** Closes open menus, dialogs, quick inputs, hovers and notifications. */
  async reset(): Promise<void> {
    await this.page.mouse.move(0, 0);
    for (const open of [this.#menu, this.dialog, this.quickInput, this.#hover]) await this.#dismiss(open);
    if (await this.#notifications.count()) {
      await this.runCommand('Notifications: Clear All Notifications');
      await until('no notification is on screen', async () => (await this.#notifications.count()) === 0);
    }
  }

  /** Closes all editors, none of which has changes that are not saved. */
  async closeEditors(): Promise<void> {
    const tabs = this.page.locator('.tabs-container .tab');
    if ((await tabs.count()) === 0) return;
    await this.runCommand('View: Close All Editors');
    await until('no editor is open', async () => (await tabs.count()) === 0);
  }

  /** Presses Escape until nothing that matches is on screen. */
  async #dismiss(open: Locator): Promise<void> {
    const gone = async () => (await open.count()) === 0;
    if (!(await gone())) await actUntil('it is closed', () => this.page.keyboard.press('Escape'), gone, 1000);
  }

  /**
   * Runs a command by its title, from the palette.
   *
   * @throws AssertionError if the palette does not offer it
   */
  async runCommand(title: string): Promise<void> {
    await this.#quickOpen(`>${title}`, title);
    await this.#accept(title);
  }

  /** Opens a file of the folder by its name and waits until it is in the active editor. */
  async openFile(name: string): Promise<void> {
    await this.#quickOpen(name, name);
    await this.#accept(name);
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).first().waitFor();
  }

  /** Types into the palette until it contains a row with this label. */
  async #quickOpen(text: string, label: string): Promise<void> {
    await actUntil(
      `"${label}" is offered`,
      async () => {
        await this.#dismiss(this.quickInput);
        await this.page.keyboard.press('F1');
        await this.#filter.fill(text, { timeout: ACTION_TIME });
      },
      async () => (await this.#filter.inputValue({ timeout: ACTION_TIME })) === text && (await this.#offers(label)),
    );
  }

  /** Selects a row of the quick pick, which may still be opening: the row with this label, or else containing it. */
  async quickPick(label: string): Promise<void> {
    await until(`"${label}" is offered`, async () => this.#offers(label));
    await this.#accept(label);
  }

  /** Answers a dialog for a file or folder, which begins with a path, and waits for the effect. */
  async answerPath(path: string, effect: () => Promise<boolean>): Promise<void> {
    await until('a path is asked for', async () =>
      (await this.#filter.inputValue({ timeout: ACTION_TIME })).startsWith('/'),
    );
    await actUntil(
      `the answer ${path} has had its effect`,
      async () => {
        if ((await this.#filter.count()) === 0) return;
        await this.#filter.fill(path, { timeout: ACTION_TIME });
        await this.page.keyboard.press('Enter');
      },
      effect,
    );
  }

  /** Selects a row of a long quick pick by typing its label. @param like rows of the list, which may still be opening */
  async quickPickByTyping(label: string, like: RegExp): Promise<void> {
    await this.quickPickRows.filter({ hasText: like }).first().waitFor();
    await this.#filter.fill(label, { timeout: ACTION_TIME });
    await this.quickPick(label);
  }

  /** True if the list has such a row and is stable, so that a click does not hit a row that replaces it. */
  async #offers(label: string): Promise<boolean> {
    const before = await this.quickPickRows.allInnerTexts();
    await sleep(POLL_INTERVAL);
    const rows = await this.quickPickRows.allInnerTexts();
    return rows.some((row) => row.includes(label)) && rows.join() === before.join();
  }

  /** Row with this label, or a command with this title in any category, or else the first row that contains it. */
  async #row(label: string): Promise<Locator> {
    const labels = await this.quickPickRows.locator(FIRST_LABEL).allTextContents();
    const exact = labels.findIndex((each) => each === label || each.endsWith(`: ${label}`));
    const rows = this.quickPickRows.filter({ has: this.page.locator(FIRST_LABEL) });
    return exact === -1 ? rows.filter({ hasText: label }).first() : rows.nth(exact);
  }

  async #accept(label: string): Promise<void> {
    const before = await this.#quickInputState();
    await actUntil(
      `"${label}" is accepted`,
      async () => (await this.#row(label)).click({ timeout: ACTION_TIME }),
      async () => (await this.#quickInputState()) !== before,
    );
  }

  /** Identifies the open quick input; empty if none is open. */
  async #quickInputState(): Promise<string> {
    const state = await this.#filter.evaluateAll((inputs) =>
      inputs.flatMap((input) => [input.getAttribute('placeholder'), 'value' in input && input.value]),
    );
    const title = await this.quickInput.locator('.quick-input-title').allInnerTexts();
    return JSON.stringify([...state, ...title]);
  }

  /** Opens the context menu of an element and selects an entry; repeats this until `effect` holds. */
  async contextMenu(target: Locator, entry: string, effect: () => Promise<boolean>): Promise<void> {
    await actUntil(
      `"${entry}" of the context menu has had its effect`,
      async () => {
        await this.#dismiss(this.#menu);
        await target.click({ button: 'right', timeout: ACTION_TIME });
        const item = this.#menu.getByText(entry, { exact: true });
        // Missing as long as its extension is not registered: then the menu is opened again.
        await item.waitFor({ timeout: ACTION_TIME });
        await actUntil(
          `the menu of "${entry}" is closed`,
          // VS Code ignores the mouse for the first 100 ms of a menu.
          async () => item.click({ timeout: ACTION_TIME }),
          async () => (await this.#menu.count()) === 0,
          MENU_TIME,
        );
      },
      effect,
    );
  }

  /** Opens a view container by its icon in the activity bar. */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    const isOpen = async () => (await tab.getAttribute('aria-selected', { timeout: ACTION_TIME })) === 'true';
    await actUntil(
      `the view "${title}" is open`,
      // A click on the icon of an open view would close it.
      async () => (await isOpen()) || tab.click({ timeout: ACTION_TIME }),
      isOpen,
    );
  }

  /**
   * Drags a file of the Explorer over the icon of another view container, which opens it, and drops it on an element
   * there.
   */
  async dropFile(name: string, container: string, target: Locator): Promise<void> {
    await this.openView('Explorer');
    const file = this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: container });
    await this.#moveOver(file);
    await this.page.mouse.down();
    try {
      await until(`the view "${container}" opens under the drag`, async () => {
        // An element only receives a drag that moves.
        await this.#moveOver(tab);
        return (await tab.getAttribute('aria-selected', { timeout: ACTION_TIME })) === 'true';
      });
      await target.waitFor({ timeout: ACTION_TIME });
      await this.#moveOver(target);
    } finally {
      await this.page.mouse.up();
    }
  }

  /** Moves the pointer to the middle of an element, in two steps. */
  async #moveOver(target: Locator): Promise<void> {
    const box = await target.boundingBox({ timeout: ACTION_TIME });
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await this.page.mouse.move(x + 3, y + 3);
    await this.page.mouse.move(x, y);
  }

  /** Opens a file and puts the cursor at its start. */
  async focusEditor(name: string): Promise<void> {
    await this.openFile(name);
    const editor = this.page.locator('.editor-group-container.active .monaco-editor');
    await actUntil(
      `the cursor is in ${name}`,
      () => editor.locator('.view-line').first().click({ timeout: ACTION_TIME }),
      async () => editor.first().evaluate((element) => element.classList.contains('focused')),
    );
    await this.page.keyboard.press('Control+Home');
  }

  /** Visible text of the active editor. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .view-lines').first();
    return (await lines.innerText()).replaceAll(NO_BREAK_SPACE, ' ');
  }

  /**
   * Waits for a notification that contains `text`. VS Code hides it after a while, perhaps before this call: then it is
   * found in the center of notifications. The locator includes its buttons.
   */
  async notification(text: string | RegExp, timeout = PATIENCE): Promise<Locator> {
    const notification = this.#notifications.filter({ hasText: text }).first();
    const isThere = await notification.waitFor({ timeout: TOAST_TIME }).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      await this.runCommand('Notifications: Show Notifications');
      await notification.waitFor({ timeout });
    }
    return notification;
  }

  /** The text of the status bar, left to right. */
  async statusBar(): Promise<string> {
    return (await this.page.locator('.part.statusbar').innerText()).replaceAll(NO_BREAK_SPACE, ' ');
  }

  /** Clicks an item of the status bar until `effect` holds. */
  async clickStatusBar(item: string | RegExp, effect: () => Promise<boolean>): Promise<void> {
    const found = this.page.locator('.part.statusbar .statusbar-item', { hasText: item }).first();
    await found.waitFor();
    await actUntil(`a click on ${item} has had its effect`, () => found.click({ timeout: ACTION_TIME }), effect);
  }

  /**
   * Document of the webview with one of these titles, which is two frames deep. A reloaded webview gets a new document.
   *
   * @throws AssertionError if no such webview is on screen in time
   */
  async panelFrame(...titles: readonly string[]): Promise<Frame> {
    let found: Frame | undefined;
    await until(`the title of a webview contains "${titles.join('" or "')}"`, async () => {
      for (const title of titles) found ??= (await this.#webviews(`[title*="${title}"]`))[0];
      return found !== undefined;
    });
    assert.ok(found);
    return found;
  }

  /** The documents of all webviews on screen that match. */
  async #webviews(selector = ''): Promise<Frame[]> {
    const found: Frame[] = [];
    for (const outer of this.page.frames()) {
      // A frame may be removed between the listing and the query.
      const inner = await outer.$(`iframe#active-frame${selector}`).catch(() => null);
      const frame = (await inner?.isVisible()) === true ? await inner?.contentFrame() : undefined;
      if (frame != null) found.push(frame);
    }
    return found;
  }

  /**
   * Changes the color theme in the theme picker and waits until the workbench and its webviews have it. (code-server
   * does not notice that its settings file was changed from outside.)
   */
  async setTheme(theme: Theme): Promise<void> {
    const { label, className } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme');
    await until('the theme picker is open', async () => {
      await this.#filter.fill(label, { timeout: ACTION_TIME });
      return this.#offers(label);
    });
    await this.#accept(label);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
    await until(`the webviews have the theme ${theme}`, async () => {
      const classes = await Promise.all(
        (await this.#webviews()).map((frame) => frame.evaluate<string>(drawnBodyClass)),
      );
      return classes.every((each) => each.split(' ').includes(WEBVIEW_CLASSES[theme]));
    });
  }

  async screenshot(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    // Without transitions, elements are shown in their final state.
    await this.page.screenshot({ path, animations: 'disabled' });
  }

  /** Records Chromium's performance trace while `work` runs. */
  async trace(work: () => Promise<void>): Promise<TraceEvent[]> {
    await this.#browser.startTracing(this.page, { categories: FRAME_CATEGORIES });
    await work();
    const trace = await this.#browser.stopTracing();
    return (JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents;
  }

  /** Closes the browser; the server keeps running. */
  async close(): Promise<void> {
    await this.#browser.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
