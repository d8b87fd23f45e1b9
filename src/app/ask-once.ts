/**
 * The same client, which asks the same question only once: everybody gets the first answer, a refusal too. So a plan of hundreds of
 * items shows one moment, and asks a busy server little.
 */
export function askOnce<Client extends object>(client: Client, asked: Map<string, unknown>, name: string): Client {
  return new Proxy(client, {
    get: (target, key): unknown => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...questions: readonly unknown[]): unknown => {
        const question = JSON.stringify([name, key, questions.filter((each) => !(each instanceof AbortSignal))]);
        if (!asked.has(question)) asked.set(question, Reflect.apply(value, target, questions));
        return asked.get(question);
      };
    },
  });
}
