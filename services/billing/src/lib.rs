//! The billing service of Caseload.
