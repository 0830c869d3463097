import type { Glob } from '../../platform/globs.ts';

/** Paths of a page, none of which has wildcards, in place of `src/platform/globs.ts`. */
export function globOf(): Glob | undefined {
  return undefined;
}

export function nameOfPath(path: string): string {
  return path;
}

export function globExpression(): RegExp {
  throw new Error('A page has no folders.');
}
