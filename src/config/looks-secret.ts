const secretWord = /password|passphrase|passwd|token|secret|credential|apikey$|^pass$|^pwd?$|^keys?$/;

/**
 * Whether a variable or key with this name holds something that must not be shown: `SMTP_PASSWORD`, `apiKey`, `token`.
 * Words are told apart, so that `MONKEY_URL` is no key.
 */
export function looksSecret(name: string): boolean {
  return name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).some((word) => secretWord.test(word.toLowerCase()));
}
