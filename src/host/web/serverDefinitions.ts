import type * as node from '../agents/serverDefinitions.ts';

/** A server is a process. The agents of the window have the tools without it. */
export const serverDefinitions: typeof node.serverDefinitions = () => [];
