-- Why: the desk lists half a million inquiries by queue, and finds them by any word of who wrote, the subject and the text. Projected from
-- the log in the background; plain text, cleared when an inquiry is forgotten.

CREATE TABLE inquiry (
  seq INTEGER PRIMARY KEY,            -- position of its first event
  id BLOB NOT NULL UNIQUE,
  position INTEGER NOT NULL,          -- of its newest event
  status TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,                 -- of its first message
  assignee BLOB,
  received_at INTEGER NOT NULL,
  last_message_at INTEGER NOT NULL,
  due_at INTEGER,                     -- while somebody waits for us
  snoozed_until INTEGER,
  closed_at INTEGER,
  resolution TEXT,
  messages INTEGER NOT NULL,
  replies INTEGER NOT NULL,
  notes INTEGER NOT NULL,
  attachments INTEGER NOT NULL,
  tags TEXT NOT NULL,                 -- JSON
  suggested BLOB,                     -- where it may belong
  is_subject_changed INTEGER NOT NULL,
  is_forgotten INTEGER NOT NULL,
  sender_name TEXT,
  sender_address TEXT,
  subject TEXT,
  snippet TEXT,                       -- how the newest message begins
  search_key TEXT NOT NULL            -- folded: senders, subjects, texts
) STRICT;
CREATE INDEX inquiry_by_last_message ON inquiry (last_message_at, seq);
CREATE INDEX inquiry_by_status ON inquiry (status, last_message_at, seq);
CREATE INDEX inquiry_by_assignee ON inquiry (assignee, status, last_message_at, seq);
CREATE INDEX inquiry_by_due ON inquiry (due_at, seq) WHERE due_at IS NOT NULL;
CREATE INDEX inquiry_by_closed ON inquiry (closed_at, seq) WHERE closed_at IS NOT NULL AND is_forgotten = 0;

-- Candidates only: the condition of the search is checked on the row (see storage's inquiry/search.rs).
CREATE VIRTUAL TABLE inquiry_search USING fts5(
  tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

CREATE TABLE inquiry_tag (
  tag TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (tag, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_tag_by_seq ON inquiry_tag (seq);

CREATE TABLE inquiry_declaration (
  declaration_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (declaration_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_declaration_by_seq ON inquiry_declaration (seq);
