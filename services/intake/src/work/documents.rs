//! Who reaches which documents, and writing them.

use std::fmt;

use caseload_database::Transaction;
use caseload_domain::name::{DocumentName, MatterName, TaskName};
use caseload_domain::{FirmId, MatterId, ParalegalId, Scope, TaskId};
use caseload_events::{Act, Record};
use caseload_proto::caseload::intake::v1::DocumentAdded;

use super::snapshot;
use crate::domain::document::{Document, works_on};
use crate::error::IntakeError;
use crate::store;

/// What something is uploaded to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A new document of a task.
    Task(TaskName),
    /// A new document of a matter.
    Matter(MatterName),
    /// A new version of a document.
    Document(DocumentName),
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(name) => name.fmt(out),
            Self::Matter(name) => name.fmt(out),
            Self::Document(name) => name.fmt(out),
        }
    }
}

/// A target that is there and the caller's to write to.
#[derive(Debug, Clone)]
pub(crate) struct Reached {
    pub(crate) matter: MatterId,
    pub(crate) task: Option<TaskId>,
    /// The document as it is; none for a new one.
    pub(crate) document: Option<Document>,
}

/// Looks for a target in the caller's own scope, and goes on in the firm's. What a paralegal does not work on is not
/// found.
pub(crate) async fn reach(
    tx: &mut Transaction,
    firm: FirmId,
    paralegal: Option<ParalegalId>,
    target: Target,
) -> Result<Reached, IntakeError> {
    let reached = match target {
        Target::Task(name) => {
            let task = store::tasks::get(tx, name).await?;
            if paralegal.is_some_and(|paralegal| !works_on(&task, paralegal)) {
                return Err(IntakeError::NotFound(name.to_string()));
            }
            Reached {
                matter: task.matter,
                task: Some(name.id),
                document: None,
            }
        }
        Target::Matter(name) => Reached {
            matter: store::matters::get(tx, name).await?.name.id,
            task: None,
            document: None,
        },
        Target::Document(name) => {
            let document = store::documents::get(tx, name).await?;
            Reached {
                matter: document.matter,
                task: document.task,
                document: Some(document),
            }
        }
    };
    tx.set_scope(Scope::Firm(firm)).await?;
    Ok(reached)
}

/// Puts a document on record that is held and has changed.
pub(crate) async fn record(
    tx: &mut Transaction,
    act: &Act,
    name: DocumentName,
    before: Record,
) -> Result<(), IntakeError> {
    let after = store::documents::record(tx, name).await?;
    Ok(act
        .record(tx, Some(name.firm), name.to_string(), before, after)
        .await?)
}

/// Tells the others that a document has a new version.
pub(crate) async fn announce(
    tx: &mut Transaction,
    act: &Act,
    document: &Document,
) -> Result<(), IntakeError> {
    let name = document.name;
    let added = DocumentAdded {
        document: Some(snapshot::document(document)),
    };
    Ok(act
        .announce(tx, Some(name.firm), name.to_string(), &added)
        .await?)
}
