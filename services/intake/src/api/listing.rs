//! One page of a list (AIP-158).

use caseload_database::Database;
use caseload_runtime::Call;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tonic::Status;
use uuid::Uuid;

use crate::error::IntakeError;
use crate::store::{Keys, Page};

/// One page of a list, as it was asked for. Its rows have a key by which they are ordered: an id, unless the list says
/// otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Listing<K = Uuid> {
    list: String,
    size: i64,
    after: Option<K>,
}

impl<K: Serialize + DeserializeOwned + Copy> Listing<K> {
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
    pub(crate) fn page(&self) -> Page<K> {
        Page {
            after: self.after,
            limit: self.size.saturating_add(1),
        }
    }

    /// Cuts the keys that the store answered to the page, and answers the token of the next; empty after the last.
    pub(crate) fn cut_keys(&self, db: &Database, keys: &mut Vec<K>) -> Result<String, IntakeError> {
        self.cut_rows(db, keys, |key| *key)
    }

    /// The same with rows, each of which says its key.
    pub(crate) fn cut_rows<T>(
        &self,
        db: &Database,
        rows: &mut Vec<T>,
        key: impl Fn(&T) -> K,
    ) -> Result<String, IntakeError> {
        if rows.len() <= self.size() {
            return Ok(String::new());
        }
        rows.truncate(self.size());
        Ok(db.pages().seal(&self.list, &rows.last().map(key))?)
    }

    fn size(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }
}

impl Listing {
    /// Cuts what the store answered to the page, and answers the token of the next; empty after the last.
    pub(crate) fn cut(&self, db: &Database, keys: &mut Keys) -> Result<String, IntakeError> {
        let next = self.cut_keys(db, &mut keys.ids)?;
        keys.truncate(self.size());
        Ok(next)
    }
}
