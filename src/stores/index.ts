import type { StoreKind } from '../store/store.ts';
import sqlite from './sqlite.ts';

/** Every store kind by its name. */
export const stores: ReadonlyMap<string, StoreKind> = new Map([sqlite].map((store) => [store.kind, store]));
