import type { z } from 'zod';
import type { Channel } from '../alert/channel.ts';
import type { Clock } from '../base/clock.ts';
import type { Board } from '../board/board.ts';
import type { Sha256 } from '../base/digest.ts';
import type { CheckRun } from '../check/run.ts';
import type { Alertmanager } from '../stack/alertmanager.ts';
import type { BoardServer } from '../stack/board-server.ts';
import type { DeadManSwitch } from '../stack/dead-man.ts';
import type { OnCall } from '../stack/rotation.ts';
import type { Prometheus } from '../stack/prometheus.ts';
import type { Effects } from './effect.ts';
import type { Finding } from './finding.ts';
import type { Person } from './gate.ts';
import type { Grade, Ladder } from './grade.ts';
import type { Timeline } from './timeline.ts';

/** What a proof may use while it observes. Everything that reaches outside comes from here. */
export interface ProofContext {
  readonly clock: Clock;
  /** Aborts on Ctrl-C and when the item's time is up; `observe` ends within a second of it. */
  readonly signal: AbortSignal;
  /** A random token of this item in this run, put in every test signal so that it is recognised at every hop. */
  readonly nonce: string;
  /** The grade that the gate asks for: a proof need not observe beyond it. */
  readonly grade: Grade;
  /** Each of these throws the Fault `stack/not-configured` when the gate does not name that part. */
  prometheus(): Prometheus;
  alertmanager(): Alertmanager;
  /** Every Prometheus and every Alertmanager that the gate names: the same one first. */
  prometheuses(): readonly Prometheus[];
  alertmanagers(): readonly Alertmanager[];
  boardServer(): BoardServer;
  /** The people on call now, by the gate's rotation: first level first. */
  onCall(): Promise<readonly OnCall[]>;
  deadMan(): DeadManSwitch;
  channel(name: string): Promise<Channel>;
  /** What the gate declares; the loader has seen to it that names which a requirement refers to are there. */
  readonly boards: readonly Board[];
  readonly people: readonly Person[];
  /** Runs a check that the gate names, once. */
  runCheck(name: string): Promise<CheckRun>;
  readonly effects: Effects;
  /** Stores bytes (a screenshot) with the item's evidence and returns their name. */
  keep(bytes: Uint8Array): Promise<Sha256>;
  /** Tells the person who watches what is being waited for. */
  progress(says: string): void;
}

/** How an item is proved. `observe` does all the I/O and judges nothing; `judge` is pure: no clock, network, file or environment. */
export interface Proof<Requirement = unknown, Facts = unknown> {
  readonly kind: string;
  /** One line for `--help` and the reference. */
  readonly summary: string;
  readonly ladder: Ladder;
  /** The grade asked for when an item names none. */
  readonly defaultGrade: Grade;
  /** It disturbs what others ask: it runs when nothing else does, after everything that does not rest on it. */
  readonly alone?: boolean;
  /** The item's own keys, strict. Secrets reach `observe` as they are and `judge` redacted. */
  readonly requirement: z.ZodObject<z.ZodRawShape>;
  /** The shape of the recorded facts, so that evidence from elsewhere is checked before it is judged. */
  readonly facts: z.ZodType<Facts>;
  /** Trouble with the thing under proof is a fact to record; what keeps us from observing at all is thrown as a Fault. */
  observe(requirement: Requirement, context: ProofContext): Promise<Facts>;
  judge(requirement: Requirement, facts: Facts): readonly Finding[];
  /** The requirement ids that single subjects cover, where an item has several of them. */
  refs?(requirement: Requirement): readonly (readonly [subject: string, ref: readonly string[]])[];
  /** The way of each signal that was made, as the facts tell it; pure, as `judge` is. */
  timelines?(requirement: Requirement, facts: Facts): readonly Timeline[];
}

/** What a proof kind's module declares; the types follow from the two schemas. */
export interface ProofDefinition<Shape extends z.ZodRawShape, Facts> extends Omit<
  Proof<z.output<z.ZodObject<Shape>>, Facts>,
  'requirement'
> {
  readonly requirement: z.ZodObject<Shape, z.core.$strict>;
}

/** Types a proof kind by its schemas, and forgets the types so that kinds can stand in one list. */
export function defineProof<Shape extends z.ZodRawShape, Facts>(proof: ProofDefinition<Shape, Facts>): Proof {
  return proof;
}
