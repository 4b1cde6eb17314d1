// Every state that a page can be in, in Japanese: see `harness/states.mjs`.
import { examineStates } from './harness/states.mjs'

examineStates('ja')
