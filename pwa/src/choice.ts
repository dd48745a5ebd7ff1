/** A one-tap form (radio buttons sent on change) has no pending look: the choice itself shows what is queued. */

import type { Op } from './command';
import { fillForm } from './fields';

export function restoreChoice(form: HTMLFormElement, op: Op): void {
  if (form.hasAttribute('data-autosend')) fillForm(form, new URLSearchParams(op.body ?? ''));
}

export function startAutosend(): void {
  document.addEventListener('change', (event) => {
    const control = event.target as HTMLInputElement;
    const form = control.form;
    if (!form?.hasAttribute('data-autosend') || control.type === 'file') return;
    if (['radio', 'checkbox', 'select-one'].includes(control.type)) form.requestSubmit();
  });
}
