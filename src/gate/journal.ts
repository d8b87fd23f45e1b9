import type { Effect, Effects } from './effect.ts';
import { makeUndo } from './journal/undo.ts';

/** What a journal tells about its effects. */
export type EffectEvent =
  | { readonly type: 'effect-made'; readonly says: string }
  | { readonly type: 'effect-undone'; readonly says: string }
  | { readonly type: 'effect-stuck'; readonly says: string; readonly because: string; readonly expiresInMs: number };

export interface Journal extends Effects {
  /** Undoes whatever has not been undone, newest first, and tries again what could not be. Never rejects: what is left is told, with the time it lasts. */
  undoAll(): Promise<void>;
}

/** Where effects are written down for the run that comes after a crash. */
export interface EffectRecord {
  /** Resolves once the effect is on the disk; until then it must not be made. Throws the Fault `journal/unwritable`. */
  note(effect: Effect): Promise<NotedEffect>;
}

export interface NotedEffect {
  /** It was made, as far as we were told. */
  made(): Promise<void>;
  /** It is undone. */
  over(): Promise<void>;
}

const done = (): Promise<void> => Promise.resolve();
/** For whoever has no next run. */
const nowhere: EffectRecord = { note: () => Promise.resolve({ made: done, over: done }) };

export function openJournal(tell: (event: EffectEvent) => void, record: EffectRecord = nowhere): Journal {
  const open = new Map<Effect, NotedEffect>();

  const undo = async (effect: Effect): Promise<void> => {
    const noted = open.get(effect);
    if (noted === undefined || !open.delete(effect)) return;
    const outcome = await makeUndo(effect.undo);
    if (outcome.undone) {
      await noted.over();
      tell({ type: 'effect-undone', says: effect.says });
      return;
    }
    open.set(effect, noted);
    tell({ type: 'effect-stuck', says: effect.says, because: outcome.because, expiresInMs: effect.expiresInMs });
  };

  return {
    make: async (effect, perform) => {
      // Written down first: an effect that fails half-way may still have happened.
      const noted = await record.note(effect);
      open.set(effect, noted);
      tell({ type: 'effect-made', says: effect.says });
      try {
        const result = await perform();
        await noted.made();
        return { result, undo: () => undo(effect) };
      } catch (error) {
        await undo(effect);
        throw error;
      }
    },
    undoAll: async () => {
      for (const effect of [...open.keys()].toReversed()) await undo(effect);
    },
  };
}
