import type { Board } from '../board/board.ts';
import type { Check } from '../check/check.ts';
import type { Grade } from './grade.ts';
import type { Waiver, WaiverPolicy } from './waiver.ts';

/** One line of a launch checklist. */
export interface Item {
  readonly id: string;
  /** Requirement ids that this item covers. */
  readonly ref: readonly string[];
  readonly statement: string;
  readonly severity?: string | undefined;
  /** The proof kind. */
  readonly proof: string;
  /** How far it must be proven. */
  readonly grade: Grade;
  /** Items that must be proven first; when one is not, this item is blocked. */
  readonly needs: readonly string[];
  readonly timeoutMs: number;
  /** The proof kind's own keys, already parsed by its schema. */
  readonly requirement: Readonly<Record<string, unknown>>;
}

export interface ChannelDeclaration {
  readonly name: string;
  readonly kind: string;
  readonly options: unknown;
}

export interface ServerDeclaration {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
}

/** A server of which there are several, each with an address of its own. */
export interface ReplicatedServer extends ServerDeclaration {
  /** Those that stand in for it. */
  readonly replicas?: readonly ServerDeclaration[] | undefined;
}

/** Somebody who uses what is proven, with the credentials under which they do. */
export interface Person {
  /** The key in the gate file. */
  readonly name: string;
  readonly email: string;
  /** What boards may be limited to: `engineering`. */
  readonly roles: readonly string[];
  /** Without one they can be found in a rotation, but nothing can be opened as them. */
  readonly password?: string | undefined;
}

/** Where the rotation stands that says who is on call. */
export interface RotationDeclaration {
  /** PagerDuty's REST API. */
  readonly url: string;
  readonly token: string;
  /** The id of the escalation policy whose first level is asked for. */
  readonly escalationPolicy: string;
}

/** The dead-man's switch outside of everything: it raises the alarm when it hears nothing any more. */
export interface DeadManDeclaration {
  /** Where Healthchecks answers. */
  readonly url: string;
  readonly apiKey: string;
  /** The uuid of the check: whoever knows it can keep it quiet. */
  readonly check: string;
}

/** A key that the environment changed, so that the report can show what a shortened run really proved. */
export interface Override {
  /** `items.high-error-rate.for` */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A launch gate, loaded, resolved for one environment and checked. */
export interface Gate {
  readonly name: string;
  readonly title: string;
  readonly ref: readonly string[];
  readonly environment: string;
  /** Why the environment differs from the gate as written; shown on the report. */
  readonly because?: string | undefined;
  readonly overrides: readonly Override[];
  readonly stack: {
    /** A Prometheus, or a VictoriaMetrics. */
    readonly prometheus?: ReplicatedServer | undefined;
    /** Who runs the alerting rules, when the server above does not: vmalert. */
    readonly rules?: ServerDeclaration | undefined;
    readonly alertmanager?: ReplicatedServer | undefined;
    /** A Grafana, or liveproof's own board server: it says itself which. */
    readonly boards?: ServerDeclaration | undefined;
    readonly rotation?: RotationDeclaration | undefined;
    readonly deadMan?: DeadManDeclaration | undefined;
  };
  readonly people: readonly Person[];
  readonly boards: readonly Board[];
  readonly channels: readonly ChannelDeclaration[];
  readonly checks: readonly Check[];
  readonly policy: {
    readonly maxAgeMs: number;
    /** Nothing may be waived when it is not there. */
    readonly waivers?: WaiverPolicy | undefined;
  };
  readonly waivers?: readonly Waiver[] | undefined;
  readonly items: readonly Item[];
}
