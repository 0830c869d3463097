import { fileURLToPath } from 'node:url';
import {
  type InputRequest,
  inputRequired,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { commonFolders } from '../../agents/paths.ts';
import type { Declared } from './capabilities.ts';

/** Name of the request for the roots of the client. */
const ROOTS = 'roots';

const listed = z.object({ roots: z.array(z.object({ uri: z.string() })) });

/** The folders of the workspace, or what the client has to answer first. */
type Bounds = { readonly folders: readonly string[] } | { readonly ask: InputRequiredResult };

/** The folders that a client has open, as bounds of the workspace. */
export class ClientRoots {
  readonly #server: McpServer;
  readonly #folders: readonly string[];
  readonly #isGiven: boolean;
  #known: Promise<readonly string[]> | undefined;

  /**
   * @param folders of the command line
   * @param isGiven whether the user has named them: then roots only narrow them
   */
  constructor(server: McpServer, folders: readonly string[], isGiven: boolean) {
    this.#server = server;
    this.#folders = folders;
    this.#isGiven = isGiven;
    server.server.setNotificationHandler('notifications/roots/list_changed', () => {
      this.#known = undefined;
    });
  }

  /** The folders of the workspace during a call; or what the client has to answer first, before it calls again. */
  async folders(request: ServerContext, declared: Declared): Promise<Bounds> {
    if (declared.roots === undefined) return { folders: this.#folders };
    if (request.mcpReq.envelope === undefined) return this.#bounded(await this.#asked());
    const answered = listed.safeParse(request.mcpReq.inputResponses?.[ROOTS]);
    if (answered.success) return this.#bounded(pathsOf(answered.data));
    return { ask: inputRequired({ inputRequests: this.requests(request, declared) }) };
  }

  /** What a client has to answer again with its next call of a tool. */
  requests(request: ServerContext, { roots }: Declared): Record<string, InputRequest> {
    const isStateless = request.mcpReq.envelope !== undefined;
    return roots !== undefined && isStateless ? { [ROOTS]: inputRequired.listRoots() } : {};
  }

  /** The roots of a client that keeps a connection, until it says that they have changed. */
  async #asked(): Promise<readonly string[]> {
    this.#known ??= this.#server.server.listRoots().then(pathsOf);
    const known = this.#known;
    return known.catch((error: unknown) => {
      if (this.#known === known) this.#known = undefined;
      throw error;
    });
  }

  async #bounded(roots: readonly string[]): Promise<Bounds> {
    if (!this.#isGiven) return { folders: roots };
    // A client without a folder on this machine says nothing about those that the user has named.
    return { folders: roots.length === 0 ? this.#folders : await commonFolders(this.#folders, roots) };
  }
}

/** Paths of the roots that are on this machine. */
function pathsOf({ roots }: z.output<typeof listed>): string[] {
  return roots.flatMap(({ uri }) => pathOf(uri) ?? []);
}

/** Path of a folder on this machine; undefined for other addresses, such as that of a file on another machine. */
function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
