import type { ProbeContext } from '../../check/probe.ts';
import { dial } from '../../wire/dial.ts';
import { inPhases } from '../../wire/passage.ts';
import { readCertificates, secure } from '../../wire/secure.ts';
import type { Session } from '../../wire/session.ts';
import type { TlsObservation } from './observation.ts';
import type { TlsOptions } from './options.ts';
import { askForTls } from './starttls.ts';

export async function observeTls(options: TlsOptions, context: ProbeContext): Promise<TlsObservation> {
  const { signal } = context;
  const { host, serverName = host, starttls, alpn, expect } = options;
  const ca = await readCertificates(options.ca);
  let session: Session | undefined;
  const passed = await inPhases(context, async (begin) => {
    using dialled = await dial(options, begin, signal);
    const { socket } = dialled;
    if (starttls !== undefined) {
      begin('starttls');
      await askForTls(starttls, socket, signal);
    }
    ({ session } = await secure(socket, { serverName, ca, alpn, moreNames: expect.names }, begin, signal));
  });
  return session === undefined ? passed : { ...passed, session };
}
