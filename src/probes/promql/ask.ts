import type { Agent } from 'undici';
import { z } from 'zod';
import { decoded } from '../../base/decoded.ts';
import { parseJson } from '../../base/parse-json.ts';
import { shortened } from '../../base/shortened.ts';
import { askHttp } from '../../check/ask-http.ts';
import type { ProbeContext } from '../../check/probe.ts';
import type { PromqlTrouble } from './observation.ts';
import type { PromqlOptions } from './options.ts';

const mostBytes = 16 * 1024 * 1024;
const longestWords = 500;

const sample = z.tuple([z.number(), z.string()]);
const answer = z.object({
  status: z.string(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  data: z
    .union([
      z.object({ resultType: z.literal('scalar'), result: sample }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sample.optional() })),
      }),
      z.object({ resultType: z.string(), result: z.unknown() }),
    ])
    .optional(),
});

export interface Series {
  readonly labels: string;
  readonly atSeconds: number;
  readonly value: string;
}

export interface Asked {
  readonly type: 'scalar' | 'vector';
  readonly series: readonly Series[];
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** Evaluates an expression at the server's own now. */
export async function askPrometheus(
  query: string,
  { url, token, requestTimeout }: Pick<PromqlOptions, 'url' | 'token' | 'requestTimeout'>,
  dispatcher: Agent,
  { clock, signal }: ProbeContext,
): Promise<Asked | { readonly trouble: PromqlTrouble }> {
  const parsed = new URL(url);
  const login = parsed.username === '' ? undefined : `${decoded(parsed.username)}:${decoded(parsed.password)}`;
  const basic = login === undefined ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(token === undefined ? basic : { authorization: `Bearer ${token}` }),
  };
  parsed.username = '';
  parsed.password = '';
  // POST: an expression may be longer than an address.
  const question = {
    method: 'POST',
    url: `${parsed.href.replace(/\/$/, '')}/api/v1/query`,
    headers,
    body: new URLSearchParams({ query }).toString(),
  };
  const said = await askHttp(question, { dispatcher, clock, signal, withinMs: requestTimeout, mostBytes });
  if ('trouble' in said) return said;
  const noResult = (says: string) => ({ trouble: { kind: 'no-result' as const, says: shortened(says, longestWords) } });
  if (said.truncated) return noResult(`the answer is larger than ${String(mostBytes / 1024 / 1024)} MiB`);
  const read = answer.safeParse(parseJson(said.text));
  if (read.data?.error !== undefined) return noResult(`status ${String(said.status)}: ${read.data.error}`);
  if (said.status !== 200) return noResult(`status ${String(said.status)}`);
  if (!read.success || read.data.data === undefined) return noResult('the answer is not that of a Prometheus');
  const { data, warnings = [] } = read.data;
  const { durationMs } = said;
  if (data.resultType === 'scalar') {
    const [atSeconds, value] = data.result as z.infer<typeof sample>;
    return { type: 'scalar', series: [{ labels: '', atSeconds, value }], warnings, durationMs };
  }
  if (data.resultType !== 'vector') return noResult(`the result is a ${data.resultType}, and only a scalar or a vector can be compared`);
  const series = (data.result as { metric: Record<string, string>; value?: z.infer<typeof sample> }[]).flatMap(({ metric, value: pair }) =>
    pair === undefined ? [] : [{ labels: labelsOf(metric), atSeconds: pair[0], value: pair[1] }],
  );
  return { type: 'vector', series, warnings, durationMs };
}

function labelsOf({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return shortened(`${name}{${pairs.join(',')}}`, longestWords);
}
