//! One page of a list (AIP-158).

use caseload_database::{Database, page_size};
use caseload_proto::parse::Violations;
use tonic::Status;
use uuid::Uuid;

use super::call::Call;
use crate::error::IntakeError;
use crate::store::{Keys, Page};

/// One page of a list, as it was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    list: String,
    size: usize,
    after: Option<Uuid>,
}

impl Listing {
    /// Reads how long the page may be.
    pub(crate) fn size(violations: &mut Violations, requested: i32) -> Option<usize> {
        let size = violations.keep("page_size", page_size(requested))?;
        usize::try_from(size).ok()
    }

    /// Opens the page token. `filter` is the request without page size and token: a token serves no other list.
    pub(crate) fn open(
        db: &Database,
        call: &Call,
        filter: &impl std::fmt::Debug,
        size: usize,
        token: &str,
    ) -> Result<Self, Status> {
        let list = format!("{} {:?} {filter:?}", call.method, call.caller.who);
        let after = db.pages().open(&list, token)?;
        Ok(Self { list, size, after })
    }

    /// What the store is asked for: one more than the page, to know whether there is another.
    pub(crate) fn page(&self) -> Page {
        Page {
            after: self.after,
            limit: i64::try_from(self.size).map_or(i64::MAX, |size| size.saturating_add(1)),
        }
    }

    /// Cuts what the store answered to the page, and answers the token of the next; empty after the last.
    pub(crate) fn cut(&self, db: &Database, keys: &mut Keys) -> Result<String, IntakeError> {
        if keys.len() <= self.size {
            return Ok(String::new());
        }
        keys.truncate(self.size);
        Ok(db.pages().seal(&self.list, &keys.ids.last())?)
    }
}
