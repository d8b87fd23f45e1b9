/** How a run met its target, so that trouble of this machine can be told from the target's. */
export interface Reach {
  /** `host:port`, or whatever names it; runs that share a target share the name. */
  readonly target: string;
  /** On this machine: no network is needed to reach it. */
  readonly isLocal: boolean;
  /** `too-slow`: it was there, but did not answer in time. */
  readonly way: 'answered' | 'too-slow' | 'no-answer';
}
