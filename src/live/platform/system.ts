/** The system of a page, in place of `src/platform/system.ts`. */

export function pathOf(url: string | URL): string {
  return String(url);
}

export function processorCount(): number {
  return 1;
}

export function setEngineFlags(): void {
  throw new Error('A page cannot set the switches of its engine.');
}

/** A page does not know its limits. */
export function memoryLimit(): number {
  return Infinity;
}

export function heapLimit(): number {
  return Infinity;
}

/** Yields to the events of the page, such as a click on a button. */
export async function yieldToEventLoop(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
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
