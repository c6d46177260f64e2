//! The units of work of `CommentService`.

use caseload_database::{Database, Transaction};
use caseload_domain::Scope;
use caseload_domain::name::{CommentName, RequestName, TaskName};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;

use super::Voice;
use super::contract::{Given, answer};
use crate::api::listing::Listing;
use crate::domain::comment::{Comment, is_there_for, may_be_said_of};
use crate::domain::task::Task;
use crate::error::IntakeError;
use crate::store;
use crate::work::tasks::Known;

/// A paralegal to whom the thread is not there is answered as if the task were not.
fn heard_by(voice: Voice, task: &Task) -> Result<(), IntakeError> {
    match voice.paralegal {
        Some(paralegal) if !is_there_for(task, paralegal) => {
            Err(IntakeError::NotFound(task.name.to_string()))
        }
        _ => Ok(()),
    }
}

pub(super) async fn create(
    tx: &mut Transaction,
    act: Act,
    name: CommentName,
    voice: Voice,
    given: Given,
) -> Result<v1::Comment, IntakeError> {
    // Seen in the caller's own scope; from here on the thread is the firm's.
    store::tasks::get(tx, given.task).await?;
    tx.set_scope(Scope::Firm(name.firm)).await?;
    // Held, so that nothing is said after the task was given to somebody else or cancelled.
    let task = store::tasks::lock(tx, given.task).await?;
    heard_by(voice, &task)?;
    may_be_said_of(&task)?;
    if let Some(before) = given.in_reply_to {
        const REPLY: &str = "comment.in_reply_to";
        let found = store::comments::get(tx, before).await;
        let found = found.map_err(|error| error.in_field(REPLY))?;
        if found.task != given.task {
            return Err(IntakeError::Invalid {
                field: REPLY,
                why: "is a comment on another task".to_owned(),
            });
        }
    }
    let comment = Comment {
        name,
        task: given.task,
        in_reply_to: given.in_reply_to.map(|before| before.id),
        author_kind: voice.kind,
        author: act.actor.clone(),
        paralegal: voice.paralegal,
        text: given.text,
        create_time: act.now,
    };
    store::comments::insert(tx, &comment).await?;
    let after = store::comments::record(tx, name).await?;
    act.record(tx, Some(name.firm), name.to_string(), None, after)
        .await?;
    let request = RequestName::new(name.firm, task.request);
    if Known::of(&store::requests::get(tx, request).await?) == Known::ToAll {
        let added = v1::CommentAdded {
            comment: name.to_string(),
            task: given.task.to_string(),
            in_reply_to: given
                .in_reply_to
                .map(|before| before.to_string())
                .unwrap_or_default(),
        };
        act.announce(tx, Some(name.firm), name.to_string(), &added)
            .await?;
    }
    Ok(answer(&comment))
}

pub(super) async fn get(
    tx: &mut Transaction,
    name: CommentName,
) -> Result<v1::Comment, IntakeError> {
    Ok(answer(&store::comments::get(tx, name).await?))
}

pub(super) async fn list(
    tx: &mut Transaction,
    db: Database,
    listing: Listing,
    voice: Voice,
    task: TaskName,
) -> Result<v1::ListCommentsResponse, IntakeError> {
    heard_by(voice, &store::tasks::get(tx, task).await?)?;
    let mut keys = store::comments::page(tx, task, listing.page()).await?;
    let next_page_token = listing.cut(&db, &mut keys)?;
    let comments = store::comments::load(tx, &keys).await?;
    Ok(v1::ListCommentsResponse {
        comments: comments.iter().map(answer).collect(),
        next_page_token,
    })
}
