/** Who is signed in on this page, as the server said when it made the page. Empty: nobody. */

export const person = (): string => document.body.dataset['person'] ?? '';
export const personName = (): string => document.body.dataset['personName'] ?? '';
