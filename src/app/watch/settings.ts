import type { Project } from '../../config/project.ts';

/** What a project says that a running daemon does not change, as text to be compared. */
export function settingsOf({ name, place, store, listen, limits, references, otlp }: Project): Readonly<Record<string, string>> {
  return {
    name,
    place,
    'store.path': store.path,
    listen: JSON.stringify(listen),
    limits: JSON.stringify(limits),
    references: JSON.stringify(references),
    otlp: JSON.stringify(otlp ?? null),
  };
}
