import type { ValidateFunction } from 'ajv';
import { Fault } from '../../base/fault.ts';
import { shortened } from '../../base/shortened.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Each answer is held against the same schema object, which takes far longer to compile than to hold against. */
const compiled = new WeakMap<Schema, Promise<ValidateFunction>>();

const mostErrors = 5;

/** In what a value departs from a JSON Schema, as far as it is worth telling; a schema that is none is a Fault. */
export async function departures(schema: Schema, value: unknown): Promise<string[]> {
  const known = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, known);
  const validate = await known;
  try {
    if (validate(value)) return [];
  } catch (error) {
    if (error instanceof RangeError) return ['it is nested too deeply'];
    throw error;
  }
  const all = validate.errors ?? [];
  const told = all.slice(0, mostErrors).map(({ instancePath, message, params }) => {
    const more = 'additionalProperty' in params ? ` (${JSON.stringify(params['additionalProperty'])})` : '';
    return shortened(`${instancePath === '' ? 'the answer' : instancePath} ${message ?? 'is not as the schema says'}${more}`, 300);
  });
  return all.length > mostErrors ? [...told, `and ${String(all.length - mostErrors)} more`] : told;
}

async function compile(schema: Schema): Promise<ValidateFunction> {
  const isOlder = /draft-0[67]/.test(JSON.stringify(schema['$schema'] ?? ''));
  const { Ajv } = isOlder ? await import('ajv') : { Ajv: (await import('ajv/dist/2020.js')).Ajv2020 };
  try {
    // All errors of a hostile answer would be without end; formats are annotations unless a vocabulary says otherwise.
    return new Ajv({ strict: false, validateFormats: false, allErrors: false }).compile(schema);
  } catch (error) {
    throw new Fault('probe/cannot-run', `the JSON Schema cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
