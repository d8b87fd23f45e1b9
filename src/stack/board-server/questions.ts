import type { z } from 'zod';
import { exchange, type HttpAnswer } from '../../base/exchange.ts';
import { Fault } from '../../base/fault.ts';
import type { Server } from '../http.ts';
import type { AskedAs } from './shown.ts';
import { shortened } from '../../base/shortened.ts';

/** The ways to ask a server of boards. */
export interface Questions {
  send(method: 'GET' | 'POST', path: string, as: AskedAs, signal: AbortSignal, json?: unknown): Promise<HttpAnswer>;
  /** What must be there; a Fault when it is not. */
  parsed<Schema extends z.ZodType>(schema: Schema, path: string, answer: HttpAnswer): z.output<Schema>;
  /** What may be missing, or be refused: undefined then. */
  optional<Schema extends z.ZodType>(schema: Schema, path: string, as: AskedAs, signal: AbortSignal): Promise<z.output<Schema> | undefined>;
  unexpected(path: string, says: string): Fault;
}

export function questionsTo(server: Server): Questions {
  const send = async (method: 'GET' | 'POST', path: string, as: AskedAs, signal: AbortSignal, json?: unknown): Promise<HttpAnswer> => {
    try {
      return await exchange({ method, url: `${server.url}${path}`, headers: credentials(as, server.token), json }, signal);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const hint = 'is it running? liveproof serves boards with: liveproof boards GATE_FILE';
      throw new Fault('stack/unreachable', `the board server at ${server.url} cannot be reached`, {
        hint,
        place: server.place,
        // Not the fault itself: it names the address, and that of a public link lets in whoever has it.
        cause: error.cause,
      });
    }
  };
  const unexpected = (path: string, says: string): Fault =>
    new Fault('stack/unexpected-answer', `the board server answered ${path} ${says}`, {
      hint: `is ${server.url} a Grafana, or liveproof's own?`,
      place: server.place,
    });
  const parsed = <Schema extends z.ZodType>(schema: Schema, path: string, { status, text }: HttpAnswer): z.output<Schema> => {
    if (status !== 200) throw unexpected(path, `with HTTP ${String(status)}${messageIn(text)}`);
    const result = schema.safeParse(jsonOf(text));
    if (!result.success) throw unexpected(path, 'without what we need');
    return result.data;
  };
  const optional = async <Schema extends z.ZodType>(schema: Schema, path: string, as: AskedAs, signal: AbortSignal) => {
    const answer = await send('GET', path, as, signal);
    const result = answer.status === 200 ? schema.safeParse(jsonOf(answer.text)) : undefined;
    return result?.success === true ? result.data : undefined;
  };
  return { send, parsed, optional, unexpected };
}

function credentials(as: AskedAs, token: string | undefined): Readonly<Record<string, string>> {
  if (as === 'nobody') return {};
  if (as === 'gate') return token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { authorization: `Basic ${Buffer.from(`${as.email}:${as.password}`).toString('base64')}` };
}

/** The server's own words, where it gives them. */
export function messageIn(text: string): string {
  const json = jsonOf(text);
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined;
  return typeof message === 'string' && message !== '' ? `: ${shortened(message, 200)}` : '';
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
