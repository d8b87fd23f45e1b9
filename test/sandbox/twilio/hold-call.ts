import { setTimeout as delay } from 'node:timers/promises';
import type { StoredCall } from './calls.ts';
import { signatureOf, written } from './rest.ts';
import { readTwiml, type Instructions } from './twiml.ts';
import type { World } from './world.ts';

/** What Twilio keeps of one request to the application. Source: https://www.twilio.com/docs/voice/api/call-event-resource */
export interface CallEvent {
  readonly request: { readonly method: string; readonly url: string; readonly parameters: Readonly<Record<string, string>> };
  readonly response: {
    readonly date_created: string | null;
    readonly request_duration: number;
    readonly response_code: number;
    readonly content_type: string;
    readonly response_body: string;
  };
}

/** After so long without an answer Twilio gives the application up. */
const applicationWithinMs = 15_000;

/** Makes a call go its way, in the background, until it is over or the stand-in is stopped. */
export function holdCall(call: StoredCall, world: World): void {
  hold(call, world).catch((error: unknown) => {
    if (!world.stopped.aborted) throw error;
  });
}

async function hold(call: StoredCall, world: World): Promise<void> {
  const pause = async (ms: number): Promise<void> => await delay(ms, undefined, { signal: world.stopped });
  const behaviour = world.behaviour();
  const person = world.person();
  if (behaviour.kind === 'drop') return;
  if (behaviour.kind === 'delay') await pause(behaviour.ms);
  await pause(world.hopMs);
  if (behaviour.kind === 'fail') return end(call, 'failed', 0);
  become(call, 'ringing');
  call.started = new Date();
  await pause(world.hopMs);
  if (person.answers === 'busy' || person.answers === 'no-answer') return end(call, person.answers, 0);
  become(call, 'in-progress');
  if (call.detectsMachines) call.answeredBy = person.answers === 'machine' ? 'machine_start' : 'human';
  const answeredMs = performance.now();
  const first = await firstInstructions(call, world);
  const { acknowledgesAfterMs, digit } = person;
  if (first?.instructions?.gather !== undefined && person.answers === 'human' && acknowledgesAfterMs !== 'never') {
    await pause(acknowledgesAfterMs);
    const { action, method } = first.instructions.gather;
    await ask(call, world, { url: new URL(action, first.url).href, method, more: { Digits: digit, msg: 'Gather End' } });
  } else await pause(world.hopMs);
  end(call, 'completed', Math.max(1, Math.round((performance.now() - answeredMs) / 1000)));
}

async function firstInstructions(
  call: StoredCall,
  world: World,
): Promise<{ readonly url: string; readonly instructions: Instructions | undefined } | undefined> {
  if ('twiml' in call.instructions) return undefined;
  const { url, method } = call.instructions;
  return { url, instructions: await ask(call, world, { url, method, more: {} }) };
}

/** Asks the application what to do, and writes the exchange down. */
async function ask(
  call: StoredCall,
  { accountSid, authToken, stopped }: World,
  { url, method, more }: { readonly url: string; readonly method: string; readonly more: Readonly<Record<string, string>> },
): Promise<Instructions | undefined> {
  const common = { CallSid: call.sid, AccountSid: accountSid, From: call.from, To: call.to, Called: call.to, Caller: call.from };
  const parameters = { ...common, CallStatus: 'in-progress', ApiVersion: '2010-04-01', Direction: 'outbound-api', ...more };
  const isGet = method.toUpperCase() === 'GET';
  const target = new URL(url);
  if (isGet) for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  const startedMs = performance.now();
  const { status, type, text } = await fetch(target, {
    method: isGet ? 'GET' : 'POST',
    headers: { 'x-twilio-signature': signatureOf(authToken, target.href, isGet ? {} : parameters), 'user-agent': 'TwilioProxy/1.1' },
    ...(isGet ? {} : { body: new URLSearchParams(parameters) }),
    signal: AbortSignal.any([stopped, AbortSignal.timeout(applicationWithinMs)]),
  }).then(
    async (answer) => ({ status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() }),
    // Error 11200: the application could not be asked.
    () => ({ status: 502, type: 'text/html', text: '' }),
  );
  call.events.push({
    request: {
      method: isGet ? 'GET' : 'POST',
      url,
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [snake(name), value])),
    },
    response: {
      date_created: written(new Date()),
      request_duration: Math.round(performance.now() - startedMs),
      response_code: status,
      content_type: type,
      response_body: text,
    },
  });
  return status === 200 ? readTwiml(text) : undefined;
}

function become(call: StoredCall, status: string): void {
  Object.assign(call, { status, updated: new Date() });
}

function end(call: StoredCall, status: string, durationS: number): void {
  become(call, status);
  call.ended = call.updated;
  call.durationS = durationS;
}

function snake(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}
