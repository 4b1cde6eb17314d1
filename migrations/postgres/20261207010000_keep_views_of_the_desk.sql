-- Why: whoever works at the desk keeps questions, too. A name is taken once for each list, and each list begins with a view of its own.

ALTER TABLE list_view ADD COLUMN list TEXT NOT NULL DEFAULT 'declarations';
DROP INDEX list_view_by_shared_name;
DROP INDEX list_view_by_own_name;
CREATE UNIQUE INDEX list_view_by_shared_name ON list_view (list, name_key) WHERE is_shared = 1;
CREATE UNIQUE INDEX list_view_by_own_name ON list_view (owner_id, list, name_key) WHERE is_shared = 0;

ALTER TABLE list_view_default ADD COLUMN list TEXT NOT NULL DEFAULT 'declarations';
ALTER TABLE list_view_default DROP CONSTRAINT list_view_default_pkey;
ALTER TABLE list_view_default ADD PRIMARY KEY (staff_id, list);
COMMENT ON TABLE list_view IS 'Saved views of the lists of declarations and of inquiries';
COMMENT ON COLUMN list_view.list IS 'Of which list: declarations or inquiries';
COMMENT ON TABLE list_view_default IS 'With which view each list begins, for each person';
