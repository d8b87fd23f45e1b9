/** The value of a JSON text; undefined when it is none, which no JSON text says. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
