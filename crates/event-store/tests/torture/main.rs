//! What the log survives: kills, stops, cuts, races, full and failing disks. Every test has a short form, which is the
//! ordinary one, and a full form, which `cargo xtask torture` asks for.

mod check;
mod crash;
mod disk;
mod postgres_stop;
mod races;
mod shim;
mod writer;
