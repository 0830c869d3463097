import { samples } from '../../protocol/samples.ts';

/** What a link opens. */
export type Link =
  | {
      /** Path of a configuration in a folder of the workspace, with `/` between folders. */
      readonly config: string;
    }
  | {
      /** Name of a sample of the extension. */
      readonly sample: string;
    };

/** Path of the links that open a configuration. */
const OPEN = '/open';
/** Most characters of a query. */
const LONGEST = 500;
const CONFIGURATION = '.sequence-lab.json';
/** Characters that no name in a link has: those that separate or mean something in a path, and that are not seen. */
const REFUSED = /[\p{C}\p{Zl}\p{Zp}\\:*?"<>|]/u;

/**
 * Reads a link `vscode://sequence-lab.sequence-lab/open?config=PATH` or `...?sample=NAME`, which anybody may have written.
 * @param path of the link
 * @param query of the link, without "?", decoded as `vscode.Uri` has it
 * @returns undefined for any other link
 */
export function parseLink(path: string, query: string): Link | undefined {
  if (path !== OPEN || query.length > LONGEST) return undefined;
  const [, name = '', value = ''] = /^(\w+)=([^&]*)$/u.exec(query) ?? [];
  if (name === 'sample' && Object.hasOwn(samples, value)) return { sample: value };
  return name === 'config' && isInside(value) ? { config: value } : undefined;
}

/** Whether a path names a configuration in a folder, without leading out of it. */
function isInside(path: string): boolean {
  if (!path.endsWith(CONFIGURATION) || REFUSED.test(path)) return false;
  return path.split('/').every((name) => name !== '' && !/^\.+$/.test(name));
}
