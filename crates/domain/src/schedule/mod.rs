//! When things fire: expressions, zones, what is due and what was missed.
