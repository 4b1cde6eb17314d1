// To the second: several answers come within a minute. Breaks between the day and the time, not inside either.
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'

export function Moment({ at }: { at: string }) {
  const language = currentLanguage()
  return (
    <time dateTime={at}>
      <span className="num inline-block">{formatInstant(at, language, 'date')}</span> <span className="num inline-block">{formatInstant(at, language, 'seconds')}</span>
    </time>
  )
}
