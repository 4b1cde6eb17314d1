// Every address of the console, in one place. Components link with the typed routes; this is for text and tests.
export const paths = {
  home: () => '/',
  signIn: () => '/sign-in',
  invitation: () => '/invitation',
  forgotPassword: () => '/forgot-password',
  declarations: () => '/declarations',
  declaration: (id: string) => `/declarations/${encodeURIComponent(id).replaceAll('%3A', ':')}`,
  newDeclaration: () => '/declarations/new',
  correctDeclaration: (id: string) => `${paths.declaration(id)}/correct`,
} as const
