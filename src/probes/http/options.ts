import { z } from 'zod';
import { httpStep, namesIn, type HttpStep } from './step-options.ts';

export type { HttpStep };

const file = z.string().min(1).meta({ path: true });

const tls = z
  .strictObject({
    ca: file.optional().describe('The certificates that are trusted, as PEM, in place of the well-known ones.'),
    certificate: file.optional().describe('Our own certificate, as PEM.'),
    key: file.optional().describe('Its private key, as PEM.'),
    serverName: z
      .string()
      .min(1)
      .optional()
      .describe('The name that the certificate of the target must bear, when it is not that of the URL.'),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), 'give "certificate" and "key", or neither');

const byteUnits: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 * 1024 };

/** An answer of ours is never larger: a check must not be brought down by its target. */
const largestMiB = 64;

/** Of an answer, where a check does not say otherwise: it must not be brought down by its target. */
const usuallyReadBytes = 1024 * 1024;

/** How much of an answer is read, in bytes. */
export function mostBytesOf({ readAtMost = usuallyReadBytes }: Pick<HttpOptions, 'readAtMost'>): number {
  return readAtMost;
}

/** As `readAtMost` is written: `512KiB`. */
export function writtenSize(bytes: number): string {
  const [unit, size] = Object.entries(byteUnits).findLast(([, each]) => bytes % each === 0) ?? ['B', 1];
  return `${String(bytes / size)}${unit}`;
}

const size = z
  .string()
  .regex(/^\d+(B|KiB|MiB)$/)
  .meta({ expects: 'a size such as 512KiB or 4MiB' })
  .transform((text) => Number.parseInt(text, 10) * (byteUnits[text.replace(/^\d+/, '')] ?? 1))
  .refine((bytes) => bytes > 0 && bytes <= largestMiB * 1024 * 1024, `at least 1B and at most ${String(largestMiB)}MiB`);

export const httpOptions = z
  .strictObject({
    steps: z.array(httpStep).min(1).describe('What is asked, one after the other, as far as it holds what it promises.'),
    before: z
      .array(httpStep)
      .min(1)
      .optional()
      .describe('Steps that set up what the others need; the others are not made when one falls short.'),
    after: z
      .array(httpStep)
      .min(1)
      .optional()
      .describe(
        'Steps that clean up, made whatever happened, also when the check is stopped; left out when what they name was never taken.',
      ),
    connection: z
      .enum(['fresh', 'kept'])
      .optional()
      .describe('A new connection for every request (`fresh`, otherwise), or one for the whole check (`kept`).'),
    http2: z.boolean().optional().describe('Offers HTTP/2 to https targets; otherwise HTTP/1.1 is spoken.'),
    tls: tls.optional().describe('Whom https connections trust, and who they say they are.'),
    resolver: z
      .string()
      .regex(/^(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:]+\])(:\d+)?$/)
      .meta({ expects: 'the address of a name server, such as 192.0.2.1 or [2001:db8::1]:5353' })
      .optional()
      .describe('The name server that is asked for addresses, in place of the resolver of the system.'),
    readAtMost: size.optional().describe('How much of an answer is read, uncompressed; 1MiB when left out, and at most 64MiB.'),
  })
  .superRefine(({ before = [], steps, after = [] }, context) => {
    const known = new Set<string>();
    for (const [key, list] of Object.entries({ before, steps, after })) {
      for (const [index, each] of list.entries()) {
        for (const name of namesIn(each)) {
          if (known.has(name)) continue;
          const message = `no earlier step takes "${name}", which is written here as {{${name}}}`;
          context.addIssue({ code: 'custom', path: [key, index], message });
        }
        Object.keys(each.take ?? {}).forEach((name) => known.add(name));
      }
    }
  });

export type HttpOptions = z.output<typeof httpOptions>;
