/** What was typed, as the office will store it: nothing that nobody can see, or that turns round what is read. */

// The same list as in pwa/forms.py.
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export const clean = (text: string): string => text.normalize('NFC').replace(UNSEEN, '');
