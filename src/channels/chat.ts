import { bridgeReceiver } from '../alert/bridge.ts';
import { defineChannel, type Arrival, type Channel } from '../alert/channel.ts';
import { connectProvider } from '../alert/provider.ts';
import { keepConfirmations } from './chat/confirmations.ts';
import { chatOptions } from './chat/options.ts';
import { serveConfirmations } from './chat/serve.ts';
import { fillTemplate } from './chat/template.ts';

export default defineChannel({
  kind: 'chat',
  summary: 'A chat webhook that cannot be read back: a person confirms what arrived.',
  options: chatOptions,
  reach: ({ url }) => ({
    wakes: 'nobody',
    to: new URL(url).host,
    integrations: ['webhook', 'msteams', 'msteamsv2', 'discord', 'mattermost', 'rocketchat', 'webex'],
    addresses: [url],
  }),
  receiver: (options) => bridgeReceiver(options),
  open: async (name, { url, body, confirm }, { clock }): Promise<Channel> => {
    const confirmations = keepConfirmations(clock);
    const page = await serveConfirmations(confirm.listen, confirmations);
    const provider = connectProvider('the chat webhook', clock);
    return {
      name,
      kind: 'chat',
      send: async (message, signal) => {
        const { nonce, subject, text } = message;
        confirmations.expect(nonce, message);
        const link = new URL(confirm.url);
        link.searchParams.set('token', nonce);
        const json = fillTemplate(body, { nonce, text: `${subject}\n${text}\nHave you seen this? Please say so: ${link.href}` });
        const answer = await provider.ask({ method: 'POST', url, json }, signal);
        const accepted = answer.status >= 200 && answer.status <= 299;
        return { accepted, answer: `HTTP ${String(answer.status)}`, at: clock.now().toISOString() };
      },
      readBack: (nonce, signal) =>
        Promise.try(() => {
          signal.throwIfAborted();
          // An alert's token is not sent by us: whoever waits for it makes it known.
          confirmations.expect(nonce);
          const message = confirmations.messageOf(nonce);
          const [first] = confirmations.of(nonce);
          if (first === undefined) return [];
          // What was sent stood on the page, to be compared with what arrived.
          const excerpt = message === undefined ? `the token ${nonce}, typed from the message` : `${message.subject} | ${message.text}`;
          return [{ at: first.at, place: `the chat, confirmed by ${first.by}`, seenByPeople: true, excerpt } satisfies Arrival];
        }),
      acknowledgements: (nonce, signal) =>
        Promise.try(() => {
          signal.throwIfAborted();
          confirmations.expect(nonce);
          return confirmations.of(nonce);
        }),
      // A person confirms a message once.
      mergesCopies: true,
      readBackEveryMs: 250,
      close: () => page.close(),
    };
  },
});
