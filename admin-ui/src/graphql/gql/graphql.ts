/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  Date: { input: string; output: string; }
  DateTime: { input: string; output: string; }
  /** A position in the log as a decimal string; positions have no gaps and grow in commit order. */
  Position: { input: string; output: string; }
};

export type AcceptInvitationInput = {
  login: Scalars['String']['input'];
  name: Scalars['String']['input'];
  password: Scalars['String']['input'];
  token: Scalars['String']['input'];
};

export type AcceptInvitationResult = InvalidInput | InvitationRefused | Session;

export type Actor = {
  __typename?: 'Actor';
  kind: ActorKind;
  name: Scalars['String']['output'];
};

export type ActorKind =
  | 'DECLARER'
  | 'STAFF'
  | 'SYSTEM';

/** Somebody was faster. Nothing was written. `fields` holds each field that they or you changed. */
export type Conflict = {
  __typename?: 'Conflict';
  at: Scalars['DateTime']['output'];
  by: Actor;
  fields: Array<ConflictField>;
  reason?: Maybe<TextResult>;
  version: Scalars['Position']['output'];
};

export type ConflictField = {
  __typename?: 'ConflictField';
  base?: Maybe<TextResult>;
  changedByMe: Scalars['Boolean']['output'];
  changedByThem: Scalars['Boolean']['output'];
  field: DeclarationField;
  mine?: Maybe<TextResult>;
  theirs?: Maybe<TextResult>;
};

export type Contact = {
  __typename?: 'Contact';
  department?: Maybe<FieldText>;
  email?: Maybe<FieldText>;
  name?: Maybe<FieldText>;
  phone?: Maybe<FieldText>;
};

export type ContactResult = Contact | Forgotten | Withheld;

export type CorrectDeclarationInput = {
  changes: Array<FieldInput>;
  /** Made by the client, once for each intent; a retry with the same id has the same result. */
  commandId: Scalars['ID']['input'];
  declarationId: Scalars['ID']['input'];
  expectedVersion: Scalars['Position']['input'];
  kind: CorrectionKind;
  reason: Scalars['String']['input'];
  /** Required for CHANGE. */
  since?: InputMaybe<Scalars['Date']['input']>;
};

export type CorrectDeclarationResult = Conflict | DeclarationCorrected | InvalidInput | NotFound;

/** ERROR: it was always so (誤りの訂正). CHANGE: a fact that changed on a day (事実の変更). */
export type CorrectionKind =
  | 'CHANGE'
  | 'ERROR';

export type Declaration = {
  __typename?: 'Declaration';
  asOf?: Maybe<Scalars['Date']['output']>;
  capitalYen?: Maybe<FieldText>;
  city?: Maybe<FieldText>;
  contact: ContactResult;
  corporateNumber?: Maybe<FieldText>;
  declaredOn: Scalars['Date']['output'];
  diagnosisScore?: Maybe<FieldText>;
  /** Fields whose value differs from today's; empty when `now`. */
  differsFromToday: Array<DeclarationField>;
  employees?: Maybe<FieldText>;
  entityType: EntityType;
  /** False when the declaration did not exist yet on the day asked for; facts are then those of its first day. */
  existed: Scalars['Boolean']['output'];
  flags: Array<FlagCode>;
  /** Oldest first. */
  history: Array<HistoryEntry>;
  id: Scalars['ID']['output'];
  industry?: Maybe<FieldText>;
  name: NameResult;
  /** The day and position shown; `now` is false when either axis looks back. */
  now: Scalars['Boolean']['output'];
  number: Scalars['String']['output'];
  organizationId: Scalars['ID']['output'];
  /** The organisation's other declarations. */
  others: Array<DeclarationRow>;
  pledgeVersion?: Maybe<PledgeVersion>;
  policyPublishedOn?: Maybe<FieldText>;
  policyUrl?: Maybe<FieldText>;
  prefecture?: Maybe<Prefecture>;
  prefectureText?: Maybe<FieldText>;
  premises: PremisesResult;
  publishConsent?: Maybe<FieldText>;
  published: Scalars['Boolean']['output'];
  recordedUpTo?: Maybe<Scalars['Position']['output']>;
  remarks: RemarksResult;
  representative: RepresentativeResult;
  sizeClass: SizeHint;
  star?: Maybe<Star>;
  state: DeclarationState;
  stop?: Maybe<Stop>;
  tradeName?: Maybe<FieldText>;
  /** What a change must name as its `expectedVersion`: the position of the newest fact-changing event. */
  version: Scalars['Position']['output'];
};

export type DeclarationConnection = {
  __typename?: 'DeclarationConnection';
  facets: Facets;
  nodes: Array<DeclarationRow>;
  pageInfo: PageInfo;
  position: Scalars['Position']['output'];
  total: Total;
};

export type DeclarationCorrected = {
  __typename?: 'DeclarationCorrected';
  declarationId: Scalars['ID']['output'];
  position: Scalars['Position']['output'];
  version: Scalars['Position']['output'];
};

export type DeclarationField =
  | 'BUILDING'
  | 'CAPITAL_YEN'
  | 'CITY'
  | 'CONTACT_DEPARTMENT'
  | 'CONTACT_EMAIL'
  | 'CONTACT_NAME'
  | 'CONTACT_PHONE'
  | 'CORPORATE_NUMBER'
  | 'DECLARATION_NO'
  | 'DECLARED_ON'
  | 'DIAGNOSIS_SCORE'
  | 'EMPLOYEES'
  | 'ENTITY_TYPE'
  | 'INDUSTRY'
  | 'NAME'
  | 'NAME_KANA'
  | 'PLEDGE_VERSION'
  | 'POLICY_PUBLISHED_ON'
  | 'POLICY_URL'
  | 'POSTAL_CODE'
  | 'PREFECTURE'
  | 'PUBLISH_CONSENT'
  | 'REMARKS'
  | 'REPRESENTATIVE_NAME'
  | 'REPRESENTATIVE_TITLE'
  | 'STAR'
  | 'STREET'
  | 'TRADE_NAME';

export type DeclarationFilter = {
  flags?: InputMaybe<Array<FlagCode>>;
  prefectures?: InputMaybe<Array<Scalars['String']['input']>>;
  stars?: InputMaybe<Array<Star>>;
  states?: InputMaybe<Array<DeclarationState>>;
};

export type DeclarationResult = Declaration | NotFound | NotYet;

export type DeclarationRow = {
  __typename?: 'DeclarationRow';
  /** When the newest change was recorded. */
  changedAt: Scalars['DateTime']['output'];
  city?: Maybe<Scalars['String']['output']>;
  corporateNumber?: Maybe<Scalars['String']['output']>;
  declaredOn: Scalars['Date']['output'];
  entityType: EntityType;
  flags: Array<FlagCode>;
  id: Scalars['ID']['output'];
  /** Why a search found this row; null without a search. */
  matched?: Maybe<Matched>;
  name: NameResult;
  number: Scalars['String']['output'];
  prefecture?: Maybe<Prefecture>;
  star?: Maybe<Star>;
  state: DeclarationState;
  tradeName?: Maybe<Scalars['String']['output']>;
};

export type DeclarationSort =
  | 'CHANGED_DESC'
  | 'DECLARED_ON_ASC'
  | 'DECLARED_ON_DESC'
  | 'NUMBER_ASC';

export type DeclarationState =
  | 'ACTIVE'
  | 'STOPPED'
  | 'SUPERSEDED';

export type DeclarationsResult = DeclarationConnection | InvalidInput | NotYet;

export type EntityType =
  | 'CORPORATION'
  | 'OTHER_BODY'
  | 'SOLE_TRADER';

/** How many records each value of a filter would leave, the other filters kept. Empty while a search is on. */
export type Facets = {
  __typename?: 'Facets';
  flags: Array<FlagCount>;
  prefectures: Array<PrefectureCount>;
  stars: Array<StarCount>;
  states: Array<StateCount>;
};

/** `old` and `new` are null where the field was or became empty. */
export type FieldChange = {
  __typename?: 'FieldChange';
  field: DeclarationField;
  new?: Maybe<TextResult>;
  old?: Maybe<TextResult>;
};

/** An empty value clears the field where the field may be empty. */
export type FieldInput = {
  field: DeclarationField;
  value: Scalars['String']['input'];
};

/** `typed` is what a person typed, byte for byte; `value` its normal form, null when it cannot be read. */
export type FieldText = {
  __typename?: 'FieldText';
  typed: Scalars['String']['output'];
  value?: Maybe<Scalars['String']['output']>;
};

export type FlagCode =
  | 'CORPORATE_NUMBER_CHECK_DIGIT'
  | 'CORPORATE_NUMBER_DUPLICATE'
  | 'CORPORATE_NUMBER_LENGTH'
  | 'CORPORATE_NUMBER_MISSING'
  | 'EMAIL_MISSING'
  | 'EMAIL_NOT_RFC'
  | 'EMAIL_UNREADABLE'
  | 'EMPLOYEES_MISSING'
  | 'EMPLOYEES_UNREADABLE'
  | 'INDUSTRY_UNKNOWN'
  | 'POLICY_MISSING'
  | 'POLICY_NOT_URL'
  | 'STOPPED_DATE_MISSING';

export type FlagCount = {
  __typename?: 'FlagCount';
  count: Scalars['Int']['output'];
  flag: FlagCode;
};

/** The person behind it was forgotten: the key is destroyed. */
export type Forgotten = {
  __typename?: 'Forgotten';
  subject: Scalars['ID']['output'];
};

export type HistoryEntry = {
  __typename?: 'HistoryEntry';
  actor: Actor;
  changes: Array<FieldChange>;
  correctionKind?: Maybe<CorrectionKind>;
  effectiveAt: Scalars['Date']['output'];
  flag?: Maybe<FlagCode>;
  kind: HistoryKind;
  origin?: Maybe<Scalars['String']['output']>;
  position: Scalars['Position']['output'];
  /** Null when none was given. */
  reason?: Maybe<TextResult>;
  recordedAt: Scalars['DateTime']['output'];
  since?: Maybe<Scalars['Date']['output']>;
  stop?: Maybe<Stop>;
};

export type HistoryKind =
  | 'CONTACT_CHANGED'
  | 'CORRECTED'
  | 'DIAGNOSIS_RECORDED'
  | 'FLAG_CLEARED'
  | 'FLAG_RAISED'
  | 'MADE'
  | 'NOTE_ADDED'
  | 'POLICY_RECORDED'
  | 'PUBLISHED'
  | 'REGISTERED'
  | 'REINSTATED'
  | 'STEPPED_UP'
  | 'STOPPED'
  | 'UNPUBLISHED';

/** `field` is a path into the input (`reason`, `since`, `changes.NAME`), `code` stable, `message` in Japanese for people. */
export type InputProblem = {
  __typename?: 'InputProblem';
  code: Scalars['String']['output'];
  field: Scalars['String']['output'];
  message: Scalars['String']['output'];
};

export type InvalidInput = {
  __typename?: 'InvalidInput';
  problems: Array<InputProblem>;
};

export type Invitation = {
  __typename?: 'Invitation';
  expiresAt: Scalars['DateTime']['output'];
  role: Role;
};

export type InvitationRefused = {
  __typename?: 'InvitationRefused';
  message: Scalars['String']['output'];
};

/** `text` is what stands in the register, `start` and `length` (UTF-16 units) mark the part that matched, `reading` is the folded form in which both were compared. */
export type Matched = {
  __typename?: 'Matched';
  field: MatchedField;
  length: Scalars['Int']['output'];
  reading: Scalars['String']['output'];
  start: Scalars['Int']['output'];
  text: Scalars['String']['output'];
};

export type MatchedField =
  | 'CORPORATE_NUMBER'
  | 'DECLARATION_NO'
  | 'NAME'
  | 'NAME_KANA'
  | 'TRADE_NAME';

export type Mutation = {
  __typename?: 'Mutation';
  /** Accepts a one-time link: the first administrator and every later member of staff come in this way. Signs in. */
  acceptInvitation: AcceptInvitationResult;
  correctDeclaration: CorrectDeclarationResult;
  signIn: SignInResult;
  signOut: Scalars['Boolean']['output'];
};


export type MutationAcceptInvitationArgs = {
  input: AcceptInvitationInput;
};


export type MutationCorrectDeclarationArgs = {
  input: CorrectDeclarationInput;
};


export type MutationSignInArgs = {
  input: SignInInput;
};

export type NameResult = Forgotten | OrganizationName | PersonName | Withheld;

export type NotFound = {
  __typename?: 'NotFound';
  id: Scalars['ID']['output'];
};

/** The read side has not caught up with `atLeast` within two seconds; `position` is how far it is. */
export type NotYet = {
  __typename?: 'NotYet';
  position: Scalars['Position']['output'];
};

export type OpenText = {
  __typename?: 'OpenText';
  text: Scalars['String']['output'];
};

export type OrganizationName = {
  __typename?: 'OrganizationName';
  kana?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
};

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
};

export type Permission =
  | 'CORRECT_DECLARATION'
  | 'READ_DECLARATIONS'
  | 'READ_PERSONAL';

/** A sole trader's own name: personal. */
export type PersonName = {
  __typename?: 'PersonName';
  kana?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
};

export type PledgeVersion =
  | 'FIVE_RULES'
  | 'SIX_RULES';

export type Prefecture = {
  __typename?: 'Prefecture';
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
};

export type PrefectureCount = {
  __typename?: 'PrefectureCount';
  count: Scalars['Int']['output'];
  prefecture: Prefecture;
};

export type Premises = {
  __typename?: 'Premises';
  building?: Maybe<FieldText>;
  postalCode?: Maybe<FieldText>;
  street?: Maybe<FieldText>;
};

/** Public for an organisation, personal for a sole trader. */
export type PremisesResult = Forgotten | Premises | Withheld;

export type Query = {
  __typename?: 'Query';
  /** `asOf`: the effective axis. `recordedUpTo`: the recorded axis. Without both: now. */
  declaration: DeclarationResult;
  declarations: DeclarationsResult;
  /** What a one-time link is good for; null when it is unknown, used or expired. */
  invitation?: Maybe<Invitation>;
  prefectures: Array<Prefecture>;
  /** Null when nobody is signed in. */
  session?: Maybe<Session>;
};


export type QueryDeclarationArgs = {
  asOf?: InputMaybe<Scalars['Date']['input']>;
  atLeast?: InputMaybe<Scalars['Position']['input']>;
  id: Scalars['ID']['input'];
  recordedUpTo?: InputMaybe<Scalars['Position']['input']>;
};


export type QueryDeclarationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  atLeast?: InputMaybe<Scalars['Position']['input']>;
  filter?: InputMaybe<DeclarationFilter>;
  first: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
  sort?: InputMaybe<DeclarationSort>;
};


export type QueryInvitationArgs = {
  token: Scalars['String']['input'];
};

export type Remarks = {
  __typename?: 'Remarks';
  text?: Maybe<FieldText>;
};

export type RemarksResult = Forgotten | Remarks | Withheld;

export type Representative = {
  __typename?: 'Representative';
  name?: Maybe<FieldText>;
  title?: Maybe<FieldText>;
};

export type RepresentativeResult = Forgotten | Representative | Withheld;

export type Role =
  | 'ADMINISTRATOR'
  | 'REGISTRAR'
  | 'VIEWER';

export type Session = {
  __typename?: 'Session';
  expiresAt: Scalars['DateTime']['output'];
  permissions: Array<Permission>;
  staff: Staff;
};

export type SignInInput = {
  login: Scalars['String']['input'];
  password: Scalars['String']['input'];
};

/** The same answer whether the login is unknown or the password is wrong. `retryAfterSeconds` is set while a growing delay holds. */
export type SignInRefused = {
  __typename?: 'SignInRefused';
  retryAfterSeconds?: Maybe<Scalars['Int']['output']>;
};

export type SignInResult = Session | SignInRefused;

export type SizeClass =
  | 'LARGER'
  | 'MICRO'
  | 'OTHER_BODY'
  | 'SME'
  | 'UNKNOWN';

/** A hint, never a limit: it blocks nothing. */
export type SizeHint = {
  __typename?: 'SizeHint';
  class: SizeClass;
  ruleVersion: Scalars['String']['output'];
};

export type Staff = {
  __typename?: 'Staff';
  id: Scalars['ID']['output'];
  login: Scalars['String']['output'];
  name: Scalars['String']['output'];
  roles: Array<Role>;
};

export type Star =
  | 'ONE'
  | 'TWO';

export type StarCount = {
  __typename?: 'StarCount';
  count: Scalars['Int']['output'];
  star: Star;
};

export type StateCount = {
  __typename?: 'StateCount';
  count: Scalars['Int']['output'];
  state: DeclarationState;
};

/** `on` is null when the old register gave no date. */
export type Stop = {
  __typename?: 'Stop';
  kind: StopKind;
  on?: Maybe<Scalars['Date']['output']>;
};

export type StopKind =
  | 'CLOSED'
  | 'STOPPED'
  | 'WITHDRAWN';

export type TextResult = Forgotten | OpenText | Withheld;

export type Total = {
  __typename?: 'Total';
  count: Scalars['Int']['output'];
  kind: TotalKind;
};

export type TotalKind =
  | 'ESTIMATED'
  | 'EXACT';

/** The reader lacks the right; `permission` names it. */
export type Withheld = {
  __typename?: 'Withheld';
  permission: Permission;
};

export type HistoryPartsFragment = { __typename?: 'HistoryEntry', position: string, recordedAt: string, effectiveAt: string, kind: HistoryKind, correctionKind?: CorrectionKind | null, since?: string | null, flag?: FlagCode | null, origin?: string | null, actor: { __typename?: 'Actor', kind: ActorKind, name: string }, reason?:
    | { __typename: 'Forgotten' }
    | { __typename: 'OpenText', text: string }
    | { __typename: 'Withheld', permission: Permission }
   | null, stop?: { __typename?: 'Stop', kind: StopKind, on?: string | null } | null, changes: Array<{ __typename?: 'FieldChange', field: DeclarationField, old?:
      | { __typename: 'Forgotten' }
      | { __typename: 'OpenText', text: string }
      | { __typename: 'Withheld', permission: Permission }
     | null, new?:
      | { __typename: 'Forgotten' }
      | { __typename: 'OpenText', text: string }
      | { __typename: 'Withheld', permission: Permission }
     | null }> } & { ' $fragmentName'?: 'HistoryPartsFragment' };

export type FactPartsFragment = { __typename?: 'Declaration', number: string, star?: Star | null, state: DeclarationState, declaredOn: string, pledgeVersion?: PledgeVersion | null, entityType: EntityType, published: boolean, stop?: { __typename?: 'Stop', kind: StopKind, on?: string | null } | null, name:
    | { __typename: 'Forgotten' }
    | { __typename: 'OrganizationName', name: string, kana?: string | null }
    | { __typename: 'PersonName', name: string, kana?: string | null }
    | { __typename: 'Withheld', permission: Permission }
  , tradeName?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, corporateNumber?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, representative:
    | { __typename: 'Forgotten' }
    | { __typename: 'Representative', title?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, personName?: { __typename?: 'FieldText', typed: string, value?: string | null } | null }
    | { __typename: 'Withheld', permission: Permission }
  , contact:
    | { __typename: 'Contact', personName?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, department?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, email?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, phone?: { __typename?: 'FieldText', typed: string, value?: string | null } | null }
    | { __typename: 'Forgotten' }
    | { __typename: 'Withheld', permission: Permission }
  , premises:
    | { __typename: 'Forgotten' }
    | { __typename: 'Premises', postalCode?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, street?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, building?: { __typename?: 'FieldText', typed: string, value?: string | null } | null }
    | { __typename: 'Withheld', permission: Permission }
  , remarks:
    | { __typename: 'Forgotten' }
    | { __typename: 'Remarks', text?: { __typename?: 'FieldText', typed: string, value?: string | null } | null }
    | { __typename: 'Withheld', permission: Permission }
  , prefecture?: { __typename?: 'Prefecture', code: string, name: string } | null, prefectureText?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, city?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, industry?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, employees?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, capitalYen?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, sizeClass: { __typename?: 'SizeHint', class: SizeClass, ruleVersion: string }, diagnosisScore?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, policyUrl?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, policyPublishedOn?: { __typename?: 'FieldText', typed: string, value?: string | null } | null, publishConsent?: { __typename?: 'FieldText', typed: string, value?: string | null } | null } & { ' $fragmentName'?: 'FactPartsFragment' };

export type DeclarationQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  asOf?: InputMaybe<Scalars['Date']['input']>;
  recordedUpTo?: InputMaybe<Scalars['Position']['input']>;
  atLeast?: InputMaybe<Scalars['Position']['input']>;
}>;


export type DeclarationQuery = { __typename?: 'Query', declaration:
    | (
      { __typename: 'Declaration', id: string, version: string, now: boolean, asOf?: string | null, recordedUpTo?: string | null, existed: boolean, flags: Array<FlagCode>, differsFromToday: Array<DeclarationField>, others: Array<(
        { __typename?: 'DeclarationRow', id: string }
        & { ' $fragmentRefs'?: { 'RowPartsFragment': RowPartsFragment } }
      )>, history: Array<(
        { __typename?: 'HistoryEntry', position: string }
        & { ' $fragmentRefs'?: { 'HistoryPartsFragment': HistoryPartsFragment } }
      )> }
      & { ' $fragmentRefs'?: { 'FactPartsFragment': FactPartsFragment } }
    )
    | { __typename: 'NotFound', id: string }
    | { __typename: 'NotYet', position: string }
   };

export type CorrectDeclarationMutationVariables = Exact<{
  input: CorrectDeclarationInput;
}>;


export type CorrectDeclarationMutation = { __typename?: 'Mutation', correctDeclaration:
    | { __typename: 'Conflict', version: string, at: string, by: { __typename?: 'Actor', kind: ActorKind, name: string }, reason?:
        | { __typename: 'Forgotten' }
        | { __typename: 'OpenText', text: string }
        | { __typename: 'Withheld', permission: Permission }
       | null, fields: Array<{ __typename?: 'ConflictField', field: DeclarationField, changedByThem: boolean, changedByMe: boolean, base?:
          | { __typename: 'Forgotten' }
          | { __typename: 'OpenText', text: string }
          | { __typename: 'Withheld', permission: Permission }
         | null, theirs?:
          | { __typename: 'Forgotten' }
          | { __typename: 'OpenText', text: string }
          | { __typename: 'Withheld', permission: Permission }
         | null, mine?:
          | { __typename: 'Forgotten' }
          | { __typename: 'OpenText', text: string }
          | { __typename: 'Withheld', permission: Permission }
         | null }> }
    | { __typename: 'DeclarationCorrected', position: string, version: string, declarationId: string }
    | { __typename: 'InvalidInput', problems: Array<{ __typename?: 'InputProblem', field: string, code: string, message: string }> }
    | { __typename: 'NotFound', id: string }
   };

export type RowPartsFragment = { __typename?: 'DeclarationRow', id: string, number: string, star?: Star | null, state: DeclarationState, declaredOn: string, entityType: EntityType, tradeName?: string | null, corporateNumber?: string | null, city?: string | null, flags: Array<FlagCode>, changedAt: string, prefecture?: { __typename?: 'Prefecture', code: string, name: string } | null, name:
    | { __typename: 'Forgotten' }
    | { __typename: 'OrganizationName', name: string, kana?: string | null }
    | { __typename: 'PersonName', name: string, kana?: string | null }
    | { __typename: 'Withheld', permission: Permission }
  , matched?: { __typename?: 'Matched', field: MatchedField, text: string, start: number, length: number, reading: string } | null } & { ' $fragmentName'?: 'RowPartsFragment' };

export type DeclarationListQueryVariables = Exact<{
  filter?: InputMaybe<DeclarationFilter>;
  search?: InputMaybe<Scalars['String']['input']>;
  sort?: InputMaybe<DeclarationSort>;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  firstPage: Scalars['Boolean']['input'];
}>;


export type DeclarationListQuery = { __typename?: 'Query', declarations:
    | { __typename: 'DeclarationConnection', position: string, nodes: Array<(
        { __typename?: 'DeclarationRow', id: string }
        & { ' $fragmentRefs'?: { 'RowPartsFragment': RowPartsFragment } }
      )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null }, total?: { __typename?: 'Total', count: number, kind: TotalKind }, facets?: { __typename?: 'Facets', stars: Array<{ __typename?: 'StarCount', star: Star, count: number }>, states: Array<{ __typename?: 'StateCount', state: DeclarationState, count: number }>, prefectures: Array<{ __typename?: 'PrefectureCount', count: number, prefecture: { __typename?: 'Prefecture', code: string, name: string } }>, flags: Array<{ __typename?: 'FlagCount', flag: FlagCode, count: number }> } }
    | { __typename: 'InvalidInput', problems: Array<{ __typename?: 'InputProblem', field: string, code: string, message: string }> }
    | { __typename: 'NotYet', position: string }
   };

export type PrefecturesQueryVariables = Exact<{ [key: string]: never; }>;


export type PrefecturesQuery = { __typename?: 'Query', prefectures: Array<{ __typename?: 'Prefecture', code: string, name: string }> };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionQuery = { __typename?: 'Query', session?: { __typename?: 'Session', permissions: Array<Permission>, expiresAt: string, staff: { __typename?: 'Staff', id: string, login: string, name: string, roles: Array<Role> } } | null };

export type InvitationQueryVariables = Exact<{
  token: Scalars['String']['input'];
}>;


export type InvitationQuery = { __typename?: 'Query', invitation?: { __typename?: 'Invitation', role: Role, expiresAt: string } | null };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { __typename?: 'Mutation', signIn:
    | { __typename: 'Session', staff: { __typename?: 'Staff', id: string, login: string, name: string } }
    | { __typename: 'SignInRefused', retryAfterSeconds?: number | null }
   };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { __typename?: 'Mutation', signOut: boolean };

export type AcceptInvitationMutationVariables = Exact<{
  input: AcceptInvitationInput;
}>;


export type AcceptInvitationMutation = { __typename?: 'Mutation', acceptInvitation:
    | { __typename: 'InvalidInput', problems: Array<{ __typename?: 'InputProblem', field: string, code: string, message: string }> }
    | { __typename: 'InvitationRefused', message: string }
    | { __typename: 'Session', staff: { __typename?: 'Staff', id: string } }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const HistoryPartsFragmentDoc = new TypedDocumentString(`
    fragment HistoryParts on HistoryEntry {
  position
  recordedAt
  effectiveAt
  kind
  correctionKind
  since
  flag
  origin
  actor {
    kind
    name
  }
  reason {
    __typename
    ... on OpenText {
      text
    }
    ... on Withheld {
      permission
    }
  }
  stop {
    kind
    on
  }
  changes {
    field
    old {
      __typename
      ... on OpenText {
        text
      }
      ... on Withheld {
        permission
      }
    }
    new {
      __typename
      ... on OpenText {
        text
      }
      ... on Withheld {
        permission
      }
    }
  }
}
    `, {"fragmentName":"HistoryParts"}) as unknown as TypedDocumentString<HistoryPartsFragment, unknown>;
export const FactPartsFragmentDoc = new TypedDocumentString(`
    fragment FactParts on Declaration {
  number
  star
  state
  declaredOn
  pledgeVersion
  entityType
  published
  stop {
    kind
    on
  }
  name {
    __typename
    ... on OrganizationName {
      name
      kana
    }
    ... on PersonName {
      name
      kana
    }
    ... on Withheld {
      permission
    }
  }
  tradeName {
    typed
    value
  }
  corporateNumber {
    typed
    value
  }
  representative {
    __typename
    ... on Representative {
      title {
        typed
        value
      }
      personName: name {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  contact {
    __typename
    ... on Contact {
      personName: name {
        typed
        value
      }
      department {
        typed
        value
      }
      email {
        typed
        value
      }
      phone {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  premises {
    __typename
    ... on Premises {
      postalCode {
        typed
        value
      }
      street {
        typed
        value
      }
      building {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  remarks {
    __typename
    ... on Remarks {
      text {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  prefecture {
    code
    name
  }
  prefectureText {
    typed
    value
  }
  city {
    typed
    value
  }
  industry {
    typed
    value
  }
  employees {
    typed
    value
  }
  capitalYen {
    typed
    value
  }
  sizeClass {
    class
    ruleVersion
  }
  diagnosisScore {
    typed
    value
  }
  policyUrl {
    typed
    value
  }
  policyPublishedOn {
    typed
    value
  }
  publishConsent {
    typed
    value
  }
}
    `, {"fragmentName":"FactParts"}) as unknown as TypedDocumentString<FactPartsFragment, unknown>;
export const RowPartsFragmentDoc = new TypedDocumentString(`
    fragment RowParts on DeclarationRow {
  id
  number
  star
  state
  declaredOn
  entityType
  tradeName
  corporateNumber
  city
  flags
  changedAt
  prefecture {
    code
    name
  }
  name {
    __typename
    ... on OrganizationName {
      name
      kana
    }
    ... on PersonName {
      name
      kana
    }
    ... on Withheld {
      permission
    }
  }
  matched {
    field
    text
    start
    length
    reading
  }
}
    `, {"fragmentName":"RowParts"}) as unknown as TypedDocumentString<RowPartsFragment, unknown>;
export const DeclarationDocument = new TypedDocumentString(`
    query Declaration($id: ID!, $asOf: Date, $recordedUpTo: Position, $atLeast: Position) {
  declaration(
    id: $id
    asOf: $asOf
    recordedUpTo: $recordedUpTo
    atLeast: $atLeast
  ) {
    __typename
    ... on Declaration {
      id
      version
      now
      asOf
      recordedUpTo
      existed
      flags
      differsFromToday
      ...FactParts
      others {
        id
        ...RowParts
      }
      history {
        position
        ...HistoryParts
      }
    }
    ... on NotFound {
      id
    }
    ... on NotYet {
      position
    }
  }
}
    fragment HistoryParts on HistoryEntry {
  position
  recordedAt
  effectiveAt
  kind
  correctionKind
  since
  flag
  origin
  actor {
    kind
    name
  }
  reason {
    __typename
    ... on OpenText {
      text
    }
    ... on Withheld {
      permission
    }
  }
  stop {
    kind
    on
  }
  changes {
    field
    old {
      __typename
      ... on OpenText {
        text
      }
      ... on Withheld {
        permission
      }
    }
    new {
      __typename
      ... on OpenText {
        text
      }
      ... on Withheld {
        permission
      }
    }
  }
}
fragment FactParts on Declaration {
  number
  star
  state
  declaredOn
  pledgeVersion
  entityType
  published
  stop {
    kind
    on
  }
  name {
    __typename
    ... on OrganizationName {
      name
      kana
    }
    ... on PersonName {
      name
      kana
    }
    ... on Withheld {
      permission
    }
  }
  tradeName {
    typed
    value
  }
  corporateNumber {
    typed
    value
  }
  representative {
    __typename
    ... on Representative {
      title {
        typed
        value
      }
      personName: name {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  contact {
    __typename
    ... on Contact {
      personName: name {
        typed
        value
      }
      department {
        typed
        value
      }
      email {
        typed
        value
      }
      phone {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  premises {
    __typename
    ... on Premises {
      postalCode {
        typed
        value
      }
      street {
        typed
        value
      }
      building {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  remarks {
    __typename
    ... on Remarks {
      text {
        typed
        value
      }
    }
    ... on Withheld {
      permission
    }
  }
  prefecture {
    code
    name
  }
  prefectureText {
    typed
    value
  }
  city {
    typed
    value
  }
  industry {
    typed
    value
  }
  employees {
    typed
    value
  }
  capitalYen {
    typed
    value
  }
  sizeClass {
    class
    ruleVersion
  }
  diagnosisScore {
    typed
    value
  }
  policyUrl {
    typed
    value
  }
  policyPublishedOn {
    typed
    value
  }
  publishConsent {
    typed
    value
  }
}
fragment RowParts on DeclarationRow {
  id
  number
  star
  state
  declaredOn
  entityType
  tradeName
  corporateNumber
  city
  flags
  changedAt
  prefecture {
    code
    name
  }
  name {
    __typename
    ... on OrganizationName {
      name
      kana
    }
    ... on PersonName {
      name
      kana
    }
    ... on Withheld {
      permission
    }
  }
  matched {
    field
    text
    start
    length
    reading
  }
}`) as unknown as TypedDocumentString<DeclarationQuery, DeclarationQueryVariables>;
export const CorrectDeclarationDocument = new TypedDocumentString(`
    mutation CorrectDeclaration($input: CorrectDeclarationInput!) {
  correctDeclaration(input: $input) {
    __typename
    ... on DeclarationCorrected {
      position
      version
      declarationId
    }
    ... on Conflict {
      version
      at
      by {
        kind
        name
      }
      reason {
        __typename
        ... on OpenText {
          text
        }
        ... on Withheld {
          permission
        }
      }
      fields {
        field
        changedByThem
        changedByMe
        base {
          __typename
          ... on OpenText {
            text
          }
          ... on Withheld {
            permission
          }
        }
        theirs {
          __typename
          ... on OpenText {
            text
          }
          ... on Withheld {
            permission
          }
        }
        mine {
          __typename
          ... on OpenText {
            text
          }
          ... on Withheld {
            permission
          }
        }
      }
    }
    ... on InvalidInput {
      problems {
        field
        code
        message
      }
    }
    ... on NotFound {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CorrectDeclarationMutation, CorrectDeclarationMutationVariables>;
export const DeclarationListDocument = new TypedDocumentString(`
    query DeclarationList($filter: DeclarationFilter, $search: String, $sort: DeclarationSort, $first: Int!, $after: String, $firstPage: Boolean!) {
  declarations(
    filter: $filter
    search: $search
    sort: $sort
    first: $first
    after: $after
  ) {
    __typename
    ... on DeclarationConnection {
      nodes {
        id
        ...RowParts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      position
      total @include(if: $firstPage) {
        count
        kind
      }
      facets @include(if: $firstPage) {
        stars {
          star
          count
        }
        states {
          state
          count
        }
        prefectures {
          prefecture {
            code
            name
          }
          count
        }
        flags {
          flag
          count
        }
      }
    }
    ... on InvalidInput {
      problems {
        field
        code
        message
      }
    }
    ... on NotYet {
      position
    }
  }
}
    fragment RowParts on DeclarationRow {
  id
  number
  star
  state
  declaredOn
  entityType
  tradeName
  corporateNumber
  city
  flags
  changedAt
  prefecture {
    code
    name
  }
  name {
    __typename
    ... on OrganizationName {
      name
      kana
    }
    ... on PersonName {
      name
      kana
    }
    ... on Withheld {
      permission
    }
  }
  matched {
    field
    text
    start
    length
    reading
  }
}`) as unknown as TypedDocumentString<DeclarationListQuery, DeclarationListQueryVariables>;
export const PrefecturesDocument = new TypedDocumentString(`
    query Prefectures {
  prefectures {
    code
    name
  }
}
    `) as unknown as TypedDocumentString<PrefecturesQuery, PrefecturesQueryVariables>;
export const SessionDocument = new TypedDocumentString(`
    query Session {
  session {
    staff {
      id
      login
      name
      roles
    }
    permissions
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<SessionQuery, SessionQueryVariables>;
export const InvitationDocument = new TypedDocumentString(`
    query Invitation($token: String!) {
  invitation(token: $token) {
    role
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<InvitationQuery, InvitationQueryVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on Session {
      staff {
        id
        login
        name
      }
    }
    ... on SignInRefused {
      retryAfterSeconds
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
  signOut
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const AcceptInvitationDocument = new TypedDocumentString(`
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) {
    __typename
    ... on Session {
      staff {
        id
      }
    }
    ... on InvalidInput {
      problems {
        field
        code
        message
      }
    }
    ... on InvitationRefused {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AcceptInvitationMutation, AcceptInvitationMutationVariables>;