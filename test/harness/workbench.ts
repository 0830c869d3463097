import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { CodeServer } from './codeServer.ts';

export type Theme = 'dark' | 'light' | 'hc' | 'hcLight';

const THEMES: Record<Theme, { setting: string; className: string }> = {
  dark: { setting: 'Dark Modern', className: 'vs-dark' },
  light: { setting: 'Light Modern', className: 'vs' },
  hc: { setting: 'Default High Contrast', className: 'hc-black' },
  hcLight: { setting: 'Default High Contrast Light', className: 'hc-light' },
};

/** The workbench of one code-server in a headless Chromium, driven the way a user drives it. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly #server: CodeServer;
  readonly #browser: Browser;

  private constructor(server: CodeServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  /** Opens the workbench and waits until it takes commands. */
  static async open(server: CodeServer, size = { width: 1400, height: 900 }): Promise<Workbench> {
    const browser = await launchChromium();
    try {
      const workbench = new Workbench(server, browser, await browser.newPage({ viewport: size }));
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

  /** Answers an input box that is open or about to open. */
  async answer(text: string): Promise<void> {
    await this.quickInput.waitFor();
    await this.quickInput.locator('input.input').fill(text);
    await this.page.keyboard.press('Enter');
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

  /** The document of the webview panel with this title: it lies two frames deep. */
  async panelFrame(title: string): Promise<FrameLocator> {
    const tab = this.page.locator('.tabs-container .tab.active', { hasText: title });
    await tab.first().waitFor();
    const inner = this.page.frameLocator('iframe.webview.ready').frameLocator(`iframe[title="${title}"]`);
    await inner.locator('body').waitFor();
    return inner;
  }

  /** Changes the colour theme through the settings file and waits until the workbench wears it. */
  async setTheme(theme: Theme): Promise<void> {
    const { setting, className } = THEMES[theme];
    await this.#server.updateSettings({ 'workbench.colorTheme': setting });
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  async screenshot(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  /** Closes the browser; the server goes on. */
  async close(): Promise<void> {
    await this.#browser.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
