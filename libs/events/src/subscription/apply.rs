//! Taking events in: the effect and the cursor in one transaction.

use std::ops::Range;
use std::sync::Arc;

use caseload_database::{Database, DatabaseError};
use caseload_domain::Scope;
use tracing::Instrument as _;

use super::cursor;
use crate::{Event, Projection, ProjectionError, trace};

/// Why events were not taken in. None of them has had any effect.
#[derive(Debug)]
pub(super) enum ApplyError {
    /// Another replica has moved the cursor.
    Moved,
    /// The database failed around the events.
    Database(DatabaseError),
    /// The projection refused one.
    Projection(ProjectionError),
}

impl From<DatabaseError> for ApplyError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// What one transaction takes in.
pub(super) struct Portion {
    pub(super) epoch: String,
    pub(super) events: Arc<[Event]>,
    pub(super) range: Range<usize>,
}

impl Portion {
    fn events(&self) -> &[Event] {
        self.events.get(self.range.clone()).unwrap_or_default()
    }
}

/// Takes the events in, all of them or none.
pub(super) async fn apply(
    db: &Database,
    projection: &Arc<dyn Projection>,
    subscription: &'static str,
    portion: Portion,
) -> Result<(), ApplyError> {
    let (Some(first), Some(last)) = (portion.events().first(), portion.events().last()) else {
        return Ok(());
    };
    let (from, to) = (first.position - 1, last.position);
    let projection = Arc::clone(projection);
    db.run(scope(first), move |tx| {
        Box::pin(async move {
            if !cursor::advance(tx, subscription, &portion.epoch, from, to).await? {
                return Err(ApplyError::Moved);
            }
            for event in portion.events() {
                if tx.scope() != scope(event) {
                    tx.set_scope(scope(event)).await?;
                }
                projection
                    .apply(tx, event)
                    .instrument(trace::consumer(subscription, event))
                    .await
                    .map_err(ApplyError::Projection)?;
            }
            Ok(())
        })
    })
    .await
}

fn scope(event: &Event) -> Scope {
    event.firm.map_or(Scope::AllFirms, Scope::Firm)
}

/// Whether the error passes by itself: the database is away or busy, or another transaction was in the way.
fn transient(error: &DatabaseError) -> bool {
    matches!(
        error,
        DatabaseError::Unavailable | DatabaseError::Timeout | DatabaseError::Contention
    )
}

/// Whether trying again may do.
pub(super) fn passes(error: &ApplyError) -> bool {
    match error {
        ApplyError::Moved => true,
        ApplyError::Database(error) | ApplyError::Projection(ProjectionError::Database(error)) => {
            transient(error)
        }
        ApplyError::Projection(ProjectionError::Decode(_) | ProjectionError::Malformed(_)) => false,
    }
}

impl std::fmt::Display for ApplyError {
    /// With every cause, for the operator who has to mend it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let error: &dyn std::error::Error = match self {
            Self::Moved => return out.write_str("another replica has moved the cursor"),
            Self::Database(error) => error,
            Self::Projection(error) => error,
        };
        write!(out, "{error}")?;
        let mut source = error.source();
        while let Some(cause) = source {
            write!(out, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
