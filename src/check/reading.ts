/** One value of an observation that an assertion can name: `total` (in ms), `status`, `json user.tier`. */
export interface Reading {
  /** Undefined when the probe looked for it and it is not there: what `json error does not exist` asks. */
  readonly value: string | number | boolean | null | undefined;
  /** Why it is not there when that alone is wrong of the target: whatever is asserted of it fails, `does not exist` too. */
  readonly wrong?: string | undefined;
  /** Why nobody can tell what it is. A number that stands there all the same is the least that it can be. */
  readonly untold?: string | undefined;
  /** The value only says what stands there, such as a list: it holds more than its words. */
  readonly isKind?: true | undefined;
  /** Only the start of a text: what comes after it was not kept, so nobody can tell what is not in it. */
  readonly isStart?: true | undefined;
  readonly unit?: 'ms' | 'bytes' | 'ratio' | undefined;
  /** A time by the calendar, such as until a certificate ends: unlike the time that an answer takes, no busy machine makes it longer. */
  readonly isLifetime?: true | undefined;
}

/** What `shortened` may have made of a text. */
export function startOf(text: string, most: number): Reading {
  return text.length > most && text.endsWith('…') ? { value: text.slice(0, -1), isStart: true } : { value: text };
}

export type Readings = ReadonlyMap<string, Reading>;
