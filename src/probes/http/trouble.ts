import type { Trouble } from './observation.ts';

const kinds: Readonly<Record<string, Trouble['kind']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  ETIMEDOUT: 'timed-out',
  UND_ERR_CONNECT_TIMEOUT: 'timed-out',
  UND_ERR_HEADERS_TIMEOUT: 'timed-out',
  UND_ERR_BODY_TIMEOUT: 'timed-out',
  ENOTFOUND: 'name-not-found',
  EHOSTUNREACH: 'unreachable',
  EPROTO: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'not-http',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  // Nothing below says anything about the target.
  EAI_AGAIN: 'ours',
  ENETUNREACH: 'ours',
  ENETDOWN: 'ours',
  EADDRNOTAVAIL: 'ours',
  EMFILE: 'ours',
  ENFILE: 'ours',
  UND_ERR_INVALID_ARG: 'ours',
  ERR_INVALID_URL: 'ours',
};

/** Sorts an error of a request; undefined when it is none that we know, and so a bug. */
export function troubleOf(error: unknown): Trouble | undefined {
  // Both addresses of "localhost" failed: the first one's reason stands for both.
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  if (!(error instanceof Error)) return undefined;
  const kind = kindOf(error.name, 'code' in error ? String(error.code) : '');
  return kind === undefined ? undefined : { kind, says: error.message };
}

function kindOf(name: string, code: string): Trouble['kind'] | undefined {
  if (name === 'TimeoutError') return 'timed-out';
  if (name === 'HTTPParserError' || code.startsWith('HPE_')) return 'not-http';
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)) return 'tls';
  return kinds[code];
}
