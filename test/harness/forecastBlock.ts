import type { Frame, Locator, Page } from 'playwright-core';

/** The block of results with the forecast after the last row, which has no errors to draw. */
export function forecastAfterTheData(page: Frame | Page): Locator {
  return page
    .getByRole('region')
    .filter({ has: page.locator('[data-chart=forecast]'), hasNot: page.locator('[data-chart=forecastErrors]') })
    .last();
}
