/** Calls and events over two streams. */
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { DistributedError, isDistributedError } from '../../errors';
import type { PackedError } from './protocol';

/** What one end asks, by name of the call. */
type Calls = object;
type AsyncCalls<Asked> = {
  readonly [Name in keyof Asked]: Asked[Name] extends (request: infer Request) => infer Answer
    ? (request: Request) => Promise<Answer> | Answer
    : never;
};
type RequestOf<Call> = Call extends (request: infer Request) => unknown ? Request : never;
type AnswerOf<Call> = Call extends (request: never) => infer Answer ? Answer : never;

export interface Wire<Asked extends Calls, Sent, Received> {
  /** @throws DistributedError as the other end threw it; any other error where the connection ended. */
  readonly call: <Name extends keyof Asked & string>(
    name: Name,
    request: RequestOf<Asked[Name]>,
  ) => Promise<AnswerOf<Asked[Name]>>;
  /** Resolves when the stream has taken it: whoever waits does not fill the memory. */
  readonly send: <Name extends keyof Sent & string>(name: Name, event: Sent[Name]) => Promise<void>;
  readonly on: <Name extends keyof Received & string>(name: Name, take: (event: Received[Name]) => void) => void;
  readonly onClose: (closed: () => void) => void;
  readonly close: () => void;
  /** To be called once, when everybody listens. */
  readonly listen: () => void;
}

const FAILED = -32000;

function pack(error: unknown): ResponseError<PackedError | undefined> {
  const text = error instanceof Error ? error.message : String(error);
  if (!isDistributedError(error)) return new ResponseError(FAILED, text, undefined);
  const { code, fact, remedy } = error;
  return new ResponseError(FAILED, text, { code, message: fact, remedy });
}

function unpack(error: unknown): unknown {
  const data = error instanceof ResponseError ? (error.data as PackedError | undefined) : undefined;
  return data?.code === undefined ? error : new DistributedError(data);
}

/** @param answers for what the other end asks. */
export function openWire<Asked extends Calls, Sent, Received, Answered extends Calls>(
  readable: NodeJS.ReadableStream,
  writable: NodeJS.WritableStream,
  answers: AsyncCalls<Answered>,
): Wire<Asked, Sent, Received> {
  const reader = new StreamMessageReader(readable);
  // Half a message of a connection that was cut would keep a timer, and with it this process, for ever.
  reader.partialMessageTimeout = 0;
  const connection: MessageConnection = createMessageConnection(reader, new StreamMessageWriter(writable));
  let isClosed = false;
  const closed: (() => void)[] = [];
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    // Rejects what is open; whoever asked hears that the connection ended.
    connection.dispose();
    for (const tell of closed) tell();
  };
  for (const [name, answer] of Object.entries(answers) as [string, (request: unknown) => unknown][]) {
    connection.onRequest(name, async (request: unknown) => {
      try {
        return (await answer(request)) ?? {};
      } catch (error) {
        throw pack(error);
      }
    });
  }
  connection.onClose(close);
  connection.onError(close);
  // What is half sent when the other end goes is reported by the end of the connection.
  writable.on('error', close);
  return {
    call: async (name, request) => {
      try {
        return (await connection.sendRequest(name, request)) as never;
      } catch (error) {
        throw unpack(error);
      }
    },
    send: async (name, event) => {
      if (isClosed) return;
      await connection.sendNotification(name, event as object).catch(close);
    },
    on: (name, take) => {
      connection.onNotification(name, take as (event: unknown) => void);
    },
    onClose: (tell) => {
      if (isClosed) tell();
      else closed.push(tell);
    },
    close,
    listen: () => connection.listen(),
  };
}
