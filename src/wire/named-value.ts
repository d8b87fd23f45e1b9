/** A value that assertions can name. */
export type NamedValue = readonly [
  name: string,
  reading: {
    readonly value: string | number | boolean | null;
    readonly unit?: 'ms' | 'bytes' | 'ratio';
    readonly isStart?: true | undefined;
  },
];

/** None when there is no value. */
export function named(name: string, value: NamedValue[1]['value'] | undefined, unit?: 'ms' | 'bytes' | 'ratio'): NamedValue[] {
  return value === undefined ? [] : [[name, unit === undefined ? { value } : { value, unit }]];
}
