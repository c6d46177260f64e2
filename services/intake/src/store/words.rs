//! The words that resources are found by, kept beside each by whoever writes it.

use caseload_database::Transaction;

use crate::domain::matter::Matter;
use crate::domain::request::Request;
use crate::domain::search::{Query, Words};
use crate::domain::task::Task;
use crate::error::IntakeError;
use caseload_domain::Scope;

/// What a list looks for, by the way to it: one's own rows are read and compared, those of every firm are found by
/// index. One of them is none, both are where nothing is looked for.
#[derive(Debug, Default)]
pub(super) struct Sought<'a> {
    /// For a firm's scope, or a paralegal's.
    pub(super) among_own: Option<&'a str>,
    /// For the scope of every firm.
    pub(super) among_all: Option<&'a str>,
}

impl<'a> Sought<'a> {
    pub(super) fn new(tx: &Transaction, query: Option<&'a Query>) -> Self {
        let words = query.map(Query::as_str);
        match tx.scope() {
            Scope::AllFirms => Self {
                among_own: None,
                among_all: words,
            },
            Scope::Firm(_) | Scope::Paralegal(_) => Self {
                among_own: words,
                among_all: None,
            },
        }
    }
}

/// Keeps the words of a matter. What it is known by comes first, for a matter may have thousands of names.
pub(super) async fn put_matter(tx: &mut Transaction, matter: &Matter) -> Result<(), IntakeError> {
    let facts = &matter.facts;
    let known_by = [
        &facts.caption,
        &facts.client_display_name,
        &facts.client_matter_number,
        &facts.docket_number,
        &facts.court,
    ];
    let ids = facts.external_ids.iter().map(|external| &external.id);
    let names = facts
        .parties
        .iter()
        .flat_map(|party| std::iter::once(&party.display_name).chain(&party.aliases));
    let texts = known_by.into_iter().chain(ids).chain(names);
    let words = Words::of(texts.map(String::as_str));
    sqlx::query!(
        "insert into matter_words (firm_id, matter_id, words) values ($1, $2, $3::text::tsvector)
         on conflict (firm_id, matter_id) do update set words = excluded.words
             where matter_words.words <> excluded.words",
        matter.name.firm.0,
        matter.name.id.0,
        words.as_str(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Keeps the words of a request.
pub(super) async fn put_request(
    tx: &mut Transaction,
    request: &Request,
) -> Result<(), IntakeError> {
    let facts = &request.facts;
    let words = Words::of([
        facts.title.as_str(),
        &facts.description,
        &request.close_reason,
    ]);
    sqlx::query!(
        "insert into request_words (firm_id, request_id, words) values ($1, $2, $3::text::tsvector)
         on conflict (firm_id, request_id) do update set words = excluded.words
             where request_words.words <> excluded.words",
        request.name.firm.0,
        request.name.id.0,
        words.as_str(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Keeps the words of a task.
pub(super) async fn put_task(tx: &mut Transaction, task: &Task) -> Result<(), IntakeError> {
    let words = Words::of([
        task.facts.title.as_str(),
        &task.hold_reason,
        &task.cancel_reason,
        &task.facts.instructions,
    ]);
    sqlx::query!(
        "insert into task_words (firm_id, task_id, words) values ($1, $2, $3::text::tsvector)
         on conflict (firm_id, task_id) do update set words = excluded.words
             where task_words.words <> excluded.words",
        task.name.firm.0,
        task.name.id.0,
        words.as_str(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
