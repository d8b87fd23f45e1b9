type Labels = Readonly<Record<string, string>>;

/** An alerting rule that has to be loaded. */
export interface WantedRule {
  readonly name: string;
  /** Absent when the requirement says what the rule does and not how it is written. */
  readonly expression?: string | undefined;
  readonly forMs?: number | undefined;
  readonly labels: Labels;
  /** Names of annotations that must be there, and texts for those that have one. */
  readonly annotations: readonly string[];
  readonly texts: Labels;
}

/** An alert that has to come to people. */
export interface WantedWay {
  readonly alert: string;
  /** What its rule puts on it, without its name. */
  readonly labels: Labels;
  readonly receivers: readonly string[];
  readonly channels: readonly string[];
  readonly deliveredWithinMs: number;
  readonly resolvedWithinMs?: number | undefined;
}

/** A rule that always fires. */
export interface WantedWatchdog {
  readonly rule: string;
  /** How soon somebody must notice that it has stopped. */
  readonly noticedWithinMs: number;
  /** The receiver that pings the dead-man's switch, where one is asked for. */
  readonly receiver?: string;
}

/** What monitoring has to be configured with for a requirement to hold: what `liveproof generate` writes. */
export interface Wanted {
  readonly rule?: WantedRule;
  readonly way?: WantedWay;
  readonly watchdog?: WantedWatchdog;
  /** Labels that must lead to a channel, whatever the name of the alert. */
  readonly led?: { readonly labels: Labels; readonly channel: string };
  /** How long samples are kept. */
  readonly keptMs?: number;
  readonly scrape?: { readonly job: string; readonly everyMs: number; readonly targets: readonly string[] };
}
