import { formatSeries, parseSample, type ExposedSample } from './exposition/sample.ts';

/** All samples of one metric: for a histogram those of `_bucket`, `_sum` and `_count`. */
export interface ExposedFamily {
  readonly name: string;
  /** As announced by `# TYPE`; `untyped` when it is not. */
  readonly type: string;
  readonly help?: string | undefined;
  readonly samples: readonly ExposedSample[];
}

/** A line that breaks the format. Prometheus gives up the whole scrape for most of these. */
export interface MalformedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly says: string;
}

export interface Exposition {
  readonly families: readonly ExposedFamily[];
  readonly malformed: readonly MalformedLine[];
}

interface OpenFamily {
  readonly name: string;
  type?: string;
  help?: string;
  readonly samples: ExposedSample[];
}

interface Format {
  readonly types: ReadonlySet<string>;
  /** Endings of the samples that belong to a family of this type though they have names of their own. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly openMetrics: boolean;
}

const textFormat: Format = {
  types: new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']),
  parts: { histogram: ['_bucket', '_sum', '_count'], summary: ['_sum', '_count'] },
  openMetrics: false,
};

const openMetricsFormat: Format = {
  types: new Set(['counter', 'gauge', 'histogram', 'summary', 'unknown', 'info', 'stateset', 'gaugehistogram']),
  parts: {
    histogram: ['_bucket', '_sum', '_count', '_created'],
    gaugehistogram: ['_bucket', '_gsum', '_gcount'],
    summary: ['_sum', '_count', '_created'],
    counter: ['_total', '_created'],
    info: ['_info'],
  },
  openMetrics: true,
};

/**
 * Reads a metrics page in the Prometheus text format 0.0.4, or in OpenMetrics 1.0 when its content type says so.
 * Whatever cannot be read is in `malformed`; nothing is dropped in silence.
 * Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function parseExposition(text: string, contentType = ''): Exposition {
  const format = contentType.includes('application/openmetrics-text') ? openMetricsFormat : textFormat;
  const families = new Map<string, OpenFamily>();
  const seen = new Set<string>();
  const malformed: MalformedLine[] = [];

  const familyOf = (name: string): OpenFamily => {
    const known = families.get(name);
    if (known !== undefined) return known;
    const opened: OpenFamily = { name, samples: [] };
    families.set(name, opened);
    return opened;
  };
  const owner = (name: string): OpenFamily => {
    for (const [type, endings] of Object.entries(format.parts)) {
      const ending = endings.find((each) => name.endsWith(each));
      const whole = ending === undefined ? undefined : families.get(name.slice(0, -ending.length));
      if (whole?.type === type) return whole;
    }
    return familyOf(name);
  };

  const readComment = (line: string): string | undefined => {
    const [, keyword, rest = ''] = /^#[ \t]+(HELP|TYPE|UNIT)(?:[ \t]+(.*))?$/s.exec(line) ?? [];
    if (keyword === undefined || (keyword === 'UNIT' && !format.openMetrics)) return undefined;
    const [, name, said = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]+(.*))?$/s.exec(rest) ?? [];
    if (name === undefined) return `"# ${keyword}" is not followed by a metric's name`;
    if (keyword === 'HELP') {
      const family = familyOf(name);
      if (family.help !== undefined) return `a second HELP line for ${name}`;
      family.help = said.replaceAll(/\\(\\|n)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : '\\'));
    }
    if (keyword === 'TYPE') {
      const type = said.trim();
      if (!format.types.has(type)) return `"${type}" is not a type of metric`;
      const family = familyOf(name);
      if (family.type !== undefined) return `a second TYPE line for ${name}`;
      if (family.samples.length > 0) return `the TYPE line of ${name} comes after its first sample`;
      family.type = type;
    }
    return undefined;
  };

  const readSample = (line: string): string | undefined => {
    const sample = parseSample(line, format.openMetrics);
    if (typeof sample === 'string') return sample;
    const identity = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    if (seen.has(identity)) return `the series ${formatSeries(sample)} is there twice`;
    seen.add(identity);
    owner(sample.name).samples.push(sample);
    return undefined;
  };

  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/^[ \t]+|[ \t]+$/g, '');
    if (line === '') continue;
    const says = line.startsWith('#') ? readComment(line) : readSample(line);
    if (says !== undefined) malformed.push({ line: index + 1, text: raw, says });
  }
  return {
    families: [...families.values()].map(({ name, type = 'untyped', help, samples }) => ({
      name,
      type,
      ...(help === undefined ? {} : { help }),
      samples,
    })),
    malformed,
  };
}
