import { z } from 'zod';

/** The parts of an exchange that are timed apart, in the order in which they come. */
export const phase = z.enum([
  'dns',
  'connect',
  'starttls',
  'tls',
  'upgrade',
  'sign-in',
  'answer',
  'trigger',
  'events',
  'round-trip',
  'info',
  'close',
]);
export type Phase = z.infer<typeof phase>;

/** When something goes wrong: … while connecting. */
export const whenIn: Readonly<Record<Phase, string>> = {
  dns: 'while its name was looked up',
  connect: 'while connecting',
  starttls: 'while asking for TLS',
  tls: 'during the TLS handshake',
  upgrade: 'during the handshake',
  'sign-in': 'while signing in',
  answer: 'while waiting for an answer',
  trigger: 'while making the request that triggers an event',
  events: 'while waiting for events',
  'round-trip': 'on a round trip',
  info: 'while it told about itself',
  close: 'while closing',
};
