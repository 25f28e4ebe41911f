/** Drawn for a square of 16; lines in the colour of the text. */
export const ICON_PATHS = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  dash: 'M4 8h8',
  warning: 'M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.2',
  info: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 7.2v4M8 4.8v.2',
  cookie: 'M8 2a6 6 0 106 6 3 3 0 01-3-3 3 3 0 01-3-3zM6 7v.2M6.5 11v.2M10 10.5v.2',
  link: 'M6.5 9.5l3-3M7 4.8l1-1a3 3 0 014.2 4.2l-1 1M9 11.2l-1 1A3 3 0 013.8 8l1-1',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3L14 14',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l8 5-8 5z',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  back: 'M9.5 3.5L5 8l4.5 4.5',
  down: 'M8 3v9M4.5 8.5L8 12l3.5-3.5',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.3a1.7 1.7 0 100 3.4 1.7 1.7 0 000-3.4z',
  send: 'M2.5 13.5L14 8 2.5 2.5 4.5 8z',
} as const;

export type IconName = keyof typeof ICON_PATHS;
