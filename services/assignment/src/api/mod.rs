//! The contract in front of the domain: a file a service, and what they share.

pub mod assignments;
pub mod candidates;
pub mod convert;
pub mod paralegals;
pub mod plans;

pub mod parse_spec;

mod paralegal_change;
mod paralegal_mask;
mod parse_paralegal;

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use caseload_auth::Who;
use caseload_database::Database;
use caseload_domain::{FirmId, Scope};
use caseload_proto::convert::whole_seconds;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use prost_types::Duration as Span;
use tonic::Status;

use crate::config::ANSWER_WITHIN;
use crate::domain::policy::Policy;

/// What every service of the contract works with.
#[derive(Debug, Clone)]
pub struct Context {
    /// The database.
    pub db: Database,
    /// The weights and times that the operator decides.
    pub policy: Arc<Policy>,
    /// The most time that a plan takes, when whoever asks does not say.
    pub time_limit: Duration,
    /// The most moves of a plan's search.
    pub moves: u64,
}

/// The scope in which a caller touches a firm's assignments. The suite's own staff see what firms may not (pay), and
/// so work in the scope of every firm, naming the firm in each query.
fn scope_of(call: &Call, firm: FirmId, name: impl Display) -> Result<Scope, Status> {
    match call.caller.who {
        Who::Suite => Ok(Scope::AllFirms),
        Who::Firm(_) | Who::Paralegal(_) => call.scope(firm, name),
    }
}

/// How long an offer stands: what is asked for, or what is configured.
fn answer_within(
    violations: &mut Violations,
    asked: Option<&Span>,
    policy: &Policy,
) -> Option<time::Duration> {
    let Some(asked) = asked else {
        return Some(policy.answer_within);
    };
    let seconds = violations.keep("answer_within", whole_seconds(asked))?;
    violations.check(
        "answer_within",
        ANSWER_WITHIN.contains(&seconds),
        "must be from 1 minute to 30 days",
    );
    Some(time::Duration::seconds(seconds))
}

/// Cuts a page to its size: one more was asked for than the page holds, and tells whether there is another.
fn cut<T>(mut rows: Vec<T>, size: i64) -> (Vec<T>, bool) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    (rows, more)
}

/// A work that answers the contract.
type Answered<T> = Result<tonic::Response<T>, Status>;
