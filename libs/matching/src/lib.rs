//! Who should do what: the optimiser that matches tasks to people. No I/O.
//!
//! The problem is the generalised assignment problem with what a working day adds to it: every task is done by one
//! person at most, effort and cost depend on the pair, people have a capacity over time and a limit on tasks, tasks
//! have a first and a last period, and leaving a task out costs a penalty or is not allowed. The answer is a plan
//! that keeps every limit, its cost, and a proven lower bound on the cost of any plan.
//!
//! ```
//! use caseload_matching::{LeftOut, Options, Person, Problem, Task, Window};
//!
//! let mut problem = Problem::builder(1);
//! let ada = problem.person(Person { capacity: vec![10], task_limit: None });
//! let bea = problem.person(Person { capacity: vec![10], task_limit: None });
//! let brief = problem.task(Task { window: Window::new(0, 0), left_out: LeftOut::Never });
//! let motion = problem.task(Task { window: Window::new(0, 0), left_out: LeftOut::Costs(500) });
//! problem.pair(brief, ada, 8, 100);
//! problem.pair(motion, ada, 6, 90);
//! problem.pair(motion, bea, 7, 120);
//! let problem = problem.build()?;
//! let answer = caseload_matching::solve(&problem, &Options::default());
//! assert_eq!(answer.plan.of(motion), Some(bea));
//! assert_eq!((answer.cost, answer.missing), (220, 0));
//! assert!(answer.bound <= 220);
//! # Ok::<(), caseload_matching::InvalidProblem>(())
//! ```
//!
//! # Layout
//! - [`builder`]: a problem in the making, checked
//! - [`problem`]: what is to be decided, laid out flat
//! - [`window`]: spans of periods; a load fits when it fits every span that it must fall into
//! - [`solve`](mod@solve): the way from a problem to an answer: bound, first plan, search
//! - `field`: what is left to decide once pins are taken in, laid out flat
//! - `bound`: prices of people's time by subgradient, and the bound that they prove in whole numbers
//! - `state`: a plan that always keeps the limits, with moves in constant time
//! - `construct`: a first plan, the tasks with most to lose first
//! - `search`: annealing by shifts, swaps and ejections
//! - [`check`]: an independent check that a plan keeps the limits, by playing the periods through
//! - `random`: the numbers that a seed decides

pub mod builder;
pub mod check;
pub mod problem;
pub mod solve;
pub mod window;

mod bound;
mod construct;
mod field;
mod random;
mod search;
mod state;

pub use builder::{Builder, InvalidProblem};
pub use check::{Violation, check};
pub use problem::{Commitment, LeftOut, Person, PersonIndex, Problem, Task, TaskIndex};
pub use solve::{Answer, LeftOutTask, Options, Plan, Stopped, WhyLeftOut, solve};
pub use window::Window;
