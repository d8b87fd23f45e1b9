import { createHash } from 'node:crypto';

export interface PageContent {
  /** What has just happened, and whether it is good news. */
  readonly notice?: { readonly says: string; readonly isGood: boolean } | undefined;
  /** What the form is filled in with. */
  readonly token?: string | undefined;
  readonly name?: string | undefined;
  /** The message as it was sent, to be compared. */
  readonly sent?: { readonly subject: string; readonly text: string } | undefined;
  /** Nothing is left to do: the form is left out. */
  readonly isDone?: boolean | undefined;
}

const style = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1.5rem; }
main { max-width: 34rem; margin: 2rem auto; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin: 1rem 0 0.25rem; }
input, button { box-sizing: border-box; font: inherit; width: 100%; padding: 0.6rem 0.75rem; border-radius: 0.4rem; border: 1px solid #767676; }
button { margin-top: 1.5rem; background: #1d4ed8; border-color: #1d4ed8; color: #fff; font-weight: 600; cursor: pointer; }
input:focus-visible, button:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
blockquote { margin: 1rem 0; padding: 0.75rem 1rem; border-left: 4px solid #767676; background: #7676761a; white-space: pre-wrap; overflow-wrap: anywhere; }
.notice { padding: 0.75rem 1rem; border-left: 4px solid #b91c1c; background: #b91c1c1a; }
.good { border-color: #15803d; background: #15803d1a; }
small { display: block; margin-top: 0.25rem; }
`;

/** Nothing is loaded, nothing runs, nothing frames it: a page for one form. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** The page on which a person says that a message has arrived. */
export function renderPage({ notice, token = '', name = '', sent, isDone = false }: PageContent): string {
  const shown =
    notice === undefined
      ? ''
      : `<p class="notice${notice.isGood ? ' good' : ''}" role="${notice.isGood ? 'status' : 'alert'}">${escape(notice.says)}</p>`;
  const message =
    sent === undefined
      ? ''
      : `<p>This is what was sent. Say so only if it reads the same in the chat:</p><blockquote>${escape(sent.subject)}\n${escape(sent.text)}</blockquote>`;
  const form = `<form method="post">
<label for="token">Token</label>
<input id="token" name="token" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="token-help" value="${escape(token)}">
<small id="token-help">It stands in the message or alert: lp and what follows it.</small>
<label for="name">Your name</label>
<input id="name" name="name" required maxlength="80" autocomplete="name" value="${escape(name)}">
<button type="submit">I have seen it in the chat</button>
</form>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Has it arrived? – liveproof</title><style>${style}</style></head>
<body><main>
<h1>${isDone ? 'Thank you' : 'Has the message arrived?'}</h1>
${shown}
${isDone ? '<p>You can close this page.</p>' : `<p>A launch gate waits for a person to say that a test message has arrived in the chat. Your name will stand on its report.</p>\n${message}\n${form}`}
</main></body>
</html>
`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
