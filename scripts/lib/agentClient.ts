/** A client of the server of `sequence-lab mcp`, with the official SDK. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as z from 'zod';
import type { Answer, Call } from './experimenter.ts';

interface ServerOptions {
  /** Program of the command line. */
  readonly cli: string;
  /** Folder of the command line; undefined: the current one. */
  readonly workspace: string | undefined;
  /** The current folder of the server. */
  readonly cwd?: string;
  readonly home: string;
  /** Further options of `sequence-lab mcp`. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Answers a question to the user; undefined: the client cannot ask its user. */
  readonly confirm?: ((message: string) => boolean) | undefined;
  /** How the version of the protocol is chosen: that of 2025, or the latest one that both ends know. */
  readonly negotiate?: 'legacy' | 'auto';
  /** Whether the client shows pages of the server. */
  readonly showsPages?: boolean;
  /** Addresses of the folders that the client has open; undefined: it names none. */
  readonly roots?: () => readonly string[];
}

/** Time limit of a request, which is for a server that hangs. */
export const PATIENT = { timeout: 240_000 } as const;

export interface AgentClient {
  readonly client: Client;
  /** Process of the server. */
  readonly pid: number;
  readonly call: Call;
  close(): Promise<void>;
}

const textContent = z.array(z.looseObject({ text: z.string().default('') }));

/** Starts a server and connects to it. */
export async function connectAgent(options: ServerOptions): Promise<AgentClient> {
  const {
    cli,
    workspace,
    home,
    flags = [],
    env = {},
    confirm,
    negotiate = 'legacy',
    showsPages = false,
    roots,
  } = options;
  const capabilities = {
    ...(confirm && { elicitation: { form: {} } }),
    ...(roots && { roots: { listChanged: true } }),
    ...(showsPages && { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } }),
  };
  const client = new Client(
    { name: 'experimenter', version: '1.0.0' },
    { capabilities, versionNegotiation: { mode: negotiate } },
  );
  if (confirm !== undefined)
    client.setRequestHandler('elicitation/create', ({ params }) =>
      confirm(params.message) ? { action: 'accept', content: { confirm: true } } : { action: 'decline' },
    );
  if (roots) client.setRequestHandler('roots/list', () => ({ roots: roots().map((uri) => ({ uri })) }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, 'mcp', ...(workspace === undefined ? [] : ['--workspace', workspace]), ...flags],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...definedEnvironment(), SEQUENCE_LAB_HOME: home, ...env },
    stderr: 'inherit',
  });
  await client.connect(transport, PATIENT);
  return {
    client,
    pid: transport.pid ?? 0,
    call: async (name, args) => answerOf(await client.callTool({ name, arguments: { ...args } }, PATIENT)),
    close: async () => client.close(),
  };
}

function answerOf({ content, structuredContent, isError }: Awaited<ReturnType<Client['callTool']>>): Answer {
  const text = textContent.parse(content).map((part) => part.text);
  return {
    isError: isError === true,
    text: text.join('\n'),
    content: z.record(z.string(), z.unknown()).catch({}).parse(structuredContent),
  };
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
