-- Why: whoever has forgotten a number is found by the address that is registered, typed as a whole. Addresses are known by keyed hashes
-- alone, and there was no way to one but through all of them.

CREATE INDEX review_contact_by_address ON review_contact (address) WHERE address IS NOT NULL;
