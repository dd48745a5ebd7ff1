/** The viewer's parts: the page's own dialog where it has one, else the same made here. */

export interface ViewerParts {
  dialog: HTMLDialogElement;
  stage: HTMLElement;
  photo: HTMLImageElement;
  close: HTMLElement;
  place: HTMLElement;
  caption: HTMLElement;
  state: HTMLElement;
  before: HTMLElement;
  after: HTMLElement;
  draw: HTMLElement;
  bar: HTMLElement;
}

export function viewerDialog(): ViewerParts {
  const dialog = document.querySelector<HTMLDialogElement>('dialog[data-viewer]') ?? build();
  const get = <T extends HTMLElement>(name: string): T => dialog.querySelector<T>(`[data-viewer-${name}]`)!;
  return {
    dialog, stage: get('stage'), photo: get<HTMLImageElement>('photo'), close: get('close'), place: get('place'),
    caption: get('caption'), state: get('state'), before: get('before'), after: get('after'), draw: get('draw'),
    bar: dialog.querySelector<HTMLElement>('.viewer__bar')!,
  };
}

export function element(tag: string, attributes: Record<string, string>, ...inside: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

export const press = (words: string, attributes: Record<string, string>): HTMLElement =>
  element('button', { type: 'button', class: 'tool', ...attributes }, words);

function build(): HTMLDialogElement {
  const dialog = element('dialog', { class: 'viewer', 'data-viewer': '', 'aria-label': 'Photo' },
    element('div', { class: 'viewer__top' }, press('Close', { 'data-viewer-close': '' }), element('span', { 'data-viewer-place': '' })),
    element('div', { class: 'viewer__stage', 'data-viewer-stage': '', tabindex: '0', role: 'group',
      'aria-label': 'The photo. Pinch or use plus and minus to zoom' }, element('img', { alt: '', 'data-viewer-photo': '' })),
    element('div', { class: 'viewer__bar' },
      element('div', {}, element('p', { 'data-viewer-caption': '' }), element('p', { class: 'small soft', 'data-viewer-state': '' })),
      element('div', { class: 'tools' }, press('Before', { 'data-viewer-before': '' }),
        press('Draw on it', { 'data-viewer-draw': '' }), press('Next', { 'data-viewer-after': '' }))));
  document.body.append(dialog);
  return dialog as HTMLDialogElement;
}
