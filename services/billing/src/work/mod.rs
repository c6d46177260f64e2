//! What calls and projections do alike in one unit of work: pricing what waits, drafting and redrafting, reversing, issuing.
//!
//! Every function here works in the caller's transaction, which holds the firm's lock.

pub(crate) mod drafting;
pub(crate) mod issuing;
pub(crate) mod pay;
pub(crate) mod pricing;
pub(crate) mod reversing;
