import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { looksSecret } from '../../src/config/looks-secret.ts';
import { hardCanary, plainCanary, type Canary } from './canary.ts';
import { filesUnder } from './canary.ts';

const root = path.join(import.meta.dirname, '../..');

/** Every variable that the gate's files write, with the value that they declare for it. */
async function variablesOfAccubooks(): Promise<ReadonlyMap<string, string | undefined>> {
  const files = [...(await filesUnder(path.join(root, 'gates/accubooks'))), ...(await filesUnder(path.join(root, 'checks/accubooks')))];
  const texts = await Promise.all(files.filter((file) => file.endsWith('.yaml')).map(async (file) => await readFile(file, 'utf8')));
  const { variables } = parse(await readFile(path.join(root, 'gates/accubooks/gate.yaml'), 'utf8')) as {
    variables: Record<string, string>;
  };
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{([A-Za-z_]\w*)/g)].map(([, name = '']) => name));
  return new Map([...new Set([...Object.keys(variables), ...names])].map((name) => [name, variables[name]]));
}

export interface Planted {
  readonly canaries: readonly Canary[];
  /** The environment of the run; `at` is where everything is. */
  env(at: { readonly url: string; readonly smtpPort: number; readonly imapPort: number }): Readonly<Record<string, string>>;
}

/** A canary for each variable that can hold a secret: by its name, and as the login in every URL. */
export async function plantInAccubooks(): Promise<Planted> {
  const variables = [...(await variablesOfAccubooks())];
  const canaries = new Map(
    variables.flatMap(([name, value]) => {
      if (looksSecret(name)) return [[name, hardCanary(name)] as const];
      return value !== undefined && /^https?:/.test(value) ? [[name, plainCanary(`the login in ${name}`)] as const] : [];
    }),
  );
  // Only secret, and no more to be had: a uuid.
  const check = crypto.randomUUID();
  return {
    canaries: [...canaries.values(), { name: 'DEAD_MAN_CHECK', value: check }],
    env: ({ url, smtpPort, imapPort }) => ({
      ...Object.fromEntries(
        variables.flatMap(([name, value]) => {
          const canary = canaries.get(name)?.value;
          if (canary === undefined) return [];
          return [[name, value !== undefined && !looksSecret(name) ? url.replace('//', `//me:${canary}@`) : canary]];
        }),
      ),
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtpPort),
      IMAP_HOST: '127.0.0.1',
      IMAP_PORT: String(imapPort),
      WEBHOOK_LISTEN: '127.0.0.1:0',
      TWILIO_ACCOUNT: `AC${'0'.repeat(32)}`,
      DEAD_MAN_CHECK: check,
    }),
  };
}

/** Copies the gate with an environment in which every item is tried, whatever became of the others, and for a short time. */
export async function copyAccubooks(folder: string): Promise<string> {
  for (const part of ['gates/accubooks', 'checks/accubooks']) await cp(path.join(root, part), path.join(folder, part), { recursive: true });
  const gate = path.join(folder, 'gates/accubooks');
  const demo = parse(await readFile(path.join(gate, 'environments/demo.yaml'), 'utf8'), { merge: true }) as {
    items: Record<string, object>;
  };
  const files = (await filesUnder(path.join(gate, 'items'))).map(
    async (file) => parse(await readFile(file, 'utf8')) as { items: { id: string }[] },
  );
  const ids = (await Promise.all(files)).flatMap(({ items }) => items.map(({ id }) => id));
  const items = Object.fromEntries(ids.map((id) => [id, { ...demo.items[id], needs: [], timeout: '12s' }]));
  const environment = { ...demo, environment: 'canary', because: 'canaries are planted', items };
  await writeFile(path.join(gate, 'environments/canary.yaml'), stringify(environment, { aliasDuplicateObjects: false }));
  return path.join(gate, 'gate.yaml');
}
