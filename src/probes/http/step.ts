import { ranOutOfTime } from '../../base/abortable.ts';
import { formatDuration } from '../../base/duration.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { decompress, isEncoding } from './decompress.ts';
import { TooSlow, type RawAnswer } from './exchange.ts';
import { follow } from './follow.ts';
import { shortcomings } from './judge.ts';
import type { StepSeen, Timing, Trouble } from './observation.ts';
import type { HttpStep } from './options.ts';
import { read } from './read.ts';
import { requestOf } from './request.ts';
import type { Session } from './session.ts';
import { mask } from './taken.ts';
import { Garbled, troubleOf } from './trouble.ts';
import { startWatch, type Watch } from './watch.ts';
import type { Wanted } from './wanted.ts';

/** What the last of several attempts is given, however little is left. */
const lastAttemptMs = 1_000;

/** Makes one step, again and again where it says so, and keeps what it takes. */
export async function makeStep(step: HttpStep, wanted: Wanted, session: Session, context: ProbeContext): Promise<StepSeen> {
  const { clock, signal } = context;
  const startedMs = clock.monotonicMs();
  const withinMs = step.until?.within ?? 0;
  let answered: Seen | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const leftMs = withinMs - (clock.monotonicMs() - startedMs);
    const limitMs = step.until === undefined ? step.timeout : Math.min(step.timeout, Math.max(leftMs, lastAttemptMs));
    const result = await attempt(step, wanted, session, limitMs, context);
    const durationMs = clock.monotonicMs() - startedMs;
    const over = step.until === undefined || durationMs >= withinMs || signal.aborted;
    // When the last attempt was cut short, what the one before it was told is the better reason.
    const shown = over && result.trouble?.kind === 'timed-out' ? (answered ?? result) : result;
    const seen: StepSeen = { request: describe(step), attempts, durationMs, ...shown };
    if (over || shortcomings(step, seen).length === 0) return seen;
    if (result.answer !== undefined) answered = result;
    await clock.sleep(Math.max(0, Math.min(step.until?.every ?? 0, withinMs - durationMs)), signal).catch((error: unknown) => {
      if (!ranOutOfTime(signal)) throw error;
    });
    if (signal.aborted) return seen;
  }
}

type Seen = Pick<StepSeen, 'answer' | 'trouble' | 'taken'>;

async function attempt(step: HttpStep, wanted: Wanted, session: Session, limitMs: number, { clock, signal }: ProbeContext): Promise<Seen> {
  const watch = startWatch(clock);
  const { taken, lines, mostBytes } = session;
  try {
    const followed = await follow(requestOf(step, taken), step.redirects ?? 0, lines, watch, { mostBytes, limitMs, signal });
    const { line, redirects } = followed;
    const timing = timingOf(watch);
    const raw = await uncompressed(followed.raw, mostBytes, signal);
    const { content, values } = await read(step, raw, taken, wanted);
    values.forEach((value, name) => taken.set(name, value));
    const firstByteMs = timing.dnsMs + timing.connectMs + timing.tlsMs + timing.waitMs;
    return {
      answer: {
        ...content,
        firstByteMs,
        totalMs: firstByteMs + timing.transferMs,
        timing,
        httpVersion: line.httpVersion,
        ...(step.redirects === undefined ? {} : { redirects: [...redirects] }),
        ...(line.certificate === undefined ? {} : { certificate: line.certificate }),
      },
      taken: step.take === undefined ? {} : Object.fromEntries(Object.keys(step.take).map((name) => [name, values.has(name)])),
    };
  } catch (error) {
    // The check's time being up is the target's slowness; anything else that aborts is somebody who stops the run.
    if (signal.aborted && !ranOutOfTime(signal)) throw signal.reason;
    const trouble = error instanceof TooSlow ? slowness(error, signal, limitMs) : troubleOf(error, watch.phase);
    if (trouble === undefined) throw error;
    return { trouble: { ...trouble, says: mask(trouble.says, taken), timing: timingOf(watch) }, taken: {} };
  }
}

/** Timers are late on any busy machine. By this part of the time that was allowed, and it was no time for the target. */
const longestHoldUp = 0.5;

/** Without an address there was nobody to be slow but the resolver. */
function slowness({ phase, message, heldUpMs }: TooSlow, signal: AbortSignal, limitMs: number): Trouble {
  if (heldUpMs > longestHoldUp * limitMs)
    return { kind: 'ours', says: `this process was held up for ${formatDuration(heldUpMs)} while it waited for an answer` };
  const when = signal.aborted ? 'before the time of the check was up' : `within ${formatDuration(limitMs)}`;
  return { kind: phase === 'dns' ? 'ours' : 'timed-out', says: `no whole answer ${when}: ${message}` };
}

async function uncompressed(raw: RawAnswer, mostBytes: number, signal: AbortSignal): Promise<RawAnswer> {
  const encoding = String(raw.headers['content-encoding'] ?? '').toLowerCase();
  if (!isEncoding(encoding) || raw.body.length === 0) return raw;
  try {
    return { ...raw, ...(await decompress(raw.body, encoding, { mostBytes, isPart: raw.truncated, signal })) };
  } catch (error) {
    signal.throwIfAborted();
    throw new Garbled(`content-encoding is ${encoding}, and the body is not: ${(error as Error).message}`, { cause: error });
  }
}

function timingOf({ ms }: Watch): Timing {
  return { dnsMs: ms.dns, connectMs: ms.connect, tlsMs: ms.tls, waitMs: ms.wait, transferMs: ms.transfer };
}

function describe(step: HttpStep): StepSeen['request'] {
  return { method: step.method, url: step.url, headers: Object.keys(step.headers ?? {}) };
}
