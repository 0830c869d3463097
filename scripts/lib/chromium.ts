import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { ensureDebianPackages } from './debian.ts';
import { Unavailable } from './unavailable.ts';

/** The build of Chromium without a user interface takes less than half of the processor time, so it comes first. */
const CANDIDATES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const found = (): string | undefined =>
  [process.env['SEQUENCE_LAB_CHROMIUM'], ...CANDIDATES].find((path) => path !== undefined && existsSync(path));

/**
 * Returns the path of Chromium: the value of `SEQUENCE_LAB_CHROMIUM`, or a program of the system.
 *
 * @throws Unavailable if there is none and it cannot be installed
 */
export async function ensureChromium(): Promise<string> {
  if (found() === undefined)
    await ensureDebianPackages(['chromium-headless-shell', 'fonts-dejavu-core'], 'to open VS Code without a screen');
  const program = found();
  if (program !== undefined) return program;
  throw new Unavailable('needs Chromium or Chrome; install one, or set SEQUENCE_LAB_CHROMIUM to its path');
}

/** Starts a headless Chromium that renders in software and opens no background connections. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
