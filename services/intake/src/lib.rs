//! The intake service of Caseload.
