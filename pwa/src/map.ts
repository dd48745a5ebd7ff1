/** Last known places, of those who are on the page: what the list says, seen at once. Loaded by the wall and an alarm only. */

import './shared';
import { DivIcon, GridLayer, Map as Chart, Marker, TileLayer, control, latLngBounds, type LatLngTuple } from 'leaflet';

const CLOSE = 16;
const PIN_PX = 36;

export function startMap(): void {
  const place = document.querySelector<HTMLElement>('[data-map]');
  const view = place?.querySelector<HTMLElement>('.map__view');
  if (!place || !view) return;
  const chart = new Chart(view, { zoomControl: true, attributionControl: true, fadeAnimation: false, zoomAnimation: false });
  chart.attributionControl.setPrefix(false);
  const tiles = place.dataset['tiles'];
  if (tiles) new TileLayer(tiles, { maxZoom: 19, attribution: inText(place.dataset['credit'] ?? '') }).addTo(chart);
  else new Squares().addTo(chart);
  control.scale({ imperial: false }).addTo(chart);
  const shown = new Shown(chart, place);
  shown.look();
  document.addEventListener('htmx:after:swap', () => shown.look());
}

/** Leaflet takes what it is given for markup. */
function inText(words: string): string {
  const place = document.createElement('span');
  place.textContent = words;
  return place.innerHTML;
}

/** Without a map of the council's: squares, so that near and far can be told by the scale. */
class Squares extends GridLayer {
  protected override createTile(): HTMLElement {
    const square = document.createElement('div');
    square.className = 'map__square';
    return square;
  }
}

class Shown {
  private pins: Marker[] = [];
  private known = '';

  constructor(
    private readonly chart: Chart,
    private readonly place: HTMLElement,
  ) {}

  look(): void {
    const found = [...document.querySelectorAll<HTMLElement>('[data-point]')];
    const now = found.map((one) => `${one.dataset['point']} ${one.dataset['who']} ${one.dataset['alarm'] ?? ''}`).join('\n');
    if (now === this.known) return;
    this.known = now;
    this.place.hidden = !found.length;
    for (const pin of this.pins) pin.remove();
    this.pins = found.map((one) => pinOf(one).addTo(this.chart));
    if (!found.length) return;
    this.chart.invalidateSize();
    this.chart.fitBounds(latLngBounds(this.pins.map((pin) => pin.getLatLng())).pad(0.2), { maxZoom: CLOSE, animate: false });
  }
}

function pinOf(one: HTMLElement): Marker {
  const who = one.dataset['who'] ?? '';
  const isAlarm = one.dataset['alarm'] !== undefined;
  const letters = document.createElement('span');
  letters.textContent = [...who.matchAll(/(?:^|\s)(\S)/g)].map(([, first]) => first).join('').slice(0, 2);
  const icon = new DivIcon({
    className: isAlarm ? 'map__pin map__pin--alarm' : 'map__pin',
    html: letters,
    iconSize: [PIN_PX, PIN_PX],
  });
  const words = isAlarm ? `${who}: ${one.dataset['words'] ?? ''}` : who;
  const [north, east] = one.dataset['point']!.split(' ').map(Number) as LatLngTuple;
  return new Marker([north, east], { icon, title: words, alt: words, zIndexOffset: isAlarm ? 1_000 : 0 });
}
