import { createBirpc } from 'birpc';
import * as z from 'zod';
import { textOf } from '../phrases/causes.ts';
import { PhrasedError, text } from '../phrases/phrase.ts';

/**
 * One typed, checked RPC for every boundary: host<->trainer and host<->webview. A contract names the
 * functions of one end with the schemas of their arguments and result. The receiver checks arguments, the caller
 * checks results, and an error rejects the call.
 */
interface Procedure {
  readonly args: z.ZodTuple;
  /** Schema of the result; a function without one is an event, which has no response. */
  readonly result?: z.ZodType;
}
export type Contract = Record<string, Procedure>;

type Args<P extends Procedure> = z.output<P['args']>;
type Result<P extends Procedure> = z.output<P['result'] extends z.ZodType ? P['result'] : z.ZodVoid>;

/** Functions that the serving end of a contract implements. */
export type Functions<C extends Contract> = {
  [K in keyof C]: (...args: Args<C[K]>) => Result<C[K]> | Promise<Result<C[K]>>;
};

/** Functions that the other end calls. Events resolve once they are posted. */
export type Remote<C extends Contract> = {
  readonly [K in keyof C]: (...args: Args<C[K]>) => Promise<Result<C[K]>>;
};

/**
 * The three methods of a message port, so that the same code runs in a Worker, a child process, a webview and a test.
 */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  close(): void;
}

export interface Connection<C extends Contract> {
  readonly remote: Remote<C>;
  /** Rejects every pending call with the reason and closes the port. */
  close(reason: Error): void;
}

export interface ConnectOptions<Local extends Contract, Other extends Contract> {
  readonly port: Port;
  readonly serves: Local;
  readonly functions: Functions<Local>;
  readonly calls: Other;
  /** Receives errors that have no caller: a failing event handler, a malformed message. */
  readonly onError: (error: Error) => void;
}

/** Connects one end of a boundary. */
export function connect<Local extends Contract, Other extends Contract>(
  options: ConnectOptions<Local, Other>,
): Connection<Other> {
  const { port, serves, functions, calls, onError } = options;

  const served = Object.fromEntries(
    Object.entries(serves).map(([name, procedure]) => [
      name,
      async (...args: unknown[]) => {
        const call = async () =>
          functions[name as keyof Local](...(checked(procedure.args, args, name) as Args<Local[keyof Local]>));
        if (procedure.result) return call();
        return call().catch((error: unknown) => onError(asError(error)));
      },
    ]),
  );

  /** A message of the protocol; undefined for any other, and for a call of an unknown function that expects no answer. */
  const receive = (message: unknown) => {
    try {
      const received = decodeMessage(message);
      if (received.t === 's' || received.i !== undefined || Object.hasOwn(served, received.m)) return received;
      onError(new TypeError(`The message "${received.m}" is not part of the protocol.`));
    } catch (error) {
      onError(asError(error));
    }
    return undefined;
  };

  const rpc = createBirpc<Record<string, (...args: unknown[]) => unknown>, typeof served, false>(served, {
    post: (message) => port.post(message),
    on: (listener) =>
      port.onMessage((message) => {
        const received = receive(message);
        if (received) listener(received);
      }),
    serialize: encodeMessage,
    // Only what a contract names is a function: not what every object inherits, such as "constructor".
    resolver: (name) => (Object.hasOwn(served, name) ? served[name] : undefined),
    timeout: -1,
    proxify: false,
    // An error without a function name belongs to a call and reaches its caller.
    onGeneralError: (error, functionName) => {
      if (functionName === undefined) return false;
      onError(error);
      return true;
    },
  });

  const remote = Object.fromEntries(
    Object.entries(calls).map(([name, { result }]) => [
      name,
      async (...args: unknown[]) =>
        result ? checked(result, await rpc.$call(name, ...args), name) : rpc.$callEvent(name, ...args),
    ]),
  );

  return {
    remote: remote as unknown as Remote<Other>,
    close(reason) {
      rpc.$close(reason);
      port.close();
    },
  };
}

function checked(schema: z.ZodType, value: unknown, name: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new TypeError(
    `Message "${name}" is malformed at ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'unknown'}`,
  );
}

/**
 * Errors keep their name, message and code across boundaries that know only plain objects. A message that is a phrase is
 * formatted in the language of the receiving process.
 */
const serializedError = z.object({ name: z.string(), message: text, code: z.string().optional() });

type SerializedError = z.output<typeof serializedError>;

function encodeMessage(message: { e?: unknown }): unknown {
  return message.e === undefined ? message : { ...message, e: encodeError(asError(message.e)) };
}

/** A call, which has an id if it expects an answer, or the answer: a result or an error. */
const envelope = z.discriminatedUnion('t', [
  z.object({ t: z.literal('q'), m: z.string(), a: z.array(z.unknown()), i: z.string().min(1).optional() }),
  z.object({ t: z.literal('s'), i: z.string(), r: z.unknown().optional(), e: z.unknown().optional() }),
]);

/** @throws TypeError for a message that is not part of the protocol */
function decodeMessage(message: unknown): z.output<typeof envelope> {
  const { success, data } = envelope.safeParse(message);
  if (!success) throw new TypeError(`A message of type ${typeof message} is not part of the protocol.`);
  return data.t === 'q' || data.e === undefined ? data : { ...data, e: decodeError(data.e) };
}

function encodeError(error: Error & { code?: unknown }): SerializedError {
  const plain = { name: error.name, message: textOf(error) };
  return typeof error.code === 'string' ? { ...plain, code: error.code } : plain;
}

function decodeError(error: unknown): Error {
  try {
    const { name, message, code } = serializedError.parse(error);
    return Object.assign(new PhrasedError(message), { name }, code === undefined ? {} : { code });
  } catch {
    // Of another form, or nested more deeply than the stack.
    return new TypeError('An error of another form is not part of the protocol.');
  }
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
