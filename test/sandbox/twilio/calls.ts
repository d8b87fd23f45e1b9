import type { Context, Hono } from 'hono';
import { holdCall, type CallEvent } from './hold-call.ts';
import { newSid, page, refuse, written, type Listed } from './rest.ts';
import { numberForm, strangersNumber, type World } from './world.ts';

export interface StoredCall extends Listed {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly at: Date;
  readonly phoneNumberSid: string;
  /** As it was asked for: `Url` and its method, or `Twiml`. */
  readonly instructions: { readonly url: string; readonly method: string } | { readonly twiml: string };
  readonly detectsMachines: boolean;
  updated: Date;
  started: Date | undefined;
  ended: Date | undefined;
  durationS: number | undefined;
  status: string;
  answeredBy: string | null;
  readonly events: CallEvent[];
}

/** The Call resource. Source: https://www.twilio.com/docs/voice/api/call-resource */
export function serveCalls(app: Hono, world: World): { all(): readonly StoredCall[] } {
  const calls: StoredCall[] = [];
  const path = `/2010-04-01/Accounts/${world.accountSid}/Calls`;
  const phoneNumberSid = newSid('PN');

  app.post(`${path}.json`, async (context) => {
    const given = (await context.req.parseBody()) as Readonly<Record<string, string>>;
    const { To: to, From: from, Url: url, Twiml: twiml, Method: method = 'POST' } = given;
    if (to === undefined) return refuse(context, 21201);
    if (from === undefined) return refuse(context, 21213);
    if (!numberForm.test(to)) return refuse(context, 21211);
    if (from !== world.from) return refuse(context, 21210);
    if (twiml === undefined && !URL.canParse(url ?? '')) return refuse(context, 21205);
    const { kind } = world.behaviour();
    const place = (): StoredCall => {
      const now = new Date();
      const call: StoredCall = {
        sid: newSid('CA'),
        to: kind === 'misdeliver' ? strangersNumber : to,
        from,
        at: now,
        phoneNumberSid,
        instructions: twiml === undefined ? { url: kind === 'garble' ? withoutQuery(url ?? '') : (url ?? ''), method } : { twiml },
        detectsMachines: (given['MachineDetection'] ?? 'none').toLowerCase() !== 'none',
        updated: now,
        started: undefined,
        ended: undefined,
        durationS: undefined,
        status: 'queued',
        answeredBy: null,
        events: [],
      };
      calls.push(call);
      return call;
    };
    const call = place();
    const answer = context.json(shown(call, world), 201);
    holdCall(call, world);
    if (kind === 'twice') holdCall(place(), world);
    return answer;
  });
  app.get(`${path}.json`, (context) => page(context, 'calls', calls, (call) => shown(call, world)));
  app.get(`${path}/:file`, (context: Context) => {
    const found = calls.find(({ sid }) => `${sid}.json` === context.req.param('file'));
    return found === undefined ? refuse(context, 20404) : context.json(shown(found, world));
  });
  app.get(`${path}/:sid/Events.json`, (context: Context) => {
    const found = calls.find(({ sid }) => sid === context.req.param('sid'));
    if (found === undefined) return refuse(context, 20404);
    const isThere = found.ended !== undefined && Date.now() - found.ended.getTime() >= world.eventsAfterMs;
    const events = isThere ? found.events.toReversed() : [];
    return page(
      context,
      'events',
      events.map((event) => ({ ...event, to: found.to, from: found.from, at: found.at })),
      ({ request, response }) => ({ request, response }),
    );
  });
  return { all: () => calls };
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

function shown(call: StoredCall, { accountSid }: World): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}`;
  const parts = ['events', 'notifications', 'recordings', 'payments', 'siprec', 'streams', 'transcriptions', 'user_defined_messages'];
  return {
    account_sid: accountSid,
    annotation: null,
    answered_by: call.answeredBy,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: written(call.at),
    date_updated: written(call.updated),
    direction: 'outbound-api',
    duration: call.durationS === undefined ? null : String(call.durationS),
    end_time: written(call.ended),
    forwarded_from: null,
    from: call.from,
    from_formatted: call.from,
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: call.phoneNumberSid,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    sid: call.sid,
    start_time: written(call.started),
    status: call.status,
    subresource_uris: Object.fromEntries(parts.map((part) => [part, `${uri}/${pascal(part)}.json`])),
    to: call.to,
    to_formatted: call.to,
    trunk_sid: null,
    uri: `${uri}.json`,
  };
}

function pascal(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
