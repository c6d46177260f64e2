//! Tokens, keys and the policy, as a caller and an operator meet them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can't make its own case has failed"
)]

mod audit;
mod development;
mod key_sets;
mod layer;
mod policy;
mod roles;
mod rotation;
mod support;
mod tokens;
