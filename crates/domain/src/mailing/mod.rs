//! Mail that goes out: what a message is, and what becomes of it.
