import { z } from 'zod';

/** A name that is also used in file names, on the command line and in paths such as `items.high-error-rate.for`. */
export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)
  .meta({ expects: 'a name of letters, digits, "-" and "_"' });

export const text = z.string().min(1);

export const refs = z.array(text).default([]).describe('ids of the requirements that this covers');

export const variables = z
  .record(
    z.string().regex(/^[A-Za-z_]\w*$/, 'a variable is named with letters, digits and "_"'),
    z.union([z.string(), z.number(), z.boolean()]).meta({ expects: 'text, a number or true/false' }),
  )
  .describe('values for ${NAME} anywhere in the files; the process environment beats them');
