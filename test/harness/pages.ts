import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { Bundle, PageHolder, WebviewPage } from '../fixtures/panelPage/webviewPage.ts';
import { prepareOrSkip } from './prepareOrSkip.ts';
import { traces } from './watchPage.ts';

/** Milliseconds for a test: more than a condition is waited for, so that its error is reported. */
const TIMEOUT = 240_000;

/**
 * Defines a mocha suite for a page in a browser. Pages are closed after each test. A final test fails if any page
 * violated its content security policy, wrote to the console, had an uncaught error, opened a dialog, a window or a
 * frame, requested anything, or ran a script of its content.
 */
export function describeInBrowser(
  title: string,
  makeBundle: () => Promise<Bundle>,
  tests: (pages: PageHolder) => void,
): void {
  describe(title, function () {
    this.timeout(TIMEOUT);
    let browser: Browser | undefined;
    let bundle: Bundle | undefined;
    const opened: WebviewPage[] = [];
    const problems: string[] = [];

    before(async function () {
      browser = await prepareOrSkip(this, () => launchChromium());
      bundle = await makeBundle();
    });

    afterEach(async function () {
      for (const web of opened.splice(0)) {
        web.problems.push(...(await traces(web.page)));
        await web.page.close();
        problems.push(...web.problems.map((problem) => `${this.currentTest?.title}: ${problem}`));
      }
    });

    after(() => browser?.close());

    tests({
      get browser() {
        assert.ok(browser);
        return browser;
      },
      get bundle() {
        assert.ok(bundle);
        return bundle;
      },
      keep: (web) => void opened.push(web),
    });

    // Mocha runs nested suites after the tests of the outer suite, in order, so this suite is the last.
    describe('in all tests', () => {
      it('broke no policy, requested nothing, wrote nothing to the console and let no error through', () =>
        assert.deepEqual(problems, []));
    });
  });
}
