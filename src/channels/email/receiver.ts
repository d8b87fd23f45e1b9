import { alertsAsText } from '../../alert/alerts-as-text.ts';
import type { ReceiverEntry, SecretFile } from '../../alert/channel.ts';
import type { EmailOptions } from './options.ts';

/** Alertmanager sends by the same server. It speaks TLS from the first byte on port 465 and nowhere else; anywhere else STARTTLS can be required. */
export function emailReceiver({ smtp, from, to }: EmailOptions, secretFile: SecretFile): ReceiverEntry {
  const { host, port, user, tls } = smtp;
  return {
    list: 'email_configs',
    entry: {
      to,
      from,
      smarthost: `${host}:${String(port)}`,
      ...(user === undefined
        ? {}
        : { auth_username: user, auth_password_file: secretFile('password', `the password of ${user} at ${host}`) }),
      require_tls: tls === 'starttls',
      send_resolved: true,
      // Without a text part some mail programs show nothing.
      text: alertsAsText,
    },
  };
}
