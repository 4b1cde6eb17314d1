// Turns schema.graphql and src/graphql/*.graphql into typed documents under src/graphql/gql/ (not committed: made before every check and build).
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'src/graphql/*.graphql',
  silent: true,
  generates: {
    'src/graphql/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'readFragment' } },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: { Date: 'string', DateTime: 'string', Position: 'string' },
      },
    },
  },
}

export default config
