import type { Page } from 'playwright-core';

/** Variables of a page that a script in hostile content sets. */
const MARKERS = ['harmed', 'broken'] as const;

/**
 * Records what a page must not do, whatever it shows: violations of its content security policy, errors and warnings of
 * its console, uncaught errors, dialogs, other windows and frames, requests, and addresses to which it goes.
 * @param isOwn whether an address is the page or one of its files
 */
export async function watchPage(page: Page, problems: string[], isOwn: (url: URL) => boolean): Promise<void> {
  await page.exposeFunction('violated', (what: string) => void problems.push(what));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => violated(event.violatedDirective + ' ' + event.blockedURI));",
  );
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('crash', () => problems.push('The page has crashed.'));
  page.on('console', (line) => {
    const icon = line.location().url.endsWith('favicon.ico');
    if (!icon && ['error', 'warning'].includes(line.type())) problems.push(line.text());
  });
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => problems.push(`window: ${popup.url()}`));
  page.on('frameattached', (frame) => problems.push(`frame: ${frame.url()}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!isOwn(url) && !url.pathname.endsWith('favicon.ico')) problems.push(`request: ${url.href}`);
  });
}

/** What a script in hostile content has left in a page; empty without one. */
export async function traces(page: Page): Promise<string[]> {
  const left = await page.evaluate<(string | number | boolean | null | undefined)[]>(
    `[${MARKERS.map((name) => `globalThis.${name}`).join(', ')}]`,
  );
  return left
    .filter((value) => value !== null && value !== undefined)
    .map((value) => `a script has run: ${String(value)}`);
}
