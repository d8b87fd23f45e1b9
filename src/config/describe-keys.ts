import { z } from 'zod';

/** A key that people may write, as its schema describes it. */
export interface DescribedKey {
  /** `fault.lasts`; what stands in a list `firesWhen[].say`, under names of one's own `channels.*.kind`. */
  readonly path: string;
  /** In words: `text`, `a duration such as 15s`, `counter | gauge`. */
  readonly takes: string;
  readonly required: boolean;
  /** As YAML would write it; undefined when there is none worth naming. */
  readonly otherwise?: string | undefined;
  readonly says?: string | undefined;
}

interface Described {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Described;
  readonly items?: Described;
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly expects?: string;
  readonly reference?: string;
  readonly secret?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Every key of a kind's options, each before what stands below it. */
export function describeKeys(schema: z.ZodType): readonly DescribedKey[] {
  return below(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described, '');
}

function below(schema: Described, prefix: string): readonly DescribedKey[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const path = `${prefix}${name}`;
    const required = schema.required?.includes(name) === true;
    return [{ path, takes: inWords(each), required, otherwise: otherwiseOf(each), says: each.description }, ...below(each, `${path}.`)];
  });
  const named = typeof schema.additionalProperties === 'object' ? below(schema.additionalProperties, `${prefix}*.`) : [];
  const listed = schema.items === undefined ? [] : below(schema.items, `${prefix.replace(/\.$/, '')}[].`);
  const all = [...own, ...named, ...listed, ...(schema.anyOf ?? []).flatMap((each) => below(each, prefix))];
  // Forms of one thing share keys; a key that not all of them have is not required.
  const forms = (schema.anyOf ?? []).length;
  const same = Map.groupBy(all, ({ path }) => path);
  return [...same.values()].flatMap((each) => {
    const [first] = each;
    const said = [...new Set(each.map(({ says }) => says))].filter((says) => says !== undefined);
    const required = first?.required === true && (forms < 2 || each.length === forms);
    return first === undefined ? [] : [{ ...first, required, says: said.length === 0 ? undefined : said.join(' Or: ') }];
  });
}

function otherwiseOf({ default: value }: Described): string | undefined {
  if (value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function inWords(schema: Described): string {
  if (schema.secret === true) return 'a secret';
  if (schema.expects !== undefined) return schema.expects;
  if (schema.reference !== undefined) return `the name of ${schema.reference === 'item' ? 'an' : 'a'} ${schema.reference}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', '');
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(inWords))].join(' | ');
  switch (schema.type) {
    case 'array':
      return `a list: ${schema.items === undefined ? 'anything' : inWords(schema.items)}`;
    case 'object':
      return 'a map';
    case 'string':
      return schema.format === 'uri' ? 'a URL' : schema.format === 'email' ? 'an e-mail address' : 'text';
    case 'boolean':
      return 'true | false';
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}`;
    case undefined:
    default:
      return 'anything';
  }
}

function rangeOf({ minimum, maximum }: Described): string {
  const known = [minimum, maximum].map((bound) => (bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined));
  const [least, most] = known;
  if (least !== undefined && most !== undefined) return ` from ${String(least)} to ${String(most)}`;
  return least === undefined ? '' : ` from ${String(least)}`;
}
