import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import { dataFields, dataPathsOf, withDataFrom, withDataPaths } from '../config/dataPaths.ts';
import { parseJson } from '../config/parse.ts';
import type { RunConfig } from '../config/schema.ts';
import { readablePath } from './localCopy.ts';
import { uriName } from './uriName.ts';
import { pathOf } from './uris.ts';

/** The folder at which the paths in a document begin: its own, or that of the window for a document that is in no file. */
export function folderOf(uri: vscode.Uri): vscode.Uri | undefined {
  return uri.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(uri, '..');
}

/** A configuration whose data a trainer can read: paths begin at the folder, and data elsewhere are copied. */
export async function withReadableData(folder: vscode.Uri | undefined, config: RunConfig): Promise<RunConfig> {
  const place = folder && pathOf(folder);
  if (!folder || place !== undefined) return withDataFrom(place ?? '', config);
  const copies = await Promise.all(
    dataPathsOf(config).map(async ({ path }) => [path, await readableAt(folder, path)] as const),
  );
  const copyOf = new Map(copies);
  return withDataPaths(config, (path) => copyOf.get(path) ?? path);
}

/**
 * The text of a sweep file of a file system that only VS Code can read, with the paths of copies of its data.
 * @throws ConfigError for a text that is not JSON
 */
export async function withReadableBase(uri: vscode.Uri, text: string): Promise<string> {
  const folder = folderOf(uri);
  const content = parseJson(text, uriName(uri));
  const base: unknown = isObject(content) ? content['base'] : undefined;
  if (!folder || !isObject(base)) return text;
  for (const field of dataFields) {
    const [group = '', name = ''] = field.split('.');
    const fields = base[group];
    const path = isObject(fields) ? fields[name] : undefined;
    if (isObject(fields) && typeof path === 'string' && path !== '') fields[name] = await readableAt(folder, path);
  }
  return JSON.stringify(content, null, 2);
}

/** An absolute path is one of the storage in which trainers read. */
async function readableAt(folder: vscode.Uri, path: string): Promise<string> {
  return isAbsolute(path) ? path : readablePath(vscode.Uri.joinPath(folder, path));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
