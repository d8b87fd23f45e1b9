import type { Fault, Place } from '../base/fault.ts';
import type { Check } from '../check/check.ts';
import type { MaintenanceWindow } from '../check/schedule.ts';
import type { Retention } from '../store/store.ts';
import type { Source } from './loading.ts';

/** What `liveproof.yaml` says: the checks that one daemon runs, and what it needs to do so. */
export interface Project {
  readonly name: string;
  /** Where this daemon runs its checks from, as results and metrics call it. */
  readonly place: string;
  /** All of them, whatever their places and schedules; with the project's maintenance windows before their own. */
  readonly checks: readonly Check[];
  readonly store: ProjectStore;
  readonly listen: Listen;
  /** The windows that hold for every check; each check has them already. */
  readonly maintenance: readonly MaintenanceWindow[];
  readonly limits: Limits;
  /** `host:port` of things that have nothing to do with any target: they tell a lost network from targets that are down. */
  readonly references: readonly string[];
  /** What whoever sends heartbeats must say; without it none are taken. */
  readonly heartbeatToken?: string | undefined;
  /** Where metrics are pushed to, beside being served. */
  readonly otlp?: Otlp | undefined;
}

export interface ProjectStore {
  /** Absolute. */
  readonly path: string;
  readonly retention: Retention;
}

export interface Listen {
  /** Without brackets, also when it is an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** How many checks run at the same time. */
export interface Limits {
  /** Those that need little of the machine. */
  readonly checks: number;
  /** Those whose work programs of their own do. */
  readonly heavy: number;
}

export interface Otlp {
  /** The base of an OTLP/HTTP receiver, such as http://localhost:4318. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly everyMs: number;
}

export interface LoadedProject {
  readonly ok: true;
  readonly project: Project;
  /** Values that must never be stored or shown, for the redactor. */
  readonly secrets: readonly string[];
  /** The project file and the check files, in the order in which they were read. */
  readonly sources: readonly Source[];
  /** Where a check was declared; undefined when there is none of that name. */
  placeOfCheck(name: string): Place | undefined;
}

export interface RefusedProject {
  readonly ok: false;
  /** Everything that is wrong, in the order of files and lines. */
  readonly faults: readonly Fault[];
}
