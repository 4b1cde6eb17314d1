//! Asking whether the page of a policy answers. Its address is what somebody typed, so it may lead anywhere: into the office's own network,
//! in a circle, or to a server that never ends. Nothing is connected to that was not looked at first, and nothing is read that is not needed.
//!
//! It keeps nothing and decides nothing: what came of it is written down, and what follows decided, in `app`.
//!
//! To change what may be reached: `reach.rs`. How a name becomes an address that is connected to: `dial.rs`. What is asked, how redirects
//! are followed, and what counts as an answer: `ask.rs`.

mod ask;
mod dial;
mod reach;

pub use ask::Pages;
pub use dial::{NoRoots, Resolve, SystemResolver, Trust};
pub use reach::{Reach, is_public};
