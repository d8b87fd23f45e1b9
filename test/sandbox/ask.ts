/** One HTTP question of the sandbox to its own parts; anything but 2xx is an error that holds the answer. Independent of the clients under test. */
export async function ask(method: string, url: string, json?: unknown): Promise<string> {
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(10_000), ...body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${String(answer.status)}: ${text.slice(0, 500)}`);
  return text;
}

export async function askJson<Answer>(method: string, url: string, json?: unknown): Promise<Answer> {
  return JSON.parse(await ask(method, url, json)) as Answer;
}

/** The value of a metric without labels in the Prometheus text format; NaN when it is not there. */
export function valueOf(metrics: string, name: string): number {
  const line = metrics.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? NaN : Number(line.slice(name.length + 1));
}
