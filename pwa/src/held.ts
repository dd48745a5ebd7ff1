/** Something arrived too late for its record: the office has it whole and decides. The phone says so once. */

import { onNews } from './channel';
import { toast } from './toast';

export function startHeld(): void {
  onNews('answered', ({ receipt }) => {
    if (receipt?.outcome !== 'held') return;
    toast('The office has received it and will look at it, because something changed meanwhile.');
  });
}
