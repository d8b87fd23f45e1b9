import { z } from 'zod';
import { Fault } from './fault.ts';

/** What kept us from seeing something: recorded in its place, so that the rest of the proof is still judged. */
export const trouble = z.strictObject({ code: z.string(), says: z.string().min(1), hint: z.string().optional() });
export type Trouble = Readonly<z.infer<typeof trouble>>;

/** A Fault as data. */
export function troubleOf({ code, message, hint }: Fault): Trouble {
  return hint === undefined ? { code, says: message } : { code, says: message, hint };
}

/** Records a Fault instead of letting it end the whole observation; being stopped and bugs of ours still do. */
export async function orTrouble<Facts>(signal: AbortSignal, observe: () => Promise<Facts>): Promise<Facts | Troubled> {
  try {
    return await observe();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    return { trouble: troubleOf(error) };
  }
}

export interface Troubled {
  readonly trouble: Trouble;
}

/** A schema of facts, or of the trouble that stands in their place. */
export function orTroubled<Facts extends z.ZodType>(facts: Facts) {
  return z.union([facts, z.strictObject({ trouble })]);
}
