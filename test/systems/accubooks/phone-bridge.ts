import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { readNotification, type Alert } from './phone-bridge/notification.ts';
import { askForADigit, goodbye } from './phone-bridge/twiml.ts';
import { createTwilio } from './phone-bridge/twilio.ts';

export interface PhoneBridgeOptions {
  readonly twilioUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly to: string;
  readonly port?: number;
}

/** A call that somebody was made to answer, as it is known here. */
export interface BridgeCall {
  readonly sid: string;
  readonly nonce: string;
  /** What Twilio was told to say, once it has asked. */
  readonly said?: string;
  readonly digits?: string;
  readonly pressedAt?: string;
}

export interface PhoneBridge extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where Alertmanager sends its webhook. */
  readonly alertsUrl: string;
  /** Where Twilio asks what to say: takes `nonce`, and `subject` and `text` of what no alert tells. */
  readonly answerUrl: string;
  /** Lists the calls with `?nonce=`. */
  readonly callsUrl: string;
  calls(): readonly BridgeCall[];
  stop(): Promise<void>;
}

const testLabel = 'liveproof_nonce';
const forgetAfterMs = 24 * 3_600_000;

/**
 * Calls the on-call phone when an alert fires, once for each time that it starts, and writes an SMS when it fires and when it is over.
 * When Twilio does not take one of them, Alertmanager is told to try again, and only what is missing is sent then.
 */
export async function startPhoneBridge(options: PhoneBridgeOptions): Promise<PhoneBridge> {
  const twilio = createTwilio(options);
  const calls = new Map<string, BridgeCall>();
  const sent = new Map<string, { readonly at: number; readonly done: Promise<unknown> }>();
  const spoken = new Map<string, string>();
  let url = '';

  /** Whatever was sent, or is being sent, is not sent again; what failed is. */
  const once = async (key: string, send: () => Promise<unknown>): Promise<void> => {
    for (const [old, { at }] of sent) if (at < Date.now() - forgetAfterMs) sent.delete(old);
    const known = sent.get(key) ?? { at: Date.now(), done: send() };
    sent.set(key, known);
    await known.done.catch((error: unknown) => {
      sent.delete(key);
      throw error;
    });
  };
  const tell = async (alert: Alert): Promise<void> => {
    const nonce = alert.labels[testLabel] ?? alert.fingerprint;
    const key = `${alert.fingerprint} ${alert.startsAt}`;
    const words = wordsOf(alert);
    const call = async (): Promise<void> => {
      spoken.set(nonce, words);
      const { sid } = await twilio.call(`${url}/twiml?nonce=${encodeURIComponent(nonce)}`);
      note(sid, { nonce });
    };
    const message = async (): Promise<unknown> => await twilio.message(words);
    const work = alert.status === 'firing' ? [once(`call ${key}`, call), once(`sms ${key}`, message)] : [once(`over ${key}`, message)];
    const failed = (await Promise.allSettled(work)).find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
  const note = (sid: string, told: Partial<BridgeCall> & { readonly nonce: string }): void => {
    calls.set(sid, { ...calls.get(sid), sid, ...told });
  };

  const app = new Hono();
  app.post('/alerts', async (context) => {
    const alerts = readNotification(await context.req.text());
    if (alerts === undefined) return context.text('not a notification of Alertmanager\n', 400);
    const results = await Promise.allSettled(alerts.map(tell));
    const failed = results.find((each) => each.status === 'rejected');
    // Anything but 2xx makes Alertmanager try again.
    if (failed !== undefined) return context.text(`${String(failed.reason)}\n`, 503);
    return context.text('ok\n');
  });
  app.on(['GET', 'POST'], '/twiml', async (context) => {
    const { nonce = '', subject = '', text = '' } = context.req.query();
    const words = spoken.get(nonce) ?? [subject, text].filter((part) => part !== '').join(' | ');
    const asked = await parametersOf(context.req);
    if (nonce === '' || words === '') return context.text('nothing is known of that alert\n', 404);
    if (asked['CallSid'] !== undefined) note(asked['CallSid'], { nonce, said: words });
    return context.body(askForADigit(words, `/pressed?nonce=${encodeURIComponent(nonce)}`), 200, { 'content-type': 'text/xml' });
  });
  app.on(['GET', 'POST'], '/pressed', async (context) => {
    const { CallSid: sid, Digits: digits } = await parametersOf(context.req);
    const call = calls.get(sid ?? '');
    if (call === undefined || digits === undefined) return context.text('no such call\n', 404);
    note(call.sid, { nonce: call.nonce, digits, pressedAt: new Date().toISOString() });
    return context.body(goodbye, 200, { 'content-type': 'text/xml' });
  });
  app.get('/calls', (context) => {
    const nonce = context.req.query('nonce');
    return context.json({ calls: [...calls.values()].filter((call) => nonce === undefined || call.nonce === nonce) });
  });

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const port = await listen(server, options.port ?? 0);
  url = `http://127.0.0.1:${String(port)}`;
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    port,
    alertsUrl: `${url}/alerts`,
    answerUrl: `${url}/twiml`,
    callsUrl: `${url}/calls`,
    calls: () => [...calls.values()],
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** An SMS holds 1600 characters, and nobody listens to more. */
const longestWords = 1_500;

/** `FIRING HighErrorRate: summary | severity=critical, …`: every label, so that nobody asks which instance it was. */
function wordsOf({ status, labels, annotations }: Alert): string {
  const { alertname = 'alert', ...others } = labels;
  const nonce = others[testLabel];
  const rest = Object.entries(others).filter(([name]) => name !== testLabel);
  // First what the test is recognised by: it must not be cut off.
  const listed = [...(nonce === undefined ? [] : [[testLabel, nonce]]), ...rest].map(([name, value]) => `${String(name)}=${String(value)}`);
  const state = status === 'firing' ? 'FIRING' : 'RESOLVED';
  const summary = annotations['summary'] ?? annotations['description'] ?? 'no summary';
  return `${state} ${alertname}: ${summary} | ${listed.join(', ')}`.slice(0, longestWords);
}

async function parametersOf(request: {
  readonly method: string;
  query(): Record<string, string>;
  parseBody(): Promise<Record<string, unknown>>;
}): Promise<Readonly<Record<string, string | undefined>>> {
  const body = request.method === 'POST' ? await request.parseBody() : {};
  return { ...request.query(), ...(body as Record<string, string>) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
