import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import { judgeTurns } from '../../wire/turn.ts';
import type { WebsocketObservation } from './observation.ts';
import type { WebsocketOptions } from './options.ts';

export function judgeWebsocket({ talk, expect }: WebsocketOptions, observation: WebsocketObservation): Outcome {
  const { trouble, turns, protocol, closing } = observation;
  const said = closing === undefined ? undefined : inWords(closing);
  if (trouble?.kind === 'timed-out' && trouble.during === 'close' && expect.closedWith !== undefined)
    return { status: 'fail', reasons: [`it was not closed in time, expected code ${String(expect.closedWith)}`] };
  if (trouble !== undefined) return judgeTrouble(trouble);
  if (protocol === undefined) return { status: 'error', reasons: ['no handshake was made'] };
  if (expect.protocol !== undefined && protocol !== expect.protocol)
    return { status: 'fail', reasons: [`the sub-protocol is ${JSON.stringify(protocol)}, expected ${JSON.stringify(expect.protocol)}`] };
  const talked = judgeTurns(talk, turns, { unit: 'message', closing: said });
  if (talked.status !== 'pass' || expect.closedWith === undefined || closing?.code === expect.closedWith) return talked;
  return { status: 'fail', reasons: [`it was closed with ${said ?? 'no code'}, expected ${String(expect.closedWith)}`] };
}

function inWords({ code, reason }: NonNullable<WebsocketObservation['closing']>): string {
  return `${String(code)}${reason === '' ? '' : ` ${JSON.stringify(reason)}`}`;
}
