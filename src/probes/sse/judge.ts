import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import { judgeTurns } from '../../wire/turn.ts';
import type { SseObservation } from './observation.ts';
import type { SseOptions } from './options.ts';

export function judgeSse({ events, trigger }: SseOptions, observation: SseObservation): Outcome {
  const { trouble, status, contentType = '', triggerStatus, turns } = observation;
  if (trouble !== undefined) return judgeTrouble(trouble);
  if (status === undefined) return { status: 'error', reasons: ['the stream was not asked for'] };
  if (status !== 200) return failed(`status ${String(status)}, expected 200`);
  if (!isEventStream(contentType)) return failed(`the content type is ${JSON.stringify(contentType)}, expected text/event-stream`);
  if (trigger !== undefined && (triggerStatus === undefined || !isOk(triggerStatus)))
    return failed(`${trigger.method} ${trigger.url}: status ${String(triggerStatus ?? 'unknown')}, expected 2xx`);
  return judgeTurns(events, turns, { unit: 'event' });
}

function failed(reason: string): Outcome {
  return { status: 'fail', reasons: [reason] };
}

export function isEventStream(contentType: string): boolean {
  return /^text\/event-stream(;|$)/i.test(contentType);
}

export function isOk(status: number): boolean {
  return status >= 200 && status <= 299;
}
