//! A made-up office: declarations and nine years of their lives, made by the same use cases that people use, under a
//! clock that the generator moves.

mod clock;
mod desk;
mod dice;
mod faq;
mod life;
mod office;
mod old_register;
mod pairs;
mod words;

pub use clock::MovingClock;
pub use office::{SampleError, SampleOptions, Sampled};
