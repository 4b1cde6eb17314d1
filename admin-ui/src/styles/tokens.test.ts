// Contrast of every pair of colours that meets on a screen, in both palettes: 4.5 for text, 3 for what marks a control or a state.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const tokens = read('./tokens.css')
const agency = read('../../node_modules/@digital-go-jp/design-tokens/dist/tokens.css')

function declarations(css: string): Map<string, string> {
  return new Map([...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name ?? '', value?.trim() ?? '']))
}

const block = (start: string) => {
  const from = tokens.indexOf(start)
  return declarations(tokens.slice(from, tokens.indexOf('}', from)))
}

const palettes = { light: block(':root {'), dark: block(":root[data-theme='dark'] {") }
const shared = declarations(agency)

function channels(palette: Map<string, string>, name: string): number[] {
  let value = palette.get(name) ?? shared.get(name) ?? ''
  for (let reference = /^var\((--[\w-]+)\)$/.exec(value); reference; reference = /^var\((--[\w-]+)\)$/.exec(value)) {
    value = palette.get(reference[1] ?? '') ?? shared.get(reference[1] ?? '') ?? ''
  }
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value)?.[1]
  if (!hex) throw new Error(`${name} is not a colour: ${value}`)
  const six = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex
  return [0, 2, 4].map((place) => Number.parseInt(six.slice(place, place + 2), 16) / 255)
}

function luminance(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(palette: Map<string, string>, one: string, other: string): number {
  const [high = 0, low = 0] = [one, other].map((name) => luminance(channels(palette, `--${name}`))).toSorted((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['bg', 'surface', 'raised', 'hover', 'selected']
const TEXT: [string, string][] = [
  ...GROUNDS.flatMap((ground) => ['text', 'muted', 'link', 'star', 'bad', 'good'].map((ink): [string, string] => [ink, ground])),
  ['on-accent', 'accent'], ['on-accent', 'accent-hover'],
  ['good', 'good-bg'], ['quiet', 'quiet-bg'], ['warn', 'warn-bg'], ['bad', 'bad-bg'], ['past', 'past-bg'],
  ['text', 'past-bg'], ['text', 'bad-bg'], ['text', 'warn-bg'], ['mark', 'mark-bg'],
]
const MARKS: [string, string][] = [
  ...GROUNDS.flatMap((ground) => ['control', 'accent', 'bad-line', 'focus'].map((ink): [string, string] => [ink, ground])),
  ['past-line', 'bg'], ['warn', 'bg'], ['focus', 'past-bg'], ['focus', 'focus-ring'],
]

for (const [name, palette] of Object.entries(palettes)) {
  test.each(TEXT)(`${name}: text %s on %s can be read`, (ink, ground) => {
    expect(contrast(palette, ink, ground)).toBeGreaterThanOrEqual(4.5)
  })
  test.each(MARKS)(`${name}: %s on %s can be made out`, (ink, ground) => {
    expect(contrast(palette, ink, ground)).toBeGreaterThanOrEqual(3)
  })
}

test('dark by choice and dark by the system are the same palette', () => {
  expect(block(':root:not([data-theme]) {')).toEqual(palettes.dark)
})

test('both palettes give every name a value', () => {
  expect([...palettes.dark.keys()].toSorted()).toEqual([...palettes.light.keys()].toSorted())
})
