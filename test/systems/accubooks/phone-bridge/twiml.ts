const head = '<?xml version="1.0" encoding="UTF-8"?>';

/** Says the words, twice, and waits for a key. */
export function askForADigit(words: string, action: string): string {
  const say = `<Say loop="2">${escaped(words)}. Press any key when you have understood.</Say>`;
  return `${head}<Response><Gather numDigits="1" timeout="10" action="${escaped(action)}">${say}</Gather><Say>No key was pressed.</Say></Response>`;
}

export const goodbye = `${head}<Response><Say>Thank you.</Say><Hangup/></Response>`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
