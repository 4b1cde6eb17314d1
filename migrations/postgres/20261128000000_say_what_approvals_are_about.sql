-- Why: the inbox says whom or what a request is about without opening what is sealed. Older requests do not say; their page does.

ALTER TABLE approval ADD COLUMN about_kind TEXT;  -- staff or declaration
ALTER TABLE approval ADD COLUMN about_id UUID;
