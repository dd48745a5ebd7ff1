/** Where somebody will be, asked before they go out alone: spaces say nothing, and nobody but this phone may be there to say so. */

import { beside } from './mend';

export function startPlace(): void {
  // Before htmx takes the form, and stores it.
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const field = form.querySelector<HTMLInputElement>('[data-blank]');
    if (!field) return;
    clear(form, field);
    if (field.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Not twice where the office has said it.
    if (!around(form, field).querySelector('.govuk-error-message')) beside(form, field.name, field.dataset['blank']!);
    field.focus();
  }, true);
}

/** Of this field alone: what is said of another one is not said of it. */
const around = (form: HTMLFormElement, field: HTMLElement): Element => field.closest('.govuk-form-group') ?? form;

/** What was said of it before; the office's own remark goes with the form that it came in. */
function clear(form: HTMLFormElement, field: HTMLElement): void {
  const said = around(form, field).querySelector('[data-said]');
  if (!said) return;
  field.setAttribute('aria-describedby', (field.getAttribute('aria-describedby') ?? '').replace(said.id, '').trim());
  field.removeAttribute('aria-invalid');
  field.closest('.govuk-form-group')?.classList.remove('govuk-form-group--error');
  said.remove();
}
