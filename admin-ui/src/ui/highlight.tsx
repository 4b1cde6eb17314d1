// Marks the part of a text that a search found.
import { Pieces, TypedText } from './typed-text'

export function Highlight({ text, start, length }: { text: string; start: number; length: number }) {
  if (length <= 0 || start < 0 || start + length > text.length) return <TypedText text={text} />
  return (
    <bdi>
      <Pieces text={text.slice(0, start)} />
      <mark>
        <Pieces text={text.slice(start, start + length)} />
      </mark>
      <Pieces text={text.slice(start + length)} />
    </bdi>
  )
}
