import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const names = z
  .array(z.string())
  .nullish()
  .transform((found) => found ?? []);

export const status = z
  .object({
    versionInfo: z.object({ version: z.string() }),
    cluster: z.object({ status: z.string(), peers: z.array(z.object({ name: z.string() })).nullish() }),
    config: z.object({ original: z.string() }),
  })
  .transform(({ versionInfo, cluster, config }) => ({
    version: versionInfo.version,
    clusterStatus: cluster.status,
    peers: (cluster.peers ?? []).map(({ name }) => name),
    config: config.original,
  }));

export const alerts = z.array(
  z
    .object({
      fingerprint: z.string(),
      labels,
      startsAt: z.string(),
      updatedAt: z.string(),
      receivers: z.array(z.object({ name: z.string() })),
      status: z.object({ state: z.string(), silencedBy: names, inhibitedBy: names, mutedBy: names }),
    })
    .transform(({ receivers, status: { state, silencedBy, inhibitedBy, mutedBy }, ...alert }) => ({
      ...alert,
      receivers: receivers.map(({ name }) => name),
      state,
      silencedBy,
      inhibitedBy,
      mutedBy,
    })),
);

const anySilence = z.object({
  id: z.string(),
  createdBy: z.string(),
  comment: z.string(),
  endsAt: z.string(),
  status: z.object({ state: z.string() }),
});
export const silence = anySilence.transform(({ status: { state }, ...found }) => ({ ...found, state }));

/** `isEqual` is left out by servers that know no negative matchers. */
const matcher = z
  .object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) })
  .transform(({ name, value, isRegex, isEqual }) => {
    const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
    return { label: name, operator, value } as const;
  });
export const silences = z.array(
  anySilence.extend({ matchers: z.array(matcher) }).transform(({ status: { state }, ...found }) => ({ ...found, state })),
);

export const madeSilence = z.object({ silenceID: z.string() });

export const listedSilences = z.array(silence);
