//! The assignment service of Caseload.
