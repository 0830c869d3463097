import * as vscode from 'vscode';
import type * as node from '../uris.ts';

/** Scheme of the files in the storage of the browser, among which is the run store. */
export const STORE_SCHEME = 'sequence-lab';

/** Files of other schemes are read through VS Code, also those of a local folder, whose scheme is `file`. */
export const pathOf: typeof node.pathOf = ({ scheme, path }) => (scheme === STORE_SCHEME ? path : undefined);

export const uriOf: typeof node.uriOf = (path) => vscode.Uri.from({ scheme: STORE_SCHEME, path });
