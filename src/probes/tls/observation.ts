import { z } from 'zod';
import { passage } from '../../wire/passage.ts';
import { session } from '../../wire/session.ts';

export const tlsObservation = z.strictObject({ ...passage.shape, session: session.optional() });
export type TlsObservation = Readonly<z.infer<typeof tlsObservation>>;
