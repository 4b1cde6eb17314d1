//! Days on which the office works, and days by which others must.
