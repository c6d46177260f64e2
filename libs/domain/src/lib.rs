//! The words that every Caseload service shares: ids, names, money, time, codes.
//!
//! # Layout
//! - [`id`]: one type an id, so that a matter's can't be taken for a firm's
//! - [`name`]: resource names, `firms/{firm}/matters/{matter}`, as the contracts carry them
//! - [`money`]: amounts in minor units, hourly rates, and the one place where they round
//! - [`utbms`]: task, activity and expense codes, and where each can stand
//! - [`work_time`]: seconds worked, and the billable increments they come to
//! - [`zone`]: dates that people mean, in the zone that they mean them in
//! - [`scope`]: whose data a unit of work may touch
//! - [`practice_area`]: the names of areas of law
//! - [`work`]: kinds of task, priorities, skill levels
//! - [`subkind`]: what each kind of task consists of, more closely

pub mod id;
pub mod money;
pub mod name;
pub mod practice_area;
pub mod scope;
pub mod subkind;
pub mod utbms;
pub mod work;
pub mod work_time;
pub mod zone;

pub use id::*;
pub use money::{Currency, HourlyRate, Money};
pub use practice_area::PracticeArea;
pub use scope::Scope;
pub use subkind::Subkind;
