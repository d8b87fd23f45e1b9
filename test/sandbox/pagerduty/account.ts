import { randomInt } from 'node:crypto';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

export interface Service {
  readonly id: string;
  readonly name: string;
}

/** Somebody on a level of the escalation policy, by the schedule and until then, or for ever. */
export interface OnCallEntry {
  readonly user: User;
  readonly level: number;
  readonly until: string | undefined;
}

export interface AlertRecord {
  readonly id: string;
  readonly key: string;
  readonly summary: string;
  readonly severity: string;
  readonly details: unknown;
  readonly createdAt: string;
  status: 'triggered' | 'resolved';
}

export interface Entry {
  readonly id: string;
  readonly type: string;
  readonly summary: string;
  readonly createdAt: string;
  readonly agent?: User | Service;
  readonly user?: User;
  readonly channel: Readonly<Record<string, unknown>>;
}

export interface IncidentRecord {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly service: Service;
  readonly createdAt: string;
  readonly alerts: AlertRecord[];
  /** Oldest first; the API gives the newest first. */
  readonly log: Entry[];
  assigned: readonly User[];
  acknowledgedBy: { readonly user: User; readonly at: string } | undefined;
  status: 'triggered' | 'acknowledged' | 'resolved';
  changedAt: string;
  resolvedAt: string | undefined;
}

/** What the stand-in's account holds. */
export interface Account {
  readonly users: User[];
  readonly service: Service;
  /** A service that nobody of ours looks at. */
  readonly otherService: Service;
  readonly policy: { readonly id: string; readonly name: string };
  readonly schedule: { readonly id: string; readonly name: string };
  readonly incidents: IncidentRecord[];
  onCall: readonly OnCallEntry[];
}

export const ada: User = { id: 'PADA001', name: 'Ada Okafor', email: 'ada@accubooks.test', phone: '+1 5005550006' };
export const grace: User = { id: 'PGRACE1', name: 'Grace Lindqvist', email: 'grace@accubooks.test', phone: '+1 5005550007' };
/** In the account, and never on call. */
export const mary: User = { id: 'PMARY01', name: 'Mary Adeyemi', email: 'mary@accubooks.test', phone: '+1 5005550008' };

export function createAccount(): Account {
  return {
    users: [ada, grace, mary],
    service: { id: 'PACCUBK', name: 'AccuBooks' },
    otherService: { id: 'POTHER1', name: 'Coffee machine' },
    policy: { id: 'PACCUBOOKS', name: 'AccuBooks engineering' },
    schedule: { id: 'PSCHED1', name: 'AccuBooks primary' },
    incidents: [],
    onCall: [],
  };
}

/** An id as PagerDuty makes them: capitals and digits, `P` or `Q` first. */
export function newId(first: 'P' | 'Q'): string {
  const letters = Array.from({ length: first === 'P' ? 6 : 13 }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'[randomInt(36)]);
  return first + letters.join('');
}

/** Whole seconds, as PagerDuty writes them. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function isOnCall({ until }: OnCallEntry): boolean {
  return until === undefined || Date.parse(until) > Date.now();
}
