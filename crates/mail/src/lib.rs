//! Mail as it goes on the wire, and the transports that carry it. No SQL, no ledger: what was sent is written down elsewhere.
