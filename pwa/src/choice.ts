/** A one-tap form (radio buttons sent on change) has no pending look: the choice itself shows what is queued. */

import type { Op } from './command';

export function restoreChoice(form: HTMLFormElement, op: Op): void {
  if (!form.hasAttribute('data-autosend') || op.body === null) return;
  const values = new URLSearchParams(op.body);
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type)) {
      control.checked = values.getAll(control.name).includes(control.value);
    } else if (control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) {
      const value = values.get(control.name);
      if (value !== null) control.value = value;
    }
  }
}

export function startAutosend(): void {
  document.addEventListener('change', (event) => {
    const control = event.target as HTMLInputElement;
    const form = control.form;
    if (!form?.hasAttribute('data-autosend') || control.type === 'file') return;
    if (['radio', 'checkbox', 'select-one'].includes(control.type)) form.requestSubmit();
  });
}
