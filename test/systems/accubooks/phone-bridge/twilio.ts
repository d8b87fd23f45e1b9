interface Account {
  readonly twilioUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
  readonly to: string;
}

interface Made {
  readonly sid: string;
}

const answerWithinMs = 10_000;

/** Makes calls and messages to the on-call phone; throws what Twilio says when it refuses. */
export function createTwilio({ twilioUrl, accountSid, authToken, from, to }: Account) {
  const post = async (resource: string, fields: Readonly<Record<string, string>>): Promise<Made> => {
    const answer = await fetch(`${twilioUrl}/2010-04-01/Accounts/${accountSid}/${resource}.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      body: new URLSearchParams({ From: from, To: to, ...fields }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`Twilio answered ${String(answer.status)}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Made;
  };
  return {
    /** Twilio asks `url` what to say. */
    call: async (url: string): Promise<Made> => await post('Calls', { Url: url, MachineDetection: 'Enable' }),
    message: async (words: string): Promise<Made> => await post('Messages', { Body: words }),
  };
}
