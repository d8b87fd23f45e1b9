import { defineChannel, type Channel } from '../alert/channel.ts';
import { arrivalsIn } from './webhook/arrivals.ts';
import { webhookOptions } from './webhook/options.ts';
import { postMessage } from './webhook/post.ts';
import { openSink } from './webhook/sink.ts';

export default defineChannel({
  kind: 'webhook',
  summary: "HTTP posts, read back from liveproof's own sink.",
  options: webhookOptions,
  reach: ({ url }) => ({ wakes: 'nobody', to: new URL(url).host, integrations: ['webhook'], addresses: [url] }),
  receiver: ({ url }) => ({ list: 'webhook_configs', entry: { url, send_resolved: true } }),
  open: async (name, { url, listen }, { clock }): Promise<Channel> => {
    const sink = await openSink(listen, clock);
    return {
      name,
      kind: 'webhook',
      send: (message, signal) => postMessage(url, message, clock, signal),
      readBack: (nonce, signal) =>
        Promise.try(() => {
          signal.throwIfAborted();
          return sink.posts().flatMap((post) => arrivalsIn(post, nonce, listen));
        }),
      readBackEveryMs: 100,
      close: () => sink.close(),
    };
  },
});
