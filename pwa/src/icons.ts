/** The few pictures the script draws itself. */

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  tick: ['M5 12.8l4.5 4.4L19 7.2'],
  phone: ['M9 2.5h6a2.5 2.5 0 0 1 2.5 2.5v14a2.5 2.5 0 0 1-2.5 2.5H9A2.5 2.5 0 0 1 6.500 19V5A2.5 2.5 0 0 1 9 2.5z', 'M9.7 12.2l1.7 1.7 3-3.4'],
  arrow: ['M12 19.5V5M6 11l6-6 6 6'],
  warn: ['M12 4l9 16H3zM12 10v4.500M12 17.200v.1'],
  go: ['M9 5l7 7-7 7'],
} as const;

export type Icon = keyof typeof PATHS;

export function icon(name: Icon, extra = ''): SVGElement {
  const svg = make('svg', { class: `i ${extra}`.trim(), viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  for (const d of PATHS[name]) svg.append(make('path', { d }));
  return svg;
}

/** A thin line that fills: an SVG attribute, because the page allows no inline style. */
export function line(className: string, percent: number, height: string): SVGElement {
  const svg = make('svg', { class: className, 'aria-hidden': 'true' });
  svg.append(make('rect', { width: `${percent}%`, height }));
  return svg;
}

function make(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
