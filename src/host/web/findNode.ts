import type * as node from '../trainerClient/findNode.ts';

/** The trainer runs in a worker of the browser. */
export const otherNode: typeof node.otherNode = () => undefined;
