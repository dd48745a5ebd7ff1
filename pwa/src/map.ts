/** Last known places, of those who are on the page: what the list says, seen at once. Loaded by the wall and an alarm only. */

import './shared';
import {
  Circle, DivIcon, GridLayer, Map as Chart, Marker, Polyline, TileLayer, control, latLngBounds,
  type LatLngBounds, type LatLngTuple, type Layer,
} from 'leaflet';

const CLOSE = 16;
const PIN_PX = 36;
const PHONE_PX = 18;
const DEGREE_METRES = 111_320;
const NOWHERE: LatLngTuple = [53.5, -1.5];
const FAR = 5;

export function startMap(): void {
  const place = document.querySelector<HTMLElement>('[data-map]');
  const view = place?.querySelector<HTMLElement>('.map__view');
  if (!place || !view) return;
  let shown: Shown | null = null;
  const look = (): void => {
    const any = document.querySelector('[data-point], [data-phone]') !== null;
    place.toggleAttribute('data-empty', !any);
    // On the wall of one size from the beginning: nothing beside it moves when somebody goes out or comes home.
    place.hidden = !any && place.dataset['map'] !== 'wall';
    // No tile is asked for while there is nothing to show on it.
    if (any) shown ??= new Shown(chartIn(place, view));
    shown?.look();
  };
  look();
  document.addEventListener('htmx:after:swap', look);
}

function chartIn(place: HTMLElement, view: HTMLElement): Chart {
  const chart = new Chart(view, { zoomControl: true, attributionControl: true, fadeAnimation: false, zoomAnimation: false });
  chart.attributionControl.setPrefix(false);
  chart.setView(NOWHERE, FAR, { animate: false });
  const tiles = place.dataset['tiles'];
  if (tiles) new Tiles(tiles, { maxZoom: 19, attribution: inText(place.dataset['credit'] ?? '') }).addTo(chart);
  else new Squares().addTo(chart);
  control.scale({ imperial: false }).addTo(chart);
  return chart;
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

interface Inside {
  _tiles: Record<string, { coords: { z: number }; el: HTMLImageElement }>;
  _tileZoom: number;
}

/** Tiles that are not wanted any more are let go of. Leaflet gives them an empty picture first, by a data: address, which the
 * content security policy does not allow. */
class Tiles extends TileLayer {
  _abortLoading(): void {
    const inside = this as unknown as Inside;
    for (const [key, { coords, el }] of Object.entries(inside._tiles)) {
      if (coords.z === inside._tileZoom || el.complete) continue;
      el.onload = el.onerror = null;
      el.remove();
      delete inside._tiles[key];
    }
  }

  _removeTile(key: string): void {
    (GridLayer.prototype as unknown as Record<'_removeTile', (key: string) => void>)._removeTile.call(this, key);
  }
}

interface Drawn {
  layers: Layer[];
  bounds: LatLngBounds;
}

/** What stands on it, by what it was drawn from: a change touches what changed, and no more. */
class Shown {
  private readonly drawn = new Map<string, Drawn>();

  constructor(private readonly chart: Chart) {}

  look(): void {
    const wanted = new Map<string, () => Drawn>();
    for (const one of document.querySelectorAll<HTMLElement>('[data-point]')) wanted.set(keyOf('home', one), () => homeOf(one));
    for (const one of document.querySelectorAll<HTMLElement>('[data-phone]')) wanted.set(keyOf('phone', one), () => phoneOf(one));
    const gone = [...this.drawn.keys()].filter((key) => !wanted.has(key));
    const come = [...wanted.keys()].filter((key) => !this.drawn.has(key));
    for (const key of gone) {
      for (const layer of this.drawn.get(key)!.layers) layer.remove();
      this.drawn.delete(key);
    }
    for (const key of come) {
      const made = wanted.get(key)!();
      for (const layer of made.layers) layer.addTo(this.chart);
      this.drawn.set(key, made);
    }
    if (come.length || gone.length) this.fit();
  }

  /** Where what is looked for lies out of sight, all of it comes into sight; otherwise the map stays as somebody moved it. */
  private fit(): void {
    const all = [...this.drawn.values()].map(({ bounds }) => bounds);
    if (!all.length) return;
    const whole = latLngBounds(all[0]!.getSouthWest(), all[0]!.getNorthEast());
    for (const bounds of all) whole.extend(bounds);
    this.chart.invalidateSize({ animate: false, pan: false });
    if (this.chart.getZoom() > FAR && this.chart.getBounds().contains(whole.pad(0.05))) return;
    this.chart.fitBounds(whole.pad(0.2), { maxZoom: CLOSE, animate: false });
  }
}

const keyOf = (kind: string, one: HTMLElement): string =>
  [kind, one.dataset['point'] ?? one.dataset['phone'], one.dataset['trail'], one.dataset['who'], one.dataset['alarm'], one.dataset['age']].join('|');

const placeOf = (text: string): LatLngTuple => text.split(' ').slice(0, 2).map(Number) as LatLngTuple;

function homeOf(one: HTMLElement): Drawn {
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
  const at = placeOf(one.dataset['point']!);
  const pin = new Marker(at, { icon, title: words, alt: words, zIndexOffset: isAlarm ? 1_000 : 0 });
  return { layers: [pin], bounds: latLngBounds([at]) };
}

/** Where a phone was: a square, the circle that it may be anywhere in, and the way since the alarm. */
function phoneOf(one: HTMLElement): Drawn {
  const [, , accuracy] = one.dataset['phone']!.split(' ').map(Number);
  const at = placeOf(one.dataset['phone']!);
  const words = `The phone of ${one.dataset['who'] ?? ''}, ${one.dataset['age'] ?? ''}`;
  const icon = new DivIcon({ className: 'map__phone', iconSize: [PHONE_PX, PHONE_PX] });
  const layers: Layer[] = [new Marker(at, { icon, title: words, alt: words, zIndexOffset: 2_000 })];
  const trail = (one.dataset['trail'] ?? '').split(',').filter(Boolean).map(placeOf);
  const seen = latLngBounds([at, ...trail]);
  const fixed = { interactive: false };
  if (accuracy) {
    layers.push(new Circle(at, { ...fixed, radius: accuracy, className: 'map__near' }));
    const half = accuracy / DEGREE_METRES;
    const wide = half / Math.cos((at[0] * Math.PI) / 180);
    seen.extend([at[0] - half, at[1] - wide]).extend([at[0] + half, at[1] + wide]);
  }
  if (trail.length > 1) layers.push(new Polyline(trail, { ...fixed, className: 'map__trail' }));
  return { layers, bounds: seen };
}
