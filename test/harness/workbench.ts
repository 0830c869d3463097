import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { CodeServer } from './codeServer.ts';
import { FRAME_CATEGORIES, type TraceEvent } from './frameCosts.ts';

export type Theme = 'dark' | 'light' | 'hc' | 'hcLight';

/** Each theme's name in the picker and the class that the workbench wears with it. */
const THEMES: Record<Theme, { label: string; className: string }> = {
  dark: { label: 'Dark Modern', className: 'vs-dark' },
  light: { label: 'Light Modern', className: 'vs' },
  hc: { label: 'Dark High Contrast', className: 'hc-black' },
  hcLight: { label: 'Light High Contrast', className: 'hc-light' },
};

/** The workbench of one code-server in a headless Chromium, driven the way a user drives it. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /** Opens the workbench and waits until it takes commands. */
  static async open(server: CodeServer, size = { width: 1400, height: 900 }): Promise<Workbench> {
    const browser = await launchChromium();
    try {
      const workbench = new Workbench(browser, await browser.newPage({ viewport: size }));
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

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
  }

  /** The box of the palette, of quick picks and of input boxes: there is only ever one. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** The rows that the open quick pick shows. */
  get quickPickRows(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs a command by its title through the real palette; fails if the palette does not offer it. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.waitFor();
    await this.quickInput.locator('input.input').fill(`>${title}`);
    await this.#choose(title);
  }

  /** Chooses the row whose label is, or holds, `label` in the quick pick that is open or about to open. */
  async quickPick(label: string): Promise<void> {
    await this.quickInput.waitFor();
    await this.#choose(label);
  }

  async #choose(label: string): Promise<void> {
    const rows = this.quickPickRows.filter({ hasText: label });
    await rows.first().waitFor();
    await rows.first().click();
  }

  /** Opens a file of the folder by its name and waits until it is in the editor. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.waitFor();
    await this.quickInput.locator('input.input').fill(name);
    await this.#choose(name);
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** Puts the cursor into the text editor, at its first visible line. */
  async focusEditor(): Promise<void> {
    await this.page.locator('.monaco-editor .view-line').first().click();
  }

  /** The messages on screen, newest first. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Waits for a message that holds `text`; its buttons are inside. */
  async notification(text: string, timeout = 10_000): Promise<Locator> {
    const toast = this.page.locator('.notifications-toasts .notification-toast', { hasText: text });
    await toast.first().waitFor({ timeout });
    return toast.first();
  }

  /** What the status bar shows, left to right. */
  get statusBar(): Locator {
    return this.page.locator('.part.statusbar');
  }

  /**
   * The document of the webview with this title: it lies two frames deep. After a reload of the webview it is another.
   *
   * @throws Error if no such webview is on screen within `timeout` milliseconds
   */
  async panelFrame(title: string, timeout = 20_000): Promise<Frame> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      for (const outer of this.page.frames()) {
        // A frame may go away between being listed and being asked.
        const inner = await outer.$(`iframe#active-frame[title="${title}"]`).catch(() => null);
        const frame = await inner?.contentFrame();
        if (frame != null) return frame;
      }
      await sleep(100);
    }
    throw new Error(`No webview with the title "${title}" was on screen within ${timeout / 1000} s.`);
  }

  /**
   * Changes the color theme in the theme picker and waits until the workbench wears it. (code-server does not see
   * that its settings file was changed from outside.)
   */
  async setTheme(theme: Theme): Promise<void> {
    const { label, className } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.locator('input.input').fill(label);
    await this.#choose(label);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  async screenshot(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  /** What Chromium's performance trace says of the time in which something is done. */
  async trace(work: () => Promise<void>): Promise<TraceEvent[]> {
    await this.#browser.startTracing(this.page, { categories: FRAME_CATEGORIES });
    await work();
    const trace = await this.#browser.stopTracing();
    return (JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents;
  }

  /** Closes the browser; the server goes on. */
  async close(): Promise<void> {
    await this.#browser.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
