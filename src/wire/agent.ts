import type { Socket } from 'node:net';
import { Agent, type buildConnector, type Dispatcher } from 'undici';
import { boundBytes } from './bound-bytes.ts';
import { dial } from './dial.ts';
import type { Begin } from './passage.ts';
import type { Phase } from './phase.ts';
import { secureTrusted } from './secure.ts';
import type { Session } from './session.ts';

export interface WatchedAgentOptions {
  /** PEM. */
  readonly ca?: string | undefined;
  readonly begin: Begin;
  /** The phase that begins when a connection stands. */
  readonly nextPhase: Phase;
  /** More is not read of a connection. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

/** A dispatcher for one run over one connection that tells what happens below HTTP. */
export interface WatchedAgent extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  session(): Session | undefined;
  /** What went wrong first, whatever a client above makes of it. */
  failure(): Error | undefined;
  /** The status of the last answer. */
  status(): number | undefined;
}

export function watchedAgent({ ca, begin, nextPhase, mostBytes, signal }: WatchedAgentOptions): WatchedAgent {
  let session: Session | undefined;
  let failure: Error | undefined;
  let status: number | undefined;
  const bounds = new DisposableStack();
  const connect = async (host: string, port: number, isSecure: boolean): Promise<Socket> => {
    const { socket } = await dial({ host, port }, begin, signal);
    bounds.use(boundBytes(socket, mostBytes));
    bounds.defer(() => socket.destroy());
    socket.on('error', (error) => (failure ??= error));
    if (!isSecure) return socket;
    const secured = await secureTrusted(socket, { serverName: host, ca, alpn: ['http/1.1'] }, begin, signal);
    session = secured.session;
    return secured.socket;
  };
  const connectFor = async ({ hostname, port, protocol }: buildConnector.Options, callback: buildConnector.Callback): Promise<void> => {
    const isSecure = protocol === 'https:';
    // An IPv6 address stands in brackets in a URL.
    const host = hostname.replace(/^\[|\]$/g, '');
    const made = await connect(host, Number(port === '' ? (isSecure ? 443 : 80) : port), isSecure).catch(
      (error: unknown) => error as Error,
    );
    if (made instanceof Error) {
      failure ??= made;
      callback(made, null);
      return;
    }
    begin(nextPhase);
    callback(null, made);
  };
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    // The time of the check is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
    webSocket: { maxPayloadSize: mostBytes },
    connect: (target, callback) => void connectFor(target, callback),
  });
  const dispatcher = agent.compose((dispatch) => (options, handler) => {
    const watching: Dispatcher.DispatchHandler = {
      onRequestStart: (...given) => handler.onRequestStart?.(...given),
      onRequestUpgrade: (...given) => {
        [, status] = given;
        handler.onRequestUpgrade?.(...given);
      },
      onResponseStart: (...given) => {
        [, status] = given;
        handler.onResponseStart?.(...given);
      },
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (controller, error) => {
        failure ??= error;
        handler.onResponseError?.(controller, error);
      },
    };
    return dispatch(options, watching);
  });
  return {
    dispatcher,
    session: () => session,
    failure: () => failure,
    status: () => status,
    [Symbol.asyncDispose]: async () => {
      bounds.dispose();
      await agent.destroy();
    },
  };
}
