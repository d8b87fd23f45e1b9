/** Something is missing that only a person can bring; the message says what and how, and the exit code is 2. */
export class CannotSetUp extends Error {}
