import { oneLine } from '../../../browser/one-line.ts';
import type { Failure, FlowStep, SpecTest } from '../observation.ts';
import { seenName, type ContextSeen } from './preloaded.ts';

export interface Attachment {
  readonly name: string;
  readonly path?: string | undefined;
  readonly body?: Buffer | undefined;
}

export interface TestEnd {
  readonly status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
  readonly expectedStatus: string;
  readonly durationMs: number;
  readonly errors: readonly string[];
}

interface Step {
  readonly test: string;
  readonly name: string;
  readonly fromMs: number;
  toMs?: number;
  error?: string;
}

/** More than any spec has that a person reads. */
const mostSteps = 200;
const mostTests = 200;

/** What a spec does, as it is told, whichever way it is run. Times since the epoch. */
export interface SpecRecord {
  testEnded(id: string, end: TestEnd): void;
  stepBegan(id: string, step: { readonly test: string; readonly name: string; readonly atMs: number }): void;
  stepEnded(id: string, end: { readonly atMs: number; readonly error?: string | undefined }): void;
  attached(attachment: Attachment): void;
  readonly attachments: readonly Attachment[];
  tests(): SpecTest[];
  steps(nowMs: number): FlowStep[];
  /** Of the first test that did not end as it should. */
  failure(): Failure | undefined;
  /** The step that runs now. */
  runningStep(): string | undefined;
  durationMs(): number;
  seen(): readonly ContextSeen[];
  /** Why what happened says nothing about the target. */
  trouble(): string | undefined;
}

export function recordSpec(titles: ReadonlyMap<string, string>): SpecRecord {
  const ends = new Map<string, TestEnd>();
  const steps = new Map<string, Step>();
  const attachments: Attachment[] = [];
  const seen: ContextSeen[] = [];
  const isAsExpected = (end: TestEnd): boolean => end.status === end.expectedStatus;
  return {
    testEnded: (id, end) => void ends.set(id, end),
    stepBegan: (id, { test, name, atMs }) => {
      if (steps.size < mostSteps) steps.set(id, { test, name, fromMs: atMs });
    },
    stepEnded: (id, { atMs, error }) => {
      const step = steps.get(id);
      if (step !== undefined) Object.assign(step, { toMs: atMs, ...(error === undefined ? {} : { error }) });
    },
    attached: (attachment) => {
      const { name, body } = attachment;
      if (name === seenName && body !== undefined) seen.push(JSON.parse(body.toString()) as ContextSeen);
      else attachments.push(attachment);
    },
    attachments,
    tests: () =>
      [...titles].slice(0, mostTests).map(([id, title]) => {
        const end = ends.get(id);
        if (end === undefined) return { title, status: 'not-run', ok: false };
        return { title, status: end.status, ok: isAsExpected(end) && end.status !== 'skipped' };
      }),
    steps: (nowMs) =>
      [...steps.values()].map(({ name, fromMs, toMs, error }) => ({
        name,
        ok: toMs !== undefined && error === undefined,
        durationMs: Math.max(0, (toMs ?? nowMs) - fromMs),
      })),
    failure: () => {
      const [id, end] = [...ends].find(([, each]) => !isAsExpected(each) && each.status !== 'skipped') ?? [];
      if (id === undefined || end === undefined) return undefined;
      const own = [...steps.values()].filter(({ test }) => test === id);
      const [message = `it ended as ${end.status}, ${end.expectedStatus} was expected`] = end.errors;
      // The innermost of several ended first; one that ran out of time may not have ended at all.
      const inner = own.filter(({ error }) => error !== undefined).toSorted((a, b) => (a.toMs ?? 0) - (b.toMs ?? 0))[0];
      const where = inner ?? own.findLast(({ toMs }) => toMs === undefined);
      return {
        ...(titles.size > 1 ? { test: titles.get(id) ?? id } : {}),
        ...(where === undefined ? {} : { step: where.name }),
        kind: end.status === 'timedOut' ? 'out-of-time' : 'thrown',
        says: sentence(message, inner?.error),
      };
    },
    runningStep: () => [...steps.values()].findLast(({ toMs }) => toMs === undefined)?.name,
    durationMs: () => [...ends.values()].reduce((sum, { durationMs }) => sum + durationMs, 0),
    seen: () => seen,
    trouble: () => seen.find(({ trouble }) => trouble !== undefined)?.trouble,
  };
}

/** "Test timeout of 30000ms exceeded." alone does not say what it waited for. */
function sentence(message: string, ofStep: string | undefined): string {
  const says = withoutKind(oneLine(message));
  if (ofStep === undefined || !says.startsWith('Test timeout')) return says;
  const waited = withoutKind(oneLine(ofStep));
  return waited === says ? says : `${says} ${waited}`;
}

function withoutKind(text: string): string {
  return text.replace(/^Error: /, '');
}
