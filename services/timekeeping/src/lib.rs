//! The timekeeping service of Caseload.
