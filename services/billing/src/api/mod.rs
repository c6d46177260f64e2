//! The contracts' services: one file a resource, contract ↔ domain and nothing else.

mod billable_items;
mod billing_profiles;
mod earnings;
mod invoice_answers;
mod invoice_steps;
mod invoices;
mod price;
mod rate_cards;

use caseload_database::Database;
use caseload_proto::google::r#type::Date as DateMessage;
use caseload_proto::parse::Violations;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::Date;
use tonic::Status;

use crate::config::Settings;

/// Serves every contract of billing.
#[derive(Debug, Clone)]
pub struct Billing {
    db: Database,
    settings: Settings,
}

impl Billing {
    pub(crate) const fn new(db: Database, settings: Settings) -> Self {
        Self { db, settings }
    }

    /// Where a list goes on, and how many it answers.
    fn page_of<K: DeserializeOwned>(
        &self,
        list: &str,
        token: &str,
        size: i64,
    ) -> Result<Page<K>, Status> {
        Ok(Page {
            after: self.db.pages().open(list, token)?,
            size,
        })
    }

    /// The token with which a list goes on after the last of a full page; takes what is over off the page.
    fn next_page<T, K: Serialize>(
        &self,
        list: &str,
        rows: &mut Vec<T>,
        size: i64,
        key: impl Fn(&T) -> K,
    ) -> Result<String, Status> {
        let most = usize::try_from(size).unwrap_or(usize::MAX);
        if rows.len() <= most {
            return Ok(String::new());
        }
        rows.truncate(most);
        match rows.last() {
            Some(row) => Ok(self.db.pages().seal(list, &key(row))?),
            None => Ok(String::new()),
        }
    }
}

/// A page that is asked for.
struct Page<K> {
    after: Option<K>,
    size: i64,
}

impl<K> Page<K> {
    /// One more than the page holds, to know whether there is another.
    const fn limit(&self) -> i64 {
        self.size + 1
    }
}

/// A date that may be absent; the inner None.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn optional_date(
    violations: &mut Violations,
    field: &str,
    date: Option<&DateMessage>,
) -> Option<Option<Date>> {
    match date {
        None => Some(None),
        Some(date) => violations.keep(field, Date::try_from(date)).map(Some),
    }
}

/// A date that must be there.
fn required_date(
    violations: &mut Violations,
    field: &str,
    date: Option<&DateMessage>,
) -> Option<Date> {
    let date = violations.required(field, date)?;
    violations.keep(field, Date::try_from(date))
}

/// The states that a list asks for, each of which must be one.
fn parse_states<M: TryFrom<i32>, T>(
    violations: &mut Violations,
    numbers: &[i32],
    why: &str,
    state: impl Fn(M) -> Option<T>,
) -> Vec<T> {
    let one = |number: i32| M::try_from(number).ok().and_then(&state).ok_or(why);
    numbers
        .iter()
        .enumerate()
        .filter_map(|(at, number)| violations.keep(&format!("states[{at}]"), one(*number)))
        .collect()
}

/// An end that must not be before its start.
fn ordered(violations: &mut Violations, field: &str, start: Option<Date>, end: Option<Date>) {
    if let (Some(start), Some(end)) = (start, end) {
        violations.check(field, start <= end, format!("is before the start, {start}"));
    }
}
