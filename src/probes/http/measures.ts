import type { HttpPhase, Measure } from '../../check/measure.ts';
import type { Answer, HttpObservation, Timing } from './observation.ts';
import type { HttpOptions } from './options.ts';

/** What the blackbox exporter tells of a probe: times of all requests of the steps, and the rest of the last answer. */
export function measuresOfHttp({ steps }: HttpOptions, observation: HttpObservation, atMs: number): readonly Measure[] {
  const timings = observation.steps.flatMap(({ answer, trouble }) => (answer ?? trouble)?.timing ?? []);
  const took = (phase: keyof Timing): number => timings.reduce((sum, timing) => sum + timing[phase], 0) / 1000;
  const last = observation.steps.length === steps.length ? observation.steps.at(-1)?.answer : undefined;
  return [
    { metric: 'probe_dns_lookup_time_seconds', value: took('dnsMs') },
    ...phases.map(([phase, key]): Measure => ({ metric: 'probe_http_duration_seconds', phase, value: took(key) })),
    ...(last === undefined ? [{ metric: 'probe_http_status_code', value: 0 } as const] : measuresOf(last, atMs)),
  ];
}

const phases: readonly (readonly [HttpPhase, keyof Timing])[] = [
  ['resolve', 'dnsMs'],
  ['connect', 'connectMs'],
  ['tls', 'tlsMs'],
  ['processing', 'waitMs'],
  ['transfer', 'transferMs'],
];

function measuresOf({ status, bytes, truncated, redirects, certificate, httpVersion }: Answer, atMs: number): readonly Measure[] {
  return [
    { metric: 'probe_http_status_code', value: status },
    ...(truncated ? [] : [{ metric: 'probe_http_content_length', value: bytes } as const]),
    { metric: 'probe_http_redirects', value: redirects?.length ?? 0 },
    { metric: 'probe_http_ssl', value: certificate === undefined ? 0 : 1 },
    ...(httpVersion === undefined ? [] : [{ metric: 'probe_http_version', value: httpVersion } as const]),
    ...(certificate === undefined
      ? []
      : [{ metric: 'probe_ssl_earliest_cert_expiry', value: (atMs + certificate.leftMs) / 1000 } as const]),
  ];
}
