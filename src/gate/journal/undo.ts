import { exchange, type HttpRequest } from '../../base/exchange.ts';
import { Fault } from '../../base/fault.ts';
import { listedSilences } from '../../stack/alertmanager/answers.ts';
import type { EndSilences, Undo } from '../effect.ts';

/** An undo gets this long, also when the run itself was told to stop: leaving a fault behind is worse than ending late. */
const undoWithinMs = 10_000;

export type UndoOutcome =
  | { readonly undone: true }
  /** `notThere`: whoever was asked says that there is nothing to end. */
  | { readonly undone: false; readonly because: string; readonly notThere: boolean };

/** Undoes an effect. Never rejects, unless `signal` aborts. */
export async function makeUndo(undo: Undo, signal = new AbortController().signal): Promise<UndoOutcome> {
  const timeout = AbortSignal.timeout(undoWithinMs);
  const within = AbortSignal.any([signal, timeout]);
  try {
    const refused = 'mentioning' in undo ? await endSilences(undo, within) : await ask(undo, within);
    if (refused === undefined) return { undone: true };
    return { undone: false, because: `HTTP ${String(refused)}`, notThere: refused === 404 || refused === 410 };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault) return { undone: false, because: error.message, notThere: false };
    if (timeout.aborted) return { undone: false, because: 'no answer in time', notThere: false };
    throw error;
  }
}

/** Returns the status of a refusal. */
async function ask(request: HttpRequest, signal: AbortSignal): Promise<number | undefined> {
  const { status } = await exchange(request, signal);
  return status < 400 ? undefined : status;
}

async function endSilences({ mentioning, list, end }: EndSilences, signal: AbortSignal): Promise<number | undefined> {
  const answer = await exchange(list, signal);
  if (answer.status >= 400) return answer.status;
  let refused: number | undefined;
  for (const { id, comment, state } of silencesIn(answer.text)) {
    if (state === 'expired' || !comment.includes(mentioning)) continue;
    refused = (await ask({ ...end, url: end.url.replace('{id}', encodeURIComponent(id)) }, signal)) ?? refused;
  }
  return refused;
}

function silencesIn(text: string) {
  try {
    return listedSilences.parse(JSON.parse(text));
  } catch (error) {
    throw new Fault('stack/unexpected-answer', 'the list of silences cannot be read', { cause: error });
  }
}
