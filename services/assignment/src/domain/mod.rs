//! The rules: pure, no I/O, no contract, no SQL.
//!
//! # Layout
//! - [`paralegal`]: who they are, what they can do, what they are paid
//! - [`task`]: the work, as intake tells of it
//! - [`assignment`]: the states of an assignment and the one table of its moves
//! - [`policy`]: the weights and times that the operator decides
//! - [`load`]: what a paralegal has to do already, and the time that it leaves
//! - [`eligibility`]: the rules that exclude a paralegal from a task, each by its name
//! - [`cost`]: what giving a task to a paralegal costs, in money
//! - [`facts`]: everything that a choice rests on, at one instant, and how every pair comes out of it
//! - [`plan`]: who should do what, worked out by the matching engine
//! - [`periods`]: how due dates become the engine's periods
//! - [`outdated`]: how facts differ from those that a plan was made from

pub mod assignment;
pub mod cost;
pub mod eligibility;
pub mod facts;
pub mod load;
pub mod outdated;
pub mod paralegal;
pub mod periods;
pub mod plan;
pub mod policy;
pub mod task;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod properties;
