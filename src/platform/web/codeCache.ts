/** As `src/platform/codeCache.ts`: a browser stores the code that it compiles by itself. */

export function storeCompiledCode(): void {
  // Nothing to turn on.
}

export function codeCacheEnvironment(): Readonly<Record<string, string>> {
  return {};
}

export function saveCompiledCode(): void {
  // Nothing to write.
}
