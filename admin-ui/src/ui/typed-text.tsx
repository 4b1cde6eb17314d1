// A text that somebody typed: it turns nothing around it, and what cannot be seen in it is shown by its code.
import { piecesOf } from '../lib/typed-text'

/** The character itself stays behind its code, so that what is copied is what the register holds. */
export function Pieces({ text }: { text: string }) {
  return piecesOf(text).map((piece, place) =>
    piece.code ? (
      <bdi key={place} data-unseen={piece.code}>
        {piece.text}
      </bdi>
    ) : (
      piece.text
    ),
  )
}

export function TypedText({ text }: { text: string | null | undefined }) {
  return text ? (
    <bdi>
      <Pieces text={text} />
    </bdi>
  ) : null
}
