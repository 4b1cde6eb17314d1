-- Why: two accounts of one person must not agree to each other's requests. Where an account has no address nobody sees that they are one
-- person's, so whoever makes a link by hand says whether it is for somebody new or for whom (docs/adr/0025-two-persons.md).

ALTER TABLE invitation ADD COLUMN same_as BLOB;
