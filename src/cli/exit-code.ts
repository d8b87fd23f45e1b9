/** The exit codes of every command; scripts depend on them. */
export const exitCodes = {
  /** Passed; proceed. */
  pass: 0,
  /** Something is disproven: do not proceed. */
  fail: 1,
  /** The command or the configuration is wrong; nothing was run. */
  usage: 2,
  /** Nothing is disproven, but something could not be told. */
  unknown: 3,
  /** A bug of ours. */
  bug: 70,
} as const;
