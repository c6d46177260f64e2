//! SQL, one file a resource. Rows become the domain's types here, and nowhere else.
//!
//! Every resource has the same functions: `page` finds names by filter, `load` reads resources by name, `lock` holds a
//! row for the transaction, `insert` and `save` write. `record` answers a resource as the audit log keeps it.

pub(crate) mod comments;
pub(crate) mod conflicts;
pub(crate) mod consents;
pub(crate) mod deliveries;
pub(crate) mod documents;
pub(crate) mod due;
pub(crate) mod firms;
pub(crate) mod matters;
pub(crate) mod paralegals;
pub(crate) mod request_imports;
pub(crate) mod request_templates;
pub(crate) mod requests;
pub(crate) mod service_levels;
pub(crate) mod tasks;
pub(crate) mod undertakings;
pub(crate) mod watch;
mod words;

use std::fmt::Display;
use std::str::FromStr;

use caseload_database::Transaction;
use caseload_domain::Scope;
use uuid::Uuid;

use crate::error::IntakeError;

/// The names of some resources of one kind, as two columns: firm and id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    pub(crate) firms: Vec<Uuid>,
    pub(crate) ids: Vec<Uuid>,
}

impl Keys {
    pub(crate) fn one(firm: impl Into<Uuid>, id: impl Into<Uuid>) -> Self {
        Self {
            firms: vec![firm.into()],
            ids: vec![id.into()],
        }
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.firms.truncate(length);
        self.ids.truncate(length);
    }
}

impl FromIterator<(Uuid, Uuid)> for Keys {
    fn from_iter<I: IntoIterator<Item = (Uuid, Uuid)>>(keys: I) -> Self {
        let (firms, ids) = keys.into_iter().unzip();
        Self { firms, ids }
    }
}

/// Where a page begins, and how long it may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<K = Uuid> {
    /// The last key of the page before: an id, unless the list says otherwise.
    pub(crate) after: Option<K>,
    /// At most so many.
    pub(crate) limit: i64,
}

/// A value that a column keeps as text.
fn read<T>(text: &str) -> Result<T, IntakeError>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse()
        .map_err(|why: T::Err| IntakeError::Damaged(why.to_string()))
}

/// A value that can't be missing or out of range.
fn sound<T, E: Display>(value: Result<T, E>) -> Result<T, IntakeError> {
    value.map_err(|why| IntakeError::Damaged(why.to_string()))
}

/// A position in a list, as a column keeps it.
fn position(at: usize) -> Result<i32, IntakeError> {
    sound(i32::try_from(at))
}

/// The paralegal whose scope it is; none in other scopes. A list that says whose it is finds the index of it, which
/// the policy alone does not.
fn own(tx: &Transaction) -> Option<Uuid> {
    match tx.scope() {
        Scope::Paralegal(paralegal) => Some(paralegal.0),
        Scope::Firm(_) | Scope::AllFirms => None,
    }
}

/// The words of some states, for `= any($1)`; none for any state.
pub(crate) fn words_of<T: Copy>(states: &[T], word: fn(T) -> &'static str) -> Option<Vec<String>> {
    (!states.is_empty()).then(|| states.iter().map(|state| word(*state).to_owned()).collect())
}

/// The same where there are two states, and a column says whether it is the second.
fn flags_of<T: Copy + PartialEq>(states: &[T], second: T) -> Option<Vec<bool>> {
    (!states.is_empty()).then(|| states.iter().map(|state| *state == second).collect())
}
