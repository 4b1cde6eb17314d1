// Every state that a page can be in, in English: see `harness/states.mjs`.
import { examineStates } from './harness/states.mjs'

examineStates('en')
