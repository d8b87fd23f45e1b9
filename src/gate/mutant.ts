/** The facts as they would have been recorded in a worse world. A judge that can fail refuses them. */
export interface FactsMutant<Facts = unknown> {
  /** What was changed, by the same word wherever it is: `receiver-swapped`. */
  readonly change: string;
  /** The bad world, in one line: `the alert goes to nobody-reads-this instead of oncall`. */
  readonly says: string;
  /** In the shape of the kind's facts: what has another shape is no observation, and refusing it shows nothing. */
  readonly facts: Facts;
  /** Why nobody need notice, where the facts or the requirement themselves show it. */
  readonly harmless?: string | undefined;
}

export function worse<Facts>(change: string, says: string, facts: Facts, harmless?: string): FactsMutant<Facts> {
  return { change, says, facts, harmless };
}
