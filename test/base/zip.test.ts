import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readZip, writeZip } from '../../src/base/zip.ts';

const entries = fc.array(fc.record({ name: fc.string({ unit: 'grapheme', maxLength: 20 }), bytes: fc.uint8Array({ maxLength: 300 }) }), {
  maxLength: 5,
});
const plain = (all: ReturnType<typeof readZip>) => all?.map(({ name, bytes }) => [name, [...bytes]]);

it('gives back what was put in', () => {
  fc.assert(
    fc.property(entries, (all) => {
      expect(plain(readZip(writeZip(all), 100_000))).toEqual(plain(all));
    }),
  );
});

it('does not unpack more than it may', () => {
  const zip = writeZip([{ name: 'bomb', bytes: new Uint8Array(1_000_000) }]);
  expect(zip.length).toBeLessThan(2_000);
  expect(readZip(zip, 999_999)).toBeUndefined();
  expect(readZip(zip, 1_000_000)).toHaveLength(1);
});

it('takes no other bytes for an archive, and ends whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(readZip(bytes, 1_000)).toBeUndefined();
    }),
  );
  const zip = writeZip([{ name: 'a', bytes: Buffer.from('some text that is packed') }]);
  fc.assert(
    fc.property(fc.nat(zip.length - 1), fc.nat(255), (at, value) => {
      const damaged = Uint8Array.from(zip);
      damaged[at] = value;
      expect(() => readZip(damaged, 1_000)).not.toThrow();
    }),
  );
});
