/** What was typed, as the office will store it: nothing that nobody can see, or that turns round what is read. */

// The same list as in pwa/forms.py.
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export const clean = (text: string): string => text.normalize('NFC').replace(UNSEEN, '');

// The same as in pwa/direction.py.
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Beside other words, where no element can stand: words written from the right turn nothing round. Once is enough. */
export const apart = (text: string): string =>
  FROM_THE_RIGHT.test(text) && !text.includes('\u2068') ? `\u2068${text}\u2069` : text;
