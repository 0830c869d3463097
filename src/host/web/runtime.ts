import type * as node from '../runtime.ts';

export const inBrowser: typeof node.inBrowser = true;
