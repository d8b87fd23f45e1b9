/** The facts as they would have been recorded in a worse world. A judge that can fail refuses them. */
export interface FactsMutant<Facts = unknown> {
  /** What was changed, by the same word wherever it is: `receiver-swapped`. */
  readonly change: string;
  /** The bad world, in one line: `the alert goes to nobody-reads-this instead of oncall`. */
  readonly says: string;
  /** In the shape of the kind's facts, and otherwise no observation: it is not looked at again, a contract test does that for all kinds. */
  readonly facts: Facts;
  /**
   * The part of the requirement that decides on this change, where the judge judges it part by part: what is refused of a part is
   * refused of the whole. All of it when left out.
   */
  readonly requirement?: Readonly<Record<string, unknown>>;
  /** Why nobody need notice, where the facts or the requirement themselves show it. */
  readonly harmless?: string | undefined;
}

export function worse<Facts>(change: string, says: string, facts: Facts, harmless?: string): FactsMutant<Facts> {
  return { change, says, facts, harmless };
}
