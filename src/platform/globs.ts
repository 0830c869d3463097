import { basename, dirname, sep } from 'node:path';
import { exists, existsHere } from './files.ts';

/** A path with wildcards, split at the first folder that has one. */
export interface Glob {
  /** The folder before the first wildcard. */
  readonly folder: string;
  /** The rest of the path, with `/` between folders. */
  readonly pattern: string;
}

const WILDCARDS = /[*?[{]/;

/**
 * Splits a path with wildcards. Folders and files that exist have no wildcards, whatever their names are. Returns undefined
 * for a path without wildcards.
 */
export async function globOf(path: string): Promise<Glob | undefined> {
  const parts = partsOf(path);
  for (const { index, before } of candidates(parts)) if (!(await exists(before))) return globAt(parts, index);
  return undefined;
}

/** As `globOf`, at once. In a browser, an existing name with a wildcard counts as one, too. */
function globHere(path: string): Glob | undefined {
  const parts = partsOf(path);
  const first = candidates(parts).find(({ before }) => !existsHere(before));
  return first && globAt(parts, first.index);
}

function partsOf(path: string): string[] {
  return path.split(sep).flatMap((part) => part.split('/'));
}

/** The parts of a path that have wildcards unless they exist, and the path up to each of them. */
function candidates(parts: readonly string[]): { readonly index: number; readonly before: string }[] {
  return parts.flatMap((part, index) =>
    WILDCARDS.test(part) ? { index, before: parts.slice(0, index + 1).join(sep) } : [],
  );
}

/** Splits a path at the first part that has a wildcard. */
function globAt(parts: readonly string[], first: number): Glob {
  const before = parts.slice(0, first).join(sep);
  // A drive without a separator would be its current folder.
  const folder = /^[A-Za-z]:$/.test(before) ? `${before}${sep}` : before;
  return {
    folder: folder === '' ? (first === 0 ? '.' : sep) : folder,
    pattern: parts.slice(first).join('/'),
  };
}

/** Name of a file, a folder, or a path with wildcards, which begins with the folder before the first of them. */
export function nameOfPath(path: string): string {
  const glob = globHere(path);
  return glob === undefined ? basename(path) : `${basename(glob.folder)}/${glob.pattern}`;
}

/** The folder that contains a file or folder, or the folder before the first wildcard of a path. */
export function folderOfPath(path: string): string {
  return globHere(path)?.folder ?? dirname(path);
}

/**
 * Converts a pattern to a regular expression for paths with `/` between folders: `*` and `?` match within a name, `**`
 * any number of folders, `[abc]` and `[!abc]` one character, and `{a,b}` either text.
 */
export function globExpression(pattern: string): RegExp {
  const alternatives = withoutBraces(pattern).map((each) => {
    const names = each.split('/');
    return names
      .map((name, index) => {
        const isLast = index === names.length - 1;
        if (name === '**') return isLast ? '.*' : '(?:[^/]+/)*';
        return `${nameExpression(name)}${isLast ? '' : '/'}`;
      })
      .join('');
  });
  return new RegExp(`^(?:${alternatives.join('|')})$`, 'u');
}

/** Expands alternatives in braces: `*.{md,txt}` becomes `*.md` and `*.txt`. */
function withoutBraces(pattern: string): string[] {
  const [braces, inside] = /\{([^{}]*,[^{}]*)\}/.exec(pattern) ?? [];
  if (braces === undefined || inside === undefined) return [pattern];
  return inside.split(',').flatMap((each) => withoutBraces(pattern.replace(braces, () => each)));
}

function nameExpression(name: string): string {
  return name.replaceAll(/\*+|\?|\[!?[^\]]+\]|[^]/gu, (token) => {
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length < 3) return token.replace(/[\\^$.|+()[\]{}/]/, '\\$&');
    const negated = token.startsWith('[!');
    const inside = token.slice(negated ? 2 : 1, -1).replaceAll(/[\\\]^[]/g, '\\$&');
    return negated ? `[^/${inside}]` : `[${inside}]`;
  });
}
