-- Why: the desk lists half a million inquiries by queue, and finds them by any word of who wrote, the subject and the text. Projected from
-- the log in the background; plain text, cleared when an inquiry is forgotten.

CREATE TABLE inquiry (
  seq BIGINT PRIMARY KEY,
  id UUID NOT NULL UNIQUE,
  position BIGINT NOT NULL,
  status TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  assignee UUID,
  received_at BIGINT NOT NULL,
  last_message_at BIGINT NOT NULL,
  due_at BIGINT,
  snoozed_until BIGINT,
  closed_at BIGINT,
  resolution TEXT,
  messages BIGINT NOT NULL,
  replies BIGINT NOT NULL,
  notes BIGINT NOT NULL,
  attachments BIGINT NOT NULL,
  tags TEXT NOT NULL,
  suggested UUID,
  is_subject_changed BIGINT NOT NULL,
  is_forgotten BIGINT NOT NULL,
  sender_name TEXT,
  sender_address TEXT,
  subject TEXT,
  snippet TEXT,
  search_key TEXT NOT NULL,
  tokens INTEGER[] NOT NULL
);
CREATE INDEX inquiry_by_last_message ON inquiry (last_message_at, seq);
CREATE INDEX inquiry_by_status ON inquiry (status, last_message_at, seq);
CREATE INDEX inquiry_by_assignee ON inquiry (assignee, status, last_message_at, seq);
CREATE INDEX inquiry_by_due ON inquiry (due_at, seq) WHERE due_at IS NOT NULL;
CREATE INDEX inquiry_by_closed ON inquiry (closed_at, seq) WHERE closed_at IS NOT NULL AND is_forgotten = 0;
CREATE INDEX inquiry_by_tokens ON inquiry USING gin (tokens) WITH (gin_pending_list_limit = 512);
COMMENT ON TABLE inquiry IS 'Inquiries for the desk, projected from the log; plain text, so guarded by the rights on the database';
COMMENT ON COLUMN inquiry.seq IS 'Position of its first event';
COMMENT ON COLUMN inquiry.position IS 'Of its newest event';
COMMENT ON COLUMN inquiry.kind IS 'Of its first message';
COMMENT ON COLUMN inquiry.due_at IS 'Until when it is to be answered, while somebody waits for us';
COMMENT ON COLUMN inquiry.tags IS 'What it is about, as JSON';
COMMENT ON COLUMN inquiry.suggested IS 'Where it may belong: its header says so, and somebody else wrote it';
COMMENT ON COLUMN inquiry.snippet IS 'How the newest message begins';
COMMENT ON COLUMN inquiry.search_key IS 'Folded: senders, subjects, texts';
COMMENT ON COLUMN inquiry.tokens IS 'Search entries, hashed; SQLite has inquiry_search instead';

CREATE TABLE inquiry_tag (
  tag TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tag, seq)
);
CREATE INDEX inquiry_tag_by_seq ON inquiry_tag (seq);
COMMENT ON TABLE inquiry_tag IS 'What inquiries are about';

CREATE TABLE inquiry_declaration (
  declaration_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (declaration_id, seq)
);
CREATE INDEX inquiry_declaration_by_seq ON inquiry_declaration (seq);
COMMENT ON TABLE inquiry_declaration IS 'The declarations that inquiries are about';
