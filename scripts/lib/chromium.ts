import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { ensureDebianPackages } from './debian.ts';
import { Unavailable } from './unavailable.ts';

/** Chromium without a user interface, which takes less than half of the processor time. */
const SHELL = '/usr/bin/chromium-headless-shell';

const CANDIDATES = [
  SHELL,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Returns the path of Chromium: the value of `SEQUENCE_LAB_CHROMIUM`, the one without a user interface, which is
 * installed where this is possible, or another program of the system.
 *
 * @throws Unavailable if there is none and it cannot be installed
 */
export async function ensureChromium(): Promise<string> {
  const chosen = process.env['SEQUENCE_LAB_CHROMIUM'];
  if (chosen !== undefined && existsSync(chosen)) return chosen;
  const packages = [basename(SHELL), 'fonts-dejavu-core'];
  const failure = await ensureDebianPackages(packages, 'to open VS Code without a screen').catch(
    (error: unknown) => error,
  );
  const program = CANDIDATES.find((path) => existsSync(path));
  if (program !== undefined) return program;
  if (failure instanceof Unavailable) throw failure;
  throw new Unavailable('needs Chromium or Chrome; install one, or set SEQUENCE_LAB_CHROMIUM to its path');
}

/** Switches for WebGPU on the software adapter that Chromium includes. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/**
 * Starts a headless Chromium that renders in software and opens no background connections.
 * @param webgpu whether pages have a GPU, which is emulated in software
 */
export async function launchChromium({ webgpu = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...(webgpu ? SOFTWARE_WEBGPU : []),
    ],
  });
}
