import { z } from 'zod';
import { duration } from '../../base/duration.ts';

export const retentionRequirement = z.strictObject({
  atLeast: duration.describe('How long samples must be kept.'),
  diskFree: z
    .string()
    .min(1)
    .optional()
    .describe('PromQL for the bytes that are free on the disk of Prometheus, as in node_filesystem_avail_bytes{mountpoint="/data"}.'),
  bytesPerSample: z
    .number()
    .positive()
    .optional()
    .describe('What a sample takes on disk; otherwise what Prometheus measured itself, or 2 bytes when it has not yet.'),
});
export type RetentionRequirement = Readonly<z.output<typeof retentionRequirement>>;
