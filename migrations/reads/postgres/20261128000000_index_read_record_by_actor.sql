-- Why: "whose data could this account have seen" is asked after an incident, for one account and a time, and must not read what all
-- the others looked at. The entries of one account lie together in the order of time, so a read dirties one page of the index.

CREATE INDEX read_record_by_actor ON read_record (actor, at);
