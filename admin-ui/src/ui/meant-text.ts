// What is typed over a list of choices. What is being converted is not looked for: it is not what the person means yet.
import { type CompositionEvent, type KeyboardEvent, useRef, useState } from 'react'
import { isConverting } from '../lib/ime'

type FieldKey = KeyboardEvent & { continuePropagation: () => void }

export function useMeantText() {
  const [text, setText] = useState('')
  const [meant, setMeant] = useState('')
  const composing = useRef(false)
  return {
    meant,
    autocomplete: {
      inputValue: text,
      onInputChange: (value: string) => {
        setText(value)
        if (!composing.current) setMeant(value)
      },
    },
    /** Keys that belong to the input method do not reach the list. */
    field: {
      onKeyDown: (event: FieldKey) => {
        if (!isConverting(event)) event.continuePropagation()
      },
    },
    input: {
      onCompositionStart: () => {
        composing.current = true
      },
      onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => {
        composing.current = false
        setMeant(event.currentTarget.value)
      },
    },
  }
}
