//! The HTTP side of the console's listener: one GraphQL path with its socket, their limits, and the headers of every answer.

pub mod account_rates;
pub mod attachment;
pub mod bearer;
pub mod client_address;
pub mod cookie;
pub mod export;
pub mod graphql;
pub mod headers;
pub mod health;
pub mod import;
pub mod inquiry;
pub mod limits;
pub mod origin;
mod outgoing;
pub mod provider;
pub mod security_txt;
pub mod socket;
pub mod status_check;
pub mod upload;
