/** A synthetic test as its file declares it. */
export interface Check {
  readonly name: string;
  readonly ref: readonly string[];
  readonly statement: string;
  /** The probe kind. */
  readonly probe: string;
  readonly timeoutMs: number;
  /** The probe's options, already parsed by the probe's own schema. */
  readonly options: unknown;
}
