import { bridgeReceiver } from '../alert/bridge.ts';
import { defineChannel, type Acknowledgement, type Channel, type TestMessage } from '../alert/channel.ts';
import { shareLooks } from '../alert/shared-look.ts';
import { connectTwilio, sinceDay } from '../alert/twilio.ts';
import { arrivalOf, call, type Call } from './phone/calls.ts';
import { phoneOptions, type PhoneOptions } from './phone/options.ts';
import { recogniseByEvents, recogniseByMaker, type Recognised } from './phone/recognise.ts';

export default defineChannel({
  kind: 'phone',
  summary: 'Phone calls made with Twilio; delivered is a call that a person took.',
  options: phoneOptions,
  // Alertmanager calls nobody itself: a program does that it tells, and which stands where calls are answered or listed.
  reach: ({ to, answerUrl, callsUrl }) => ({
    wakes: 'holder',
    to,
    integrations: ['webhook'],
    addresses: [answerUrl, callsUrl].flatMap((url) => (url === undefined ? [] : new URL(url).origin)),
  }),
  receiver: (options) => bridgeReceiver(options),
  open: (name, options, { clock }): Promise<Channel> => {
    const twilio = connectTwilio(options, clock);
    const { to, callsUrl, answerUrl, lookEvery } = options;
    const recognise = callsUrl === undefined ? recogniseByEvents(twilio, clock) : recogniseByMaker(callsUrl);
    const query = { From: options.from, 'StartTime>': sinceDay(clock.now()) };
    const shared = shareLooks((signal) => twilio.list('Calls.json', 'calls', query, call, signal), lookEvery, clock);
    const own = new Map<string, Recognised & { readonly nonce: string }>();

    const carrying = async (nonce: string, signal: AbortSignal): Promise<readonly (Recognised & { readonly call: Call })[]> => {
      const calls = await shared.look(signal);
      const notSpeaking = calls.filter(({ sid }) => own.get(sid)?.said === undefined);
      const told = await recognise(nonce, notSpeaking, signal);
      const mine = [...own.values()].filter((each) => each.nonce === nonce);
      const found = [...new Map([...mine, ...told].map((each) => [each.sid, each])).values()];
      return Promise.all(
        found.map(async (each) => ({
          ...each,
          // One from another number is not on the list.
          call: calls.find(({ sid }) => sid === each.sid) ?? (await twilio.read(`Calls/${each.sid}.json`, call, signal)),
        })),
      );
    };

    return Promise.resolve({
      name,
      kind: 'phone',
      carries: 'token',
      readBackEveryMs: lookEvery,
      send: async (message, signal) => {
        const { acceptance, sid } = await twilio.create('Calls', fieldsOf(message, options), signal);
        // With an `answerUrl`, only who answers there knows what was said, and that Twilio ever asked.
        if (sid !== undefined) own.set(sid, { sid, nonce: message.nonce, said: answerUrl === undefined ? wordsOf(message) : undefined });
        return acceptance;
      },
      readBack: async (nonce, signal) => {
        const found = await carrying(nonce, signal);
        return found.flatMap((each) => arrivalOf(each.call, to, each.said) ?? []);
      },
      acknowledgements: async (nonce, signal): Promise<readonly Acknowledgement[]> => {
        const found = await carrying(nonce, signal);
        return found.flatMap(({ digits, pressedAt, call: { to: called } }) =>
          digits === undefined || digits === '' || pressedAt === undefined || called !== to
            ? []
            : [{ at: pressedAt, by: called, how: `pressed ${digits}` }],
        );
      },
      close: () => Promise.try(shared.close),
    });
  },
});

function wordsOf({ subject, text }: TestMessage): string {
  return `${subject} | ${text}`;
}

function fieldsOf(message: TestMessage, { from, to, answerUrl }: PhoneOptions): Readonly<Record<string, string>> {
  // Without machine detection, a mailbox that answers could not be told from a person.
  const common = { From: from, To: to, MachineDetection: 'Enable' };
  if (answerUrl === undefined) return { ...common, Twiml: `<Response><Say>${escaped(wordsOf(message))}</Say></Response>` };
  const url = new URL(answerUrl);
  for (const key of ['nonce', 'subject', 'text'] as const) url.searchParams.set(key, message[key]);
  return { ...common, Url: url.href };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
