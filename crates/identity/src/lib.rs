//! Signing in by somebody else's provider (OpenID Connect): what is asked of it, and how its answers are checked.
//!
//! It knows no accounts: it says which subject the provider vouched for, and what became of it is decided in `app`. It keeps nothing
//! but what the provider says of itself, for some minutes.
//!
//! To change what is asked for: `provider.rs`. What may be fetched, and how long that may take: `http.rs`.

mod http;
mod provider;

pub use provider::{BadProvider, OpenIdConnect, ProviderSettings, Secret};
