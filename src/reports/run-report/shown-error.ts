import { shownText } from '../../blob/shown-text';
import { ownFrames } from './own-frames';

// Overrides and isolates of the direction of writing, which make a text read as another.
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

/** A stack as a history keeps it, as Jest would print it: paths from the root, without frames of Jest. */
export const shownError = (text: string): string => ownFrames(shownText(text)).replace(DIRECTIONS, escaped);
