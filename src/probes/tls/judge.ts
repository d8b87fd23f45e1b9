import { formatDuration } from '../../base/duration.ts';
import type { Outcome } from '../../check/outcome.ts';
import { distrustOf, type Certificate, type Session } from '../../wire/session.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import type { TlsObservation } from './observation.ts';
import type { TlsOptions } from './options.ts';

export function judgeTls(options: TlsOptions, { at, trouble, session }: TlsObservation): Outcome {
  if (trouble !== undefined) return judgeTrouble(trouble);
  if (session === undefined) return { status: 'error', reasons: ['no TLS handshake was made'] };
  const reasons = [...trustShortcomings(options, session, at), ...sessionShortcomings(options, session)];
  return { status: reasons.length === 0 ? 'pass' : 'fail', reasons };
}

function trustShortcomings({ expect }: TlsOptions, session: Session, at: string): string[] {
  const times = session.chain.flatMap((each) => timeShortcomings(each, expect.expiresAfter, at));
  const { distrust, ...rest } = session;
  // What the dates of the chain say better is not said twice.
  const isSaid = times.length > 0 && (distrust === 'CERT_HAS_EXPIRED' || distrust === 'CERT_NOT_YET_VALID');
  return [...distrustOf(isSaid || !expect.trusted ? rest : session), ...times];
}

function timeShortcomings({ subject, validFrom, validTo }: Certificate, expiresAfterMs: number, at: string): string[] {
  const now = Date.parse(at);
  const leftMs = Date.parse(validTo) - now;
  const who = `the certificate of ${subject === '' ? 'nobody' : subject}`;
  if (Date.parse(validFrom) > now) return [`${who} is not valid before ${validFrom}`];
  if (leftMs <= 0) return [`${who} expired at ${validTo}`];
  return leftMs > expiresAfterMs
    ? []
    : [`${who} expires at ${validTo}, in ${inDays(leftMs)}; expected more than ${formatDuration(expiresAfterMs)}`];
}

const dayMs = 86_400_000;

/** Days are near enough; hours when it is less than two. */
function inDays(ms: number): string {
  const unitMs = ms < 2 * dayMs ? dayMs / 24 : dayMs;
  return ms < unitMs ? formatDuration(ms) : formatDuration(Math.floor(ms / unitMs) * unitMs);
}

function sessionShortcomings({ expect, alpn }: TlsOptions, session: Session): string[] {
  const ciphers = [expect.cipher ?? []].flat();
  const issuer = session.chain[0]?.issuer ?? '';
  return [
    // The names of versions are in alphabetical order.
    ...(session.protocol >= expect.atLeast ? [] : [`${session.protocol}, expected ${expect.atLeast} or newer`]),
    ...(ciphers.length === 0 || ciphers.includes(session.cipher) ? [] : [`cipher ${session.cipher}, expected ${ciphers.join(' or ')}`]),
    ...(alpn.length === 0 || session.alpn !== null ? [] : [`the server took none of the protocols that were offered: ${alpn.join(', ')}`]),
    ...(expect.issuer === undefined || issuer.includes(expect.issuer)
      ? []
      : [`the certificate was issued by ${JSON.stringify(issuer)}, expected ${JSON.stringify(expect.issuer)}`]),
  ];
}
