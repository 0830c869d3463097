import type { Uri } from 'vscode';

/** The name of a file or folder. */
export function uriName({ path }: Pick<Uri, 'path'>): string {
  const whole = path.replace(/\/+$/, '');
  return whole.slice(whole.lastIndexOf('/') + 1);
}
