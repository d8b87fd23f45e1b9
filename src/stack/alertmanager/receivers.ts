import { parse } from 'yaml';
import { z } from 'zod';
import { Fault } from '../../base/fault.ts';

/** One way in which a receiver tells alerts, as the live configuration has it. */
export interface Integration {
  /** As the configuration names it, without `_configs`: `pagerduty`, `slack`, `webhook`. */
  readonly kind: string;
  /** An e-mail address or a URL; absent where the server hides it or there is none. */
  readonly to?: string | undefined;
}

const receiver = z.object({ name: z.string() }).catchall(z.unknown());
const withReceivers = z.object({ receivers: z.array(receiver).optional() });
const addressed = z.object({ to: z.string().optional(), url: z.string().optional() });

/** What the server writes in place of a secret. */
const hidden = /<secret>|%3Csecret%3E/i;

/** What each receiver does with an alert, from the configuration that `status().config` gives. One that we cannot read is a Fault. */
export function integrationsIn(config: string): ReadonlyMap<string, readonly Integration[]> {
  const parsed = withReceivers.safeParse(parseYaml(config));
  if (!parsed.success) throw new Fault('stack/unexpected-answer', "we cannot read the receivers in Alertmanager's configuration");
  return new Map((parsed.data.receivers ?? []).map(({ name, ...keys }) => [name, Object.entries(keys).flatMap(readKind)]));
}

function readKind([key, configs]: readonly [string, unknown]): readonly Integration[] {
  const kind = /^(.+)_configs$/.exec(key)?.[1];
  if (kind === undefined || !Array.isArray(configs)) return [];
  return configs.flatMap((each: unknown) => {
    const { to, url } = addressed.safeParse(each).data ?? {};
    const address = to ?? url;
    const addresses = to === undefined ? [address] : to.split(',').map((one) => one.trim());
    return addresses.map((one) => (one === undefined || hidden.test(one) ? { kind } : { kind, to: one }));
  });
}

function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
