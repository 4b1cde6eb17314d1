-- Why: mail must neither be lost nor sent twice. One row is one message to one recipient, written in the transaction of the decision
-- that wants it sent. Before anything is sent the row is claimed; an attempt that nobody saw the end of is in doubt, which a
-- person decides. What a message says, and to whom, is sealed in its event; addresses are here as keyed hashes only.

CREATE TABLE mail (
  id BLOB NOT NULL PRIMARY KEY,    -- the Message-ID is made of it
  position INTEGER NOT NULL,       -- of the event that says what it says
  class TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient_hash BLOB NOT NULL,    -- keyed, of the address as it is compared
  domain_hash BLOB NOT NULL,       -- keyed, of what stands behind the @
  organization_id BLOB,            -- whom it is about
  declaration_id BLOB,             -- which declaration it is about
  queued_at INTEGER NOT NULL,      -- microseconds
  not_after INTEGER,               -- microseconds; after that it is not sent any more
  state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'accepted', 'deferred', 'bounced', 'suppressed', 'in_doubt',
    'parked', 'cancelled')),
  changed_at INTEGER NOT NULL,     -- microseconds
  next_try_at INTEGER NOT NULL,    -- microseconds; while it waits
  attempt INTEGER NOT NULL,        -- how often it was claimed
  judged INTEGER NOT NULL,         -- how many attempts a relay has judged
  term INTEGER NOT NULL,           -- raised with every claim; what is written for an earlier one is refused
  lease_until INTEGER,             -- microseconds; while it is claimed
  node TEXT,                       -- who sends it, or sent it last
  outcome TEXT,                    -- of the last attempt, or why it ended
  reply TEXT                       -- the last answer, without addresses
) STRICT;

CREATE INDEX mail_due ON mail (next_try_at, position) WHERE state IN ('queued', 'deferred');
CREATE INDEX mail_claimed ON mail (lease_until) WHERE state = 'claimed';
CREATE INDEX mail_by_recipient ON mail (recipient_hash, id);
CREATE INDEX mail_by_organization ON mail (organization_id, id);
CREATE INDEX mail_by_state ON mail (state, id);

CREATE TABLE mail_attempt (
  mail_id BLOB NOT NULL,
  attempt INTEGER NOT NULL,
  began_at INTEGER NOT NULL,       -- microseconds
  ended_at INTEGER NOT NULL,       -- microseconds
  outcome TEXT NOT NULL,
  reply TEXT NOT NULL,             -- without addresses
  node TEXT NOT NULL,
  PRIMARY KEY (mail_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
  recipient_hash BLOB NOT NULL,    -- keyed, of the address as it is compared
  class TEXT NOT NULL,             -- which mails it keeps back; 'all'
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,          -- microseconds
  until INTEGER,                   -- microseconds; none: until it is lifted
  position INTEGER NOT NULL,       -- of its event
  PRIMARY KEY (recipient_hash, class)
) STRICT, WITHOUT ROWID;
