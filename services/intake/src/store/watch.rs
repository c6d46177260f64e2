//! Whether what a watcher would be told of is theirs to see, as the transaction's scope says.

use caseload_database::Transaction;
use caseload_domain::name::{CommentName, DeliveryName, DocumentName, TaskName};

use crate::error::IntakeError;

/// Whether the scope shows a resource. One of a kind that is not known here it does not.
pub(crate) async fn shows(tx: &mut Transaction, resource: &str) -> Result<bool, IntakeError> {
    if let Ok(task) = resource.parse() {
        return shows_task(tx, task).await;
    }
    if let Ok(DeliveryName { firm, id }) = resource.parse() {
        return Ok(sqlx::query_scalar!(
            r#"select exists (select from deliveries where firm_id = $1 and delivery_id = $2) as "shows!""#,
            firm.0,
            id.0,
        )
        .fetch_one(tx.connection())
        .await?);
    }
    if let Ok(CommentName { firm, id }) = resource.parse() {
        return Ok(sqlx::query_scalar!(
            r#"select exists (select from comments where firm_id = $1 and comment_id = $2) as "shows!""#,
            firm.0,
            id.0,
        )
        .fetch_one(tx.connection())
        .await?);
    }
    if let Ok(DocumentName { firm, id }) = resource.parse() {
        return Ok(sqlx::query_scalar!(
            r#"select exists (select from documents where firm_id = $1 and document_id = $2) as "shows!""#,
            firm.0,
            id.0,
        )
        .fetch_one(tx.connection())
        .await?);
    }
    Ok(false)
}

/// Whether the scope shows a task.
pub(crate) async fn shows_task(
    tx: &mut Transaction,
    TaskName { firm, id }: TaskName,
) -> Result<bool, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from tasks where firm_id = $1 and task_id = $2) as "shows!""#,
        firm.0,
        id.0,
    )
    .fetch_one(tx.connection())
    .await?)
}
