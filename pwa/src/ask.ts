/** A question in the middle of the screen. Escape is the last choice. */

interface Choice<T> {
  value: T;
  label: string;
  main?: boolean;
}

export function ask<T>(question: string, detail: string, choices: Choice<T>[]): Promise<T> {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'ask';
    const title = Object.assign(document.createElement('h2'), { textContent: question, id: 'ask-title' });
    dialog.setAttribute('aria-labelledby', title.id);
    const words = Object.assign(document.createElement('p'), { textContent: detail });
    const buttons = Object.assign(document.createElement('div'), { className: 'btns' });
    let answer = choices.at(-1)!.value;
    for (const { value, label, main } of choices) {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
      button.className = main ? 'btn btn--main' : 'btn';
      button.addEventListener('click', () => {
        answer = value;
        dialog.close();
      });
      buttons.append(button);
    }
    dialog.append(title, words, buttons);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
