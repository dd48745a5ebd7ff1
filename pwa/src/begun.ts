/** Records that were begun on this phone and are not known to the office yet. */

import { field } from './command';
import { allOps } from './ops';

/** Whether what begins the record of this page still waits here to be sent: then the office has no such page. */
export async function isUnsent(path: string): Promise<boolean> {
  try {
    return (await allOps()).some((op) => {
      const id = field(op, 'id');
      const page = `${new URL(op.url, location.origin).pathname}/${id}`;
      return id !== null && (path === page || path.startsWith(`${page}/`));
    });
  } catch {
    // A store that does not open: then nothing is thrown away either.
    return true;
  }
}
