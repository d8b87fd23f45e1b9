/** What the stand-in does of TwiML: it speaks, and waits for digits. */
export interface Instructions {
  readonly says: string;
  readonly gather: { readonly action: string; readonly method: string } | undefined;
}

/** Undefined when it is no TwiML: Twilio then says that an application error has occurred, and hangs up. */
export function readTwiml(text: string): Instructions | undefined {
  if (!/<Response\b[^>]*?(\/>|>[\s\S]*<\/Response>)/.test(text)) return undefined;
  const says = [...text.matchAll(/<Say\b[^>]*>([\s\S]*?)<\/Say>/g)].map(([, words = '']) => unescaped(words)).join(' ');
  const gather = /<Gather\b([^>]*)>/.exec(text)?.[1];
  return {
    says,
    gather: gather === undefined ? undefined : { action: attribute(gather, 'action') ?? '', method: attribute(gather, 'method') ?? 'POST' },
  };
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return value === undefined ? undefined : unescaped(value);
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}
