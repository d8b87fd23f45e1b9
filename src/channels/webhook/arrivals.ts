import { z } from 'zod';
import { parseJson } from '../../base/parse-json.ts';
import type { Arrival } from '../../alert/channel.ts';
import type { Post } from './sink.ts';
import { shortened } from '../../base/shortened.ts';

const longestExcerpt = 1_500;
const labels = z.record(z.string(), z.string()).default({});

/** What is read of Alertmanager's webhook (version 4); further keys are of no interest. */
const notification = z.object({
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels,
      annotations: labels,
      fingerprint: z.string().optional(),
      startsAt: z.string().optional(),
    }),
  ),
});

/** Our own test message. */
const test = z.object({ subject: z.string(), text: z.string() });

/** What a post brought that carries the nonce: of Alertmanager's, one arrival for each alert. */
export function arrivalsIn(post: Post, nonce: string, listen: string): Arrival[] {
  if (!post.body.includes(nonce)) return [];
  const arrival = (excerpt: string): Arrival => ({
    at: post.at.toISOString(),
    place: `${listen}${post.path}`,
    seenByPeople: true,
    excerpt: shortened(excerpt.replace(/\s+/g, ' '), longestExcerpt),
  });
  const json = parseJson(post.body);
  const alerts = notification.safeParse(json).data?.alerts;
  if (alerts !== undefined) {
    return alerts
      .filter((alert) => JSON.stringify([alert.labels, alert.annotations]).includes(nonce))
      .map(({ status, fingerprint, labels: own, annotations }) => ({
        ...arrival(`${own['alertname'] ?? 'alert'} ${status} | ${Object.values(annotations).join(' | ')} | ${JSON.stringify(own)}`),
        ...(fingerprint === undefined ? {} : { fingerprint }),
        status,
      }));
  }
  const message = test.safeParse(json).data;
  return [arrival(message === undefined ? post.body : `${message.subject} | ${message.text}`)];
}
