//! The assignment service of Caseload.

pub mod domain;
