// The few icons of the console. They stand beside a word or inside a named button, so all are hidden from assistive technology.
const SHAPES = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 5 5',
  close: 'M5 5l14 14M19 5 5 19',
  check: 'm4 12.5 5 5L20 6.5',
  stop: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.6 5.6l12.8 12.8',
  swap: 'M4 8h13l-4-4M20 16H7l4 4',
  warning: 'M12 4 2.5 20h19L12 4Zm0 6v5m0 2.6v.2',
  error: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.5v6m0 2.8v.2',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 7.5v6m0-9v.2',
  edit: 'm4 20 1-4.5L16 4.5l3.5 3.5-11 11L4 20Zm9.500-13 3.500 3.500',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  settings: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M5.600 18.400l2.100-2.100M16.300 7.700l2.100-2.100',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3.500v4M16 3.500v4',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.500V12l3.500 2.500',
  list: 'M4 6h16M4 12h16M4 18h16',
  declaration: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h3',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4 20.500c1-4 4-6 8-6s7 2 8 6',
  down: 'm6 9 6 6 6-6',
  right: 'm9 5 7 7-7 7',
  left: 'm15 5-7 7 7 7',
  up: 'm6 15 6-6 6 6',
  keyboard: 'M3 7h18v10H3zM6.500 10.200h.2M10 10.200h.2M14 10.200h.2M17.500 10.200h.2M8 14h8',
  command: 'M9 9h6v6H9zM9 9V6.500A2.500 2.500 0 1 0 6.500 9H9Zm6 0h2.500A2.500 2.500 0 1 0 15 6.500V9Zm0 6v2.500a2.500 2.500 0 1 0 2.500-2.500H15Zm-6 0H6.500A2.500 2.500 0 1 0 9 17.500V15Z',
  plus: 'M12 5v14M5 12h14',
  print: 'M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z',
  key: 'M8 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 12h9M17.500 12v3.500M21 12v2.500',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  offline: 'M4 4l16 16M5 10a11 11 0 0 1 4-2.200M19 10a11 11 0 0 0-5-2.600M8 14a6 6 0 0 1 3-1.500M12 18.500v.2',
  play: 'M8 5.500v13l11-6.500-11-6.500Z',
  pause: 'M8.500 5v14M15.500 5v14',
  filter: 'M4 6h16l-6 7v6l-4-2v-4L4 6Z',
  mail: 'M3 6h18v12H3zM3.500 6.500 12 13l8.500-6.500',
  approval: 'M5 3h14v11M5 3v18h6M9 8h6M9 12h4m0 6.500 3 3 5.500-6',
  chart: 'M4 20h16M7 16v-5M12 16V5M17 16V9',
  home: 'M3 11 12 4l9 7M6 9v11h12V9M10 20v-6h4v6',
  shield: 'M12 3 5 6v6c0 4.500 3 7.500 7 9 4-1.500 7-4.500 7-9V6l-7-3Zm-3 9 2.500 2.500L15.500 10',
  audit: 'M2 12c2.500-4.500 6-7 10-7s7.500 2.500 10 7c-2.500 4.500-6 7-10 7s-7.500-2.500-10-7ZM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z',
  download: 'M12 4v11m-5-5 5 5 5-5M5 20h14',
  flag: 'M6 21V4h12l-3 4.500 3 4.500H6',
} as const

export type IconName = keyof typeof SHAPES

export function Icon({ name, className = 'size-[1.125em]' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={`inline-block shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  )
}
