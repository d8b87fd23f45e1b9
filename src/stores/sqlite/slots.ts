import { merge, type Rollup, type Stretch, type Tally } from '../../store/rollup.ts';
import { byteReader, byteWriter, cutShort } from './bytes.ts';

/*
 * The rollups of one series side by side: those of all minutes of an hour, of all hours of a day, of many days. Of each that has results:
 * slot (as a difference) and whether one result alone has passed, which most minutes are · then its bucket, or else:
 * passed, failed, errored · buckets · of each bucket: number (as a difference) and count
 */

/** By slot: the number of the minute in its hour, and so on. */
export type Slots = ReadonlyMap<number, Rollup>;

export function encodeSlots(slots: Slots): Uint8Array {
  const writer = byteWriter();
  let last = 0;
  for (const [slot, rollup] of [...slots].toSorted(([a], [b]) => a - b)) {
    const { passed, failed, errored, buckets } = rollup;
    const lone = loneBucket(rollup);
    writer.number((slot - last) * 2 + (lone === undefined ? 0 : 1));
    last = slot;
    if (lone !== undefined) {
      writer.number(lone);
      continue;
    }
    for (const value of [passed, failed, errored, buckets.length]) writer.number(value);
    let lastBucket = 0;
    for (const [bucket, count] of buckets) {
      writer.number(bucket - lastBucket);
      writer.number(count);
      lastBucket = bucket;
    }
  }
  return writer.done();
}

function loneBucket({ passed, failed, errored, buckets }: Rollup): number | undefined {
  return passed === 1 && failed === 0 && errored === 0 ? buckets[0]?.[0] : undefined;
}

export function decodeSlots(packed: Uint8Array): Slots {
  const reader = byteReader(packed);
  const slots = new Map<number, Rollup>();
  let slot = 0;
  while (!reader.atEnd()) {
    const head = reader.number();
    slot += head >> 1;
    if (head % 2 === 1) {
      slots.set(slot, { passed: 1, failed: 0, errored: 0, buckets: [[reader.number(), 1]] });
      continue;
    }
    const [passed, failed, errored] = [reader.number(), reader.number(), reader.number()];
    const buckets: [number, number][] = [];
    let bucket = 0;
    for (let left = reader.number(); left > 0; left--) {
      bucket += reader.number();
      buckets.push([bucket, reader.number()]);
    }
    slots.set(slot, { passed, failed, errored, buckets });
  }
  return slots;
}

export function mergeSlots(a: Slots, b: Slots): Slots {
  const merged = new Map(a);
  for (const [slot, rollup] of b) {
    const there = merged.get(slot);
    merged.set(slot, there === undefined ? rollup : merge(there, rollup));
  }
  return merged;
}

/**
 * Adds the slots of a stretch to a tally, without making anything of the others. A summary reads a million numbers here, nearly all of one
 * byte: those are read in place.
 */
export function addSlots(packed: Uint8Array, { from, to }: Stretch, tally: Tally): void {
  const { counts } = tally;
  let at = 0;
  const long = (first: number): number => {
    let value = first & 0x7f;
    for (let scale = 0x80; ; scale *= 0x80) {
      const byte = packed[at++] ?? cutShort();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const number = (): number => {
    const byte = packed[at++] ?? cutShort();
    return byte < 0x80 ? byte : long(byte);
  };
  let slot = 0;
  while (at < packed.length) {
    const head = number();
    slot += head >> 1;
    if (slot >= to) return;
    const times = slot >= from ? 1 : 0;
    if (head % 2 === 1) {
      const bucket = number();
      tally.passed += times;
      counts[bucket] = (counts[bucket] ?? 0) + times;
      continue;
    }
    tally.passed += times * number();
    tally.failed += times * number();
    tally.errored += times * number();
    let bucket = 0;
    for (let left = number(); left > 0; left--) {
      const step = packed[at++] ?? cutShort();
      bucket += step < 0x80 ? step : long(step);
      const count = packed[at++] ?? cutShort();
      counts[bucket] = (counts[bucket] ?? 0) + times * (count < 0x80 ? count : long(count));
    }
  }
}
