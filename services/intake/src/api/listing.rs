//! One page of a list (AIP-158).

use caseload_database::Database;
use caseload_runtime::Call;
use tonic::Status;
use uuid::Uuid;

use crate::error::IntakeError;
use crate::store::{Keys, Page};

/// One page of a list, as it was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    list: String,
    size: i64,
    after: Option<Uuid>,
}

impl Listing {
    /// Opens the page token. `filter` is the request without page size and token: a token serves no other list.
    pub(crate) fn open(
        db: &Database,
        call: &Call,
        filter: &impl std::fmt::Debug,
        size: i64,
        token: &str,
    ) -> Result<Self, Status> {
        let list = call.list(filter);
        let after = db.pages().open(&list, token)?;
        Ok(Self { list, size, after })
    }

    /// What the store is asked for: one more than the page, to know whether there is another.
    pub(crate) fn page(&self) -> Page {
        Page {
            after: self.after,
            limit: self.size.saturating_add(1),
        }
    }

    /// Cuts what the store answered to the page, and answers the token of the next; empty after the last.
    pub(crate) fn cut(&self, db: &Database, keys: &mut Keys) -> Result<String, IntakeError> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        if keys.len() <= size {
            return Ok(String::new());
        }
        keys.truncate(size);
        Ok(db.pages().seal(&self.list, &keys.ids.last())?)
    }
}
