//! The Caseload suite in one binary: every service, the command line, and the demonstration.
