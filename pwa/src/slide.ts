/** Two photographs of the same thing, one over the other: a range input says how much of the earlier one is seen. */

export function startSliding(): void {
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches('[data-slide]')) return;
    target.closest<HTMLElement>('[data-slid]')?.style.setProperty('--at', `${target.value}%`);
  });
}
