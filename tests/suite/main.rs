//! The suite as its users run it: the binary, its processes, its command line.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod command_line;
mod end_to_end;
mod foreign;
mod in_one_process;
mod processes;
mod separate;
mod telemetry;
