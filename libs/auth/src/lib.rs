//! Who is calling, and may they: tokens, keys, the policy read from the contracts, the tower layer.
//!
//! A call passes through in this order: [`AuthLayer`] looks up the method's rule in the [`Policy`], the
//! [`Authenticator`] turns the bearer token into a [`Caller`], the rule is held against the caller's roles and
//! reach, and the handler finds the caller with [`Caller::of`]. Whatever is not allowed by name is denied.
//!
//! # Layout
//! - [`role`] and [`roles`]: the roles, and the one table of what each may do
//! - [`caller`]: who is calling, and whose data that lets them touch
//! - [`config`]: where tokens come from, as an operator says it
//! - `claims`, `token`, `cache`: what a token says, whether it may be believed, and for how long that is remembered
//! - `jwks`, `keys`, `fetch`: the provider's keys, kept fresh
//! - [`authenticator`]: the above put together
//! - [`policy`]: who may call what, read from the contracts
//! - [`denial`] and [`layer`]: the policy in front of a service, and what is left behind when it says no
//! - [`development`]: tokens for development and tests

pub mod authenticator;
pub mod caller;
pub mod config;
pub mod denial;
pub mod development;
pub mod layer;
pub mod policy;
pub mod role;
pub mod roles;

mod cache;
mod claims;
mod fetch;
mod jwks;
mod keys;
mod token;

pub use authenticator::Authenticator;
pub use caller::{Caller, Who};
pub use config::{Algorithm, AuthConfig, AuthConfigError, Environment};
pub use denial::Denial;
pub use jwks::InvalidKeySet;
pub use keys::KeysUnavailable;
pub use layer::{AuthLayer, Remote};
pub use policy::{Policy, PolicyError};
pub use role::Role;
pub use token::InvalidToken;
