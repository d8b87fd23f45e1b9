/** What kept two machines from talking. `ours` stands for what says nothing about the other one: no route from here, a busy resolver, no file handles left. */
export type NetworkFailure = 'refused' | 'closed' | 'timed-out' | 'name-not-found' | 'tls' | 'protocol' | 'unreachable' | 'ours';

/** By the codes of Node, of its HTTP/2, and of undici. */
const failures: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  ENETRESET: 'closed',
  EPIPE: 'closed',
  ERR_STREAM_DESTROYED: 'closed',
  ERR_STREAM_WRITE_AFTER_END: 'closed',
  ERR_HTTP2_STREAM_ERROR: 'closed',
  ERR_HTTP2_STREAM_CANCEL: 'closed',
  ERR_HTTP2_GOAWAY_SESSION: 'closed',
  ERR_HTTP2_SESSION_ERROR: 'closed',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  ETIMEDOUT: 'timed-out',
  UND_ERR_CONNECT_TIMEOUT: 'timed-out',
  UND_ERR_HEADERS_TIMEOUT: 'timed-out',
  UND_ERR_BODY_TIMEOUT: 'timed-out',
  ENOTFOUND: 'name-not-found',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  EAI_AGAIN: 'ours',
  ENETUNREACH: 'ours',
  ENETDOWN: 'ours',
  EADDRNOTAVAIL: 'ours',
  EACCES: 'ours',
  EPERM: 'ours',
  EINVAL: 'ours',
  EMFILE: 'ours',
  ENFILE: 'ours',
  ENOBUFS: 'ours',
  UND_ERR_INVALID_ARG: 'ours',
  ERR_INVALID_URL: 'ours',
};

const ofTls = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Sorts an error of a connection; undefined when it is none that we know. */
export function networkFailureOf(error: unknown): NetworkFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (error.name === 'TimeoutError') return 'timed-out';
  if (error.name === 'HTTPParserError' || code.startsWith('HPE_')) return 'protocol';
  if (ofTls.test(code)) return 'tls';
  return failures[code] ?? (code.startsWith('ERR_HTTP2_') ? 'protocol' : undefined);
}

/** Where every address of a name failed, the first failure that says something about the target: this machine may know no way to some of them. */
export function tellingOf(error: unknown): unknown {
  if (!(error instanceof AggregateError) || error.errors.length === 0) return error;
  const errors: readonly unknown[] = error.errors;
  return errors.find((each) => networkFailureOf(each) !== 'ours') ?? errors[0];
}
