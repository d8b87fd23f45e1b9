/** Ways in which the app can be made to misbehave, so that a gate can be shown to notice. Each names one metric, without `_bucket` and the like. */
export interface Sabotage {
  /** Leaves the metric out. */
  readonly hideMetric?: string | undefined;
  readonly renameMetric?: { readonly from: string; readonly to: string } | undefined;
  /** Announces a counter as a gauge, and anything else as a counter. */
  readonly wrongType?: string | undefined;
  /** Takes a label away and adds up what it told apart. */
  readonly dropLabel?: { readonly metric: string; readonly label: string } | undefined;
  /** Goes on reporting the values of the first scrape. */
  readonly freezeMetric?: string | undefined;
  /** Stamps the samples as ten minutes old. */
  readonly staleMetric?: string | undefined;
  /** Leaves out every second bucket of a histogram. */
  readonly wrongBuckets?: string | undefined;
  /** Doubles every value, as a counter that is increased in two places. */
  readonly countTwice?: string | undefined;
  /** `/health` says unhealthy. */
  readonly healthBroken?: boolean | undefined;
  /** No forecast succeeds. */
  readonly forecastBroken?: boolean | undefined;
}

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: string;
}

const staleMs = 600_000;
const labelForm = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g;

/** Turns an honest exposition into a sabotaged one; it remembers what it froze. */
export function createSaboteur(): (exposition: string, sabotage: Sabotage, nowMs?: number) => string {
  const frozen = new Map<string, string>();
  return (exposition, sabotage, nowMs = Date.now()) =>
    exposition
      .split(/\n(?=# HELP )/)
      .map((family) => {
        const name = /^# HELP (\S+)/.exec(family)?.[1] ?? '';
        const sabotaged = sabotageFamily(name, family, sabotage, nowMs);
        if (sabotage.freezeMetric !== name) return sabotaged;
        if (!frozen.has(name)) frozen.set(name, sabotaged);
        return frozen.get(name) ?? sabotaged;
      })
      .filter((family) => family !== '')
      .join('\n');
}

function sabotageFamily(name: string, family: string, sabotage: Sabotage, nowMs: number): string {
  const { renameMetric, dropLabel } = sabotage;
  if (sabotage.hideMetric === name) return '';
  if (renameMetric?.from === name)
    return family.replaceAll(new RegExp(`^(# \\w+ |)${name}(?=_bucket|_sum|_count|[{ ])`, 'gm'), `$1${renameMetric.to}`);
  if (sabotage.wrongType === name)
    return family.replace(
      /^# TYPE (\S+) (\S+)/m,
      (_, metric, type) => `# TYPE ${String(metric)} ${type === 'counter' ? 'gauge' : 'counter'}`,
    );
  if (dropLabel?.metric === name) return changeSamples(family, (samples) => mergeWithout(samples, dropLabel.label));
  if (sabotage.staleMetric === name)
    return changeSamples(family, (samples) =>
      samples.map((sample) => ({ ...sample, value: `${sample.value} ${String(nowMs - staleMs)}` })),
    );
  if (sabotage.wrongBuckets === name) return changeSamples(family, everySecondBucket);
  if (sabotage.countTwice === name)
    return changeSamples(family, (samples) => samples.map((sample) => ({ ...sample, value: String(2 * Number(sample.value)) })));
  return family;
}

function changeSamples(family: string, change: (samples: readonly Sample[]) => readonly Sample[]): string {
  const lines = family.split('\n');
  const samples = lines.flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', labels: match[2] ?? '', value: match[3] ?? '' }];
  });
  const written = change(samples).map(({ name, labels, value }) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`);
  return [...lines.filter((line) => line.startsWith('#')), ...written, ''].join('\n');
}

function mergeWithout(samples: readonly Sample[], label: string): readonly Sample[] {
  const merged = new Map<string, Sample>();
  for (const sample of samples) {
    const labels = [...sample.labels.matchAll(labelForm)]
      .filter(([, name]) => name !== label)
      .map(([, name, value]) => `${String(name)}="${String(value)}"`);
    const key = `${sample.name}{${labels.join(',')}}`;
    const before = Number(merged.get(key)?.value ?? 0);
    merged.set(key, { name: sample.name, labels: labels.join(','), value: String(before + Number(sample.value)) });
  }
  return [...merged.values()];
}

function everySecondBucket(samples: readonly Sample[]): readonly Sample[] {
  const bounds = [...new Set(samples.flatMap(({ labels }) => /le="([^"]*)"/.exec(labels)?.[1] ?? []))];
  const dropped = new Set(bounds.filter((bound, index) => bound !== '+Inf' && index % 2 === 1));
  return samples.filter(({ labels }) => !dropped.has(/le="([^"]*)"/.exec(labels)?.[1] ?? ''));
}
