/** A form's fields as name and value pairs, and back again. */

export type Pairs = [string, string][];

/** What was typed: no files, and not the id that only a page without script needs. */
export function pairsOf(form: HTMLFormElement, data = new FormData(form)): Pairs {
  return [...data].filter((pair): pair is [string, string] => pair[0] !== '_command' && typeof pair[1] === 'string');
}

export function fillForm(form: HTMLFormElement, pairs: Iterable<[string, string]>): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of form.elements) fillIn(control, left);
}

function fillIn(control: Element, left: Map<string, string[]>): void {
  if (control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type)) {
    control.checked = left.get(control.name)?.includes(control.value) ?? false;
  } else if (control instanceof HTMLSelectElement && control.multiple) {
    for (const option of control.options) option.selected = left.get(control.name)?.includes(option.value) ?? false;
  } else if (
    control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement
  ) {
    if (control.type === 'file' || control.name === '_command') return;
    const value = left.get(control.name)?.shift();
    if (value !== undefined) control.value = value;
  }
}

/** "inspection-{id}" with the form's own values in place of the names. */
export const named = (pattern: string, values: URLSearchParams): string =>
  pattern.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(values.get(name) ?? ''));

/** Nothing has been typed or chosen since the page gave it. */
export function isUntouched(form: HTMLFormElement): boolean {
  return [...form.elements].every((control) => {
    if (control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type)) {
      return control.checked === control.defaultChecked;
    }
    if (control instanceof HTMLInputElement && control.type === 'hidden') return true;
    if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
      return control.value === control.defaultValue;
    }
    return true;
  });
}
