import { bridgeReceiver } from '../alert/bridge.ts';
import { defineChannel, type Acknowledgement, type Channel } from '../alert/channel.ts';
import { shareLooks } from '../alert/shared-look.ts';
import { connectTwilio, sinceDay } from '../alert/twilio.ts';
import { arrivalOf, isReply, message, smsOptions, type Message } from './sms/messages.ts';
import { shortened } from '../base/shortened.ts';

export default defineChannel({
  kind: 'sms',
  summary: "SMS sent with Twilio; delivered is what the phone's network confirms.",
  options: smsOptions,
  reach: ({ to }) => ({ wakes: 'holder', to, integrations: ['webhook', 'sns'], addresses: [] }),
  receiver: (options) => bridgeReceiver(options),
  open: (name, options, { clock }): Promise<Channel> => {
    const twilio = connectTwilio(options, clock);
    const { from, to, lookEvery } = options;
    const since = sinceDay(clock.now());
    const listed = (numbers: Readonly<Record<string, string>>) =>
      shareLooks(
        (signal) => twilio.list('Messages.json', 'messages', { ...numbers, 'DateSent>': since }, message, signal),
        lookEvery,
        clock,
      );
    const sent = listed({ From: from });
    const answered = listed({ From: to, To: from });
    const carrying = async (nonce: string, signal: AbortSignal): Promise<readonly Message[]> =>
      (await sent.look(signal)).filter(({ body }) => body.includes(nonce));
    return Promise.resolve({
      name,
      kind: 'sms',
      carries: 'subject',
      readBackEveryMs: lookEvery,
      send: async ({ subject, nonce }, signal) => {
        // Every segment costs, and long messages come in pieces: the subject has to do.
        const body = subject.includes(nonce) ? subject : `${subject} ${nonce}`;
        return (await twilio.create('Messages', { From: from, To: to, Body: body }, signal)).acceptance;
      },
      readBack: async (nonce, signal) => (await carrying(nonce, signal)).flatMap((each) => arrivalOf(each, to) ?? []),
      acknowledgements: async (nonce, signal): Promise<readonly Acknowledgement[]> => {
        const received = (await carrying(nonce, signal)).filter((each) => each.to === to);
        const [first] = received.map(({ date_created }) => date_created).toSorted();
        if (first === undefined) return [];
        const replies = (await answered.look(signal)).filter((each) => isReply(each, first));
        return replies.map(({ body, date_created }) => ({ at: date_created, by: to, how: `replied "${shortened(body, 80)}"` }));
      },
      close: () =>
        Promise.try(() => {
          sent.close();
          answered.close();
        }),
    });
  },
});
