/** What a probe may tell of a run as metrics of the Prometheus blackbox exporter's names, each in that name's unit. */
export interface Measure {
  readonly metric: MeasureName;
  readonly value: number;
  /** Only of `probe_http_duration_seconds`. */
  readonly phase?: HttpPhase | undefined;
}

export type MeasureName =
  | 'probe_dns_lookup_time_seconds'
  | 'probe_http_duration_seconds'
  | 'probe_http_status_code'
  | 'probe_http_content_length'
  | 'probe_http_redirects'
  | 'probe_http_ssl'
  | 'probe_http_version'
  | 'probe_ssl_earliest_cert_expiry';

export type HttpPhase = 'resolve' | 'connect' | 'tls' | 'processing' | 'transfer';
