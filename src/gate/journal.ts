import { Fault } from '../base/fault.ts';
import { exchange } from '../base/exchange.ts';
import type { Effect, Effects } from './effect.ts';

/** What a journal tells about its effects. */
export type EffectEvent =
  | { readonly type: 'effect-made'; readonly says: string }
  | { readonly type: 'effect-undone'; readonly says: string }
  | { readonly type: 'effect-stuck'; readonly says: string; readonly because: string; readonly expiresInMs: number };

export interface Journal extends Effects {
  /** Undoes whatever has not been undone, newest first, and tries again what could not be. Never rejects: what is left is told, with the time it lasts. */
  undoAll(): Promise<void>;
}

/** An undo gets this long, also when the run itself was told to stop: leaving a fault behind is worse than ending late. */
const undoWithinMs = 10_000;

export function openJournal(tell: (event: EffectEvent) => void): Journal {
  const open = new Set<Effect>();

  const undo = async (effect: Effect): Promise<void> => {
    if (!open.delete(effect)) return;
    const because = await undoOnce(effect);
    if (because === undefined) {
      tell({ type: 'effect-undone', says: effect.says });
      return;
    }
    open.add(effect);
    tell({ type: 'effect-stuck', says: effect.says, because, expiresInMs: effect.expiresInMs });
  };

  return {
    make: async (effect, perform) => {
      // Written down first: an effect that fails half-way may still have happened.
      open.add(effect);
      tell({ type: 'effect-made', says: effect.says });
      try {
        return { result: await perform(), undo: () => undo(effect) };
      } catch (error) {
        await undo(effect);
        throw error;
      }
    },
    undoAll: async () => {
      for (const effect of [...open].toReversed()) await undo(effect);
    },
  };
}

/** Returns why it could not be undone; undefined when it was. */
async function undoOnce(effect: Effect): Promise<string | undefined> {
  try {
    const answer = await exchange(effect.undo, AbortSignal.timeout(undoWithinMs));
    return answer.status < 400 ? undefined : `HTTP ${String(answer.status)}`;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
    throw error;
  }
}
