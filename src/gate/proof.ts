import type { z } from 'zod';
import type { Channel } from '../alert/channel.ts';
import type { Basis } from '../base/basis.ts';
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
import type { Touch } from './touch.ts';
import type { FactsMutant } from './mutant.ts';
import type { Wanted } from './wanted.ts';
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
  /**
   * To be called right before every effect and every test alert, with what it touches. Throws the Fault `run/may-not-page` when
   * it could wake somebody and the run may not; `touches` is asked only where that has to be known.
   */
  beforeSignal(touches: () => Promise<readonly Touch[]>): Promise<void>;
  /** Stores bytes (a screenshot) with the item's evidence and returns their name. */
  keep(bytes: Uint8Array): Promise<Sha256>;
  /** Tells the person who watches what is being waited for. */
  progress(says: string): void;
}

/** What a proof may use to tell what it would touch: questions that change nothing. */
export type TouchContext = Pick<
  ProofContext,
  'clock' | 'signal' | 'nonce' | 'grade' | 'prometheus' | 'prometheuses' | 'alertmanager' | 'alertmanagers' | 'deadMan'
>;
/** What a proof may ask to tell what its verdict rests on: it reads, and changes nothing. */
export interface BasisContext extends Pick<
  ProofContext,
  | 'clock'
  | 'signal'
  | 'grade'
  | 'prometheus'
  | 'alertmanager'
  | 'prometheuses'
  | 'alertmanagers'
  | 'boardServer'
  | 'onCall'
  | 'deadMan'
  | 'people'
> {
  /** What the gate declares under these names, secrets apart. */
  readonly declared: {
    channel(name: string): Basis;
    /** With what its probe rests on: a script. */
    check(name: string): Promise<readonly Basis[]>;
    board(name: string): Basis;
    person(name: string): Basis;
  };
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
  /** Everything that `observe` may do to the outside, from the live state of the stack, and without changing anything. Absent for a kind that only looks. */
  touches?(requirement: Requirement, context: TouchContext): Promise<readonly Touch[]>;
  /** The receivers of Alertmanager and the channels of the gate to which these lead, where an item says so. */
  leads?(requirement: Requirement): { readonly receivers: readonly string[]; readonly channels: readonly string[] };
  /**
   * What else the verdict rests on than the item and the servers that the gate names: a loaded rule, a route, a board, a channel. An item is
   * proven again when any of it changed. A kind that does not tell is proven again every time. What cannot be read is thrown as a Fault.
   */
  restsOn?(requirement: Requirement, context: BasisContext): Promise<readonly Basis[]>;
  /**
   * Worse worlds than the recorded one, up to the asked grade: `liveproof drill` requires that the judge refuses them. Pure.
   * Left out, facts are changed blindly, which finds an item that cannot fail and nothing finer.
   */
  mutants?(requirement: Requirement, facts: Facts, grade: Grade): readonly FactsMutant<Facts>[];
  /** The requirement ids that single subjects cover, where an item has several of them. */
  refs?(requirement: Requirement): readonly (readonly [subject: string, ref: readonly string[]])[];
  /** What Prometheus and Alertmanager have to be configured with for the requirement to hold. */
  wants?(requirement: Requirement): Wanted;
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
