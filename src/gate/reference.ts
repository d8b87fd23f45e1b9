import { z } from 'zod';

/** What a name in a gate can refer to. */
export type ReferenceTo = 'item' | 'channel' | 'check' | 'board' | 'person';

/** The name of one of the gate's channels; the loader refuses a gate in which there is no such channel. */
export function channelName() {
  return nameOf('channel');
}

/** The name of a check that one of the gate's check files declares; the loader refuses others. */
export function checkName() {
  return nameOf('check');
}

/** The id of another item of the gate; the loader refuses others. */
export function itemId() {
  return nameOf('item');
}

/** The name of a board that one of the gate's board files declares; the loader refuses others. */
export function boardName() {
  return nameOf('board');
}

/** The name of one of the gate's people; the loader refuses others. */
export function personName() {
  return nameOf('person');
}

function nameOf(reference: ReferenceTo) {
  return z.string().min(1).meta({ reference });
}
