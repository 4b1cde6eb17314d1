-- Why: whoever works at the desk keeps questions, too. A name is taken once for each list, and each list begins with a view of its own.

ALTER TABLE list_view ADD COLUMN list TEXT NOT NULL DEFAULT 'declarations';
DROP INDEX list_view_by_shared_name;
DROP INDEX list_view_by_own_name;
CREATE UNIQUE INDEX list_view_by_shared_name ON list_view (list, name_key) WHERE is_shared = 1;
CREATE UNIQUE INDEX list_view_by_own_name ON list_view (owner_id, list, name_key) WHERE is_shared = 0;

ALTER TABLE list_view_default RENAME TO list_view_default_before;
CREATE TABLE list_view_default (
  staff_id BLOB NOT NULL,
  list TEXT NOT NULL,
  view_id BLOB NOT NULL,
  PRIMARY KEY (staff_id, list)
) STRICT;
INSERT INTO list_view_default (staff_id, list, view_id) SELECT staff_id, 'declarations', view_id FROM list_view_default_before;
DROP TABLE list_view_default_before;
