import type { StorageQuota } from '../system.ts';
import { browser, scope } from './browser.ts';
import { holdLock } from './holdLock.ts';

/** As `src/platform/system.ts`, in a worker of a browser. */

const NO_PROCESSES = 'A browser runs no programs and no native libraries.';

export const runsNativeCode: boolean = false;
export const isElectron = false;
export const environment: Readonly<Record<string, string | undefined>> = {};

/** Largest number of a context. */
const CONTEXTS = 2 ** 31 - 1;

const [random = 0] = crypto.getRandomValues(new Uint32Array(1));

/** A random number of this context: page or worker. It is the name of a Web Lock that lives as long as the context. */
export const processId = 1 + (random % CONTEXTS);

/** Beginning of the name of the Web Lock of a context. */
const CONTEXT = 'sequence-lab context ';

let held: Promise<void> | undefined;

/** Resolves when other contexts can see that this one lives. */
async function heldHere(): Promise<void> {
  held ??= holdLock(`${CONTEXT}${processId}`);
  return held;
}

export async function processExists(pid: number): Promise<boolean> {
  await heldHere();
  const locks = await browser().locks.query();
  return locks.held.some(({ name }) => name === `${CONTEXT}${pid}`);
}

/** No number of a context is used twice, so that all of them have the same start. */
export async function processStart(): Promise<string | undefined> {
  await heldHere();
  return 'context';
}

/** All contexts of an origin see each other. */
export async function processNamespace(): Promise<string> {
  return Promise.resolve('browser');
}

export function engineVersions(): Record<string, string> {
  return { browser: browser().userAgent };
}

export function browserGpu(): GPU | undefined {
  return browser().gpu;
}

export function homeFolder(): string {
  return '/';
}

export function processorModels(): string[] {
  return Array.from({ length: browser().hardwareConcurrency ?? 1 }, () => 'unknown');
}

export function machineFacts(): { platform: string; release: string; arch: string; cpu: string } {
  return { platform: 'browser', release: '', arch: '', cpu: '' };
}

/** Threads share memory only in a page that is isolated from other origins. */
export function processorCount(): number {
  return scope.crossOriginIsolated === true ? (browser().hardwareConcurrency ?? 1) : 1;
}

const ALLOWED_THREADS = 8;

export function boundedThreads(wanted: number): number {
  return scope.crossOriginIsolated === true ? Math.min(wanted, Math.max(processorCount(), ALLOWED_THREADS)) : 1;
}

/** Bytes of a GiB, and the memory that WebAssembly can address. */
const GIB = 2 ** 30;
const ADDRESSABLE = 4 * GIB;

export function memoryLimit(): number {
  return Math.min(ADDRESSABLE, (browser().deviceMemory ?? Infinity) * GIB);
}

/** Only pages can request storage that the browser keeps (`persist`), and this is a worker. */
export async function storageQuota(): Promise<StorageQuota | undefined> {
  const { storage } = browser();
  const [{ usage = 0, quota = 0 }, isKept] = await Promise.all([storage.estimate(), storage.persisted()]);
  return { used: usage, limit: quota, isKept };
}

/** Browsers do not report it; that of Chromium on 64 bits is larger. */
export function heapLimit(): number {
  return 2 * GIB;
}

export function withNativeOutputLogged<Result>(_home: string, action: () => Result): Result {
  return action();
}

/** The path of a file of the product (`product.ts`). */
export function pathOf(url: string | URL): string {
  return decodeURIComponent(new URL(url).pathname);
}

export function urlOf(path: string): URL {
  return new URL(`file://${encodeURI(path)}`);
}

export function requireFrom(): never {
  throw new Error(NO_PROCESSES);
}

export function setEngineFlags(): never {
  throw new Error('A page cannot set the switches of its engine.');
}

/** A message to itself is a turn of the event loop; a timer would wait for 4 ms. */
const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port1.addEventListener('message', () => waiting.shift()?.());
turns.port1.start();

export async function yieldToEventLoop(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    turns.port2.postMessage(undefined);
  });
  signal?.throwIfAborted();
}

export function repeatedly(milliseconds: number, action: () => void): () => void {
  const timer = setInterval(action, milliseconds);
  return () => clearInterval(timer);
}

export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}

export function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
