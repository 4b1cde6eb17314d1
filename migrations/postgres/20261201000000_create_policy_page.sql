-- Why: two stars need a policy that can be read. Its page is asked for once a week; what came back is kept here until the next time, so
-- that one outage at night is not taken for a page that is gone. Which address it was is kept as a number that is equal where the
-- addresses are: the address itself stands in the log. And rows of suspicions that are gone are looked for by when they ended, to
-- be deleted after a time.

CREATE TABLE policy_page (
  declaration_id UUID NOT NULL PRIMARY KEY,
  address BIGINT NOT NULL,
  asked_at BIGINT,
  wrong TEXT,
  status BIGINT,
  failures BIGINT NOT NULL,
  failing_since BIGINT,
  due_at BIGINT NOT NULL
);

CREATE INDEX review_gone ON review (ended_at, id) WHERE state = 'gone';
COMMENT ON TABLE policy_page IS 'What came of asking for the pages of policies';
COMMENT ON COLUMN policy_page.address IS 'A digest: another one is another page';
COMMENT ON COLUMN policy_page.asked_at IS 'Microseconds; null: never';
COMMENT ON COLUMN policy_page.wrong IS 'Code of what is wrong with it; null: it answered, or was never asked for';
COMMENT ON COLUMN policy_page.status IS 'The last one of HTTP, where one came';
COMMENT ON COLUMN policy_page.failures IS 'Days on which it has not answered since it last did';
COMMENT ON COLUMN policy_page.failing_since IS 'Microseconds';
COMMENT ON COLUMN policy_page.due_at IS 'Microseconds; when it is asked for again';
