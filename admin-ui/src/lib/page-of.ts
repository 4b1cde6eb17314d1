/** A sheet lies over its page and is no page of its own. */
export const pageOf = (path: string) =>
  path
    .replace(/(\/declarations\/[^/]+)\/(?:correct|forget|do(?:\/[^/]+)?)$/, '$1')
    .replace(/^\/settings\/calendar\/.*/, '/settings/calendar')
    .replace(/(\/settings\/schedules)\/new$|(\/settings\/schedules\/[^/]+)\/change$/, '$1$2')
    .replace(/(\/settings\/(?:staff|tokens))\/(?:invite|issue)$|(\/settings\/staff\/[^/]+)\/roles$/, '$1$2')
    .replace(/^(\/(?:requests|incidents))\/new$|^(\/(?:requests|incidents)\/[^/]+)\/do\/[^/]+$/, '$1$2')
    .replace(/^(\/bulk-changes|\/imports|\/exports)\/new$/, '$1')
    .replace(/^\/settings\/mail(\/suppressions)?\/(test|new)$/, '/settings/mail$1')
