// Buttons. One that cannot be used now stays focusable and says why, so that nobody has to guess.
import { type ButtonHTMLAttributes, type ReactNode, type Ref, useId } from 'react'
import { Icon, type IconName } from './icons'

export type ButtonLook = 'primary' | 'secondary' | 'plain' | 'danger'

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent border-accent hover:bg-accent-hover hover:border-accent-hover font-bold',
  secondary: 'bg-bg text-text border-control hover:bg-hover',
  plain: 'bg-transparent text-link border-transparent hover:bg-hover',
  danger: 'bg-bg text-bad border-bad-line hover:bg-bad-bg font-bold',
}

const OFF = 'bg-quiet-bg text-quiet border-line hover:bg-quiet-bg hover:border-line'

/** The looks of a button, for links that lead to the next action. */
export function buttonClass(look: ButtonLook = 'secondary', off = false, size: 'md' | 'sm' = 'md') {
  const box =
    size === 'sm' ? 'min-h-8 touch:min-h-11 px-2.5 text-sm' : 'min-h-10 touch:min-h-11 px-4 text-base'
  return `inline-flex items-center justify-center gap-1.5 rounded-md border leading-snug no-underline ${box} ${off ? OFF : LOOKS[look]}`
}

/** A link that is one of several choices, in the address: the chosen one stands out. */
export const CHOICE_LINK = 'flex min-h-8 items-center rounded-md border border-control px-2.5 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:bg-selected aria-[current=page]:font-bold touch:min-h-11'

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  look?: ButtonLook
  size?: 'md' | 'sm'
  icon?: IconName
  /** Why it cannot be used now. */
  reason?: string
  ref?: Ref<HTMLButtonElement>
}

export function Button({ look = 'secondary', size = 'md', icon, reason, children, className = '', onClick, type = 'button', ...rest }: Props) {
  const reasonId = useId()
  return (
    <>
      <button
        {...rest}
        type={type}
        className={`${buttonClass(look, reason !== undefined, size)} ${className}`}
        aria-disabled={reason !== undefined || undefined}
        aria-describedby={reason ? reasonId : rest['aria-describedby']}
        title={reason ?? rest.title}
        onClick={(event) => {
          if (reason === undefined) onClick?.(event)
          else event.preventDefault()
        }}
      >
        {icon && <Icon name={icon} />}
        {children}
      </button>
      {reason !== undefined && (
        <span id={reasonId} hidden>
          {reason}
        </span>
      )}
    </>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'aria-label'> {
  icon: IconName
  label: string
  ref?: Ref<HTMLButtonElement>
  children?: ReactNode
}

export function IconButton({ icon, label, className = '', type = 'button', children, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={rest.title ?? label}
      className={`inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text touch:size-11 ${className}`}
    >
      <Icon name={icon} />
      {children}
    </button>
  )
}
