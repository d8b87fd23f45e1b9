import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from './blocks.ts';
import { referencePages } from './reference.ts';

it('the reference says what the schemas say (npm run reference makes it anew)', async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    await expect(text, name).toMatchFileSnapshot(path.join(root, 'docs/reference', name));
  }
}, 60_000);
