// zod for the forms. Without compiling: it would probe for `new Function`, which the content security policy reports as an attack.
import * as z from 'zod/mini'

z.config({ jitless: true })

export { z }
