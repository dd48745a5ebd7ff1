/** <form data-nearest>: this phone is asked where it is, and only then is the list asked for. */

import { whereThisIs } from './position';
import { toast } from './toast';

async function askAndGo(form: HTMLFormElement): Promise<void> {
  toast('Asking this phone where it is.');
  const found = await whereThisIs();
  const answer = typeof found === 'string'
    ? { why: found }
    : { latitude: found.latitude.toFixed(4), longitude: found.longitude.toFixed(4) };
  // The list may have been drawn again meanwhile, for other words.
  const now = form.isConnected ? form : document.querySelector<HTMLFormElement>('form[data-nearest]');
  if (!now) return;
  for (const [name, value] of Object.entries({ latitude: '', longitude: '', why: '', ...answer })) {
    const field = now.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!field) continue;
    field.value = value;
    field.disabled = name === 'why' && !value;
  }
  now.submit();
}

export function startNearest(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('form[data-nearest]')) return;
    event.preventDefault();
    void askAndGo(form);
  });
}
