/** Puts a relay's trace on top of a message, as every mail server on the way does. */
export function withTrace(message: string, { from, to }: { readonly from: string; readonly to: string }): string {
  const date = new Date().toUTCString();
  return `Return-Path: <${from}>\r\nDelivered-To: ${to}\r\nReceived: from localhost by sandbox with ESMTP for <${to}>; ${date}\r\n${message}`;
}

/** What a gateway that rewrites subjects makes of a message; long subjects run over several lines. */
export function withSubject(message: string, subject: string): string {
  const { head, body } = split(message);
  return `${head.replace(/^Subject:.*(?:\r\n[ \t].*)*/im, `Subject: ${subject}`)}${body}`;
}

/** What a content filter leaves of a message: subject and addresses, with a text of its own. */
export function withBody(message: string, text: string): string {
  const { head } = split(message);
  const kept = head.replace(/^Content-[^:]*:.*\r\n(?:[ \t].*\r\n)*/gim, '').trimEnd();
  return `${kept}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
}

/** `head` ends with the empty line. */
function split(message: string): { head: string; body: string } {
  const end = message.indexOf('\r\n\r\n');
  return end === -1 ? { head: `${message}\r\n\r\n`, body: '' } : { head: message.slice(0, end + 4), body: message.slice(end + 4) };
}
