//! What calls, projections and workers do alike in one unit of work.

pub mod moves;
pub mod planning;
