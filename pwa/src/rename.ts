/** Words that stand for something in a template, put in their place wherever they stand. */

import { apart } from './clean';

export type Names = Record<string, string>;

/** In attributes, in text, and in the templates inside. */
export function rename(root: DocumentFragment, names: Names): void {
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    for (const { name, value } of [...element.attributes]) {
      const named = renamed(value, names, name === 'value');
      if (named !== value) element.setAttribute(name, named);
    }
    for (const child of element.childNodes) {
      if (child instanceof Text) child.data = renamed(child.data, names);
    }
    if (element instanceof HTMLTemplateElement) rename(element.content, names);
  }
}

/** What a field holds is sent back, so it stays as it was typed. */
function renamed(text: string, names: Names, bare = false): string {
  let made = text;
  // By a function: what somebody typed may hold a $, which a plain replacement would read as a pattern.
  for (const [word, said] of Object.entries(names)) made = made.replaceAll(word, () => (bare ? said : apart(said)));
  return made;
}
