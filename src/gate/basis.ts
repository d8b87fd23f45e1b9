import { z } from 'zod';
import type { Basis } from '../base/basis.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { sha256 } from '../base/digest.ts';
import type { Redactor } from '../base/redact.ts';

/** What a verdict rests on, as it is kept with the evidence. */
export const recordedBasis = z.array(z.strictObject({ what: z.string(), sha256: z.string() }));
export type RecordedBasis = Readonly<z.infer<typeof recordedBasis>>;

/** Digests of what remains when the secrets are taken out: a digest of a short secret would give it away to whoever guesses. */
export function recordBasis(found: readonly Basis[], redactor: Redactor): RecordedBasis {
  const recorded = found.map(({ what, value }) => ({
    what: redactor.text(what),
    // Through JSON, which leaves out keys without a value.
    sha256: sha256(canonicalJson(redactor.value(JSON.parse(JSON.stringify(value ?? null))))),
  }));
  return [...new Map(recorded.map((each) => [JSON.stringify(each), each])).values()];
}

/** What is not as it was, for people; undefined when all of it is. */
export function changedSince(then: RecordedBasis, now: RecordedBasis): string | undefined {
  const digestsIn = (basis: RecordedBasis, wanted: string): string =>
    basis
      .flatMap(({ what, sha256: digest }) => (what === wanted ? [digest] : []))
      .toSorted()
      .join();
  const names = [...new Set([...then, ...now].map(({ what }) => what))];
  const changed = names.filter((what) => digestsIn(then, what) !== digestsIn(now, what));
  return changed.length === 0 ? undefined : `${changed.join(' and ')} changed since`;
}
