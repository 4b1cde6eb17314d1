-- Why: an office with an identity provider wants people who join to come in by it, without a password of ours. The link proves that they
-- were invited, the provider who they are to it; nothing is compared with a mail address. On the way there the attempt holds the link's
-- hash; once they come back, another one holds that and for whom the provider vouched, until they have chosen login and name
-- (docs/adr/0028-openid-connect.md).

ALTER TABLE identity_attempt ADD COLUMN invitation_hash BLOB;
ALTER TABLE identity_attempt ADD COLUMN subject_hash BLOB;  -- keyed, as in identity; none: they have not come back
