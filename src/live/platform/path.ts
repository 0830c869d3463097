/** The functions of `node:path` that a page needs for the names of its few files. */

export function join(...parts: readonly string[]): string {
  return parts.join('/');
}

export function dirname(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function extname(path: string): string {
  return /[^/.](\.[^./]*)$/.exec(basename(path))?.[1] ?? '';
}
