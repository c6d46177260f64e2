//! Making a request of its rows, by the steps by which it is made by hand.

use std::collections::{BTreeMap, BTreeSet};

use caseload_database::Transaction;
use caseload_domain::name::{MatterName, RequestName, TaskName};
use caseload_domain::{FirmId, MatterId, RequestId, TaskId};
use caseload_events::Act;

use super::rows::Terms;
use crate::api::requests::decisions;
use crate::domain::matter::ExternalId;
use crate::domain::request::RequestFacts;
use crate::domain::request_import::Problem;
use crate::domain::request_import::plan::{OfRequest, Plan, plan, waits_for_refused};
use crate::domain::request_import::span::Span;
use crate::error::{IntakeError, Refusal};
use crate::store;
use crate::store::Page;
use crate::work::drafting::Draft;

/// What came of the rows of one request.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// How many requests: one or none.
    pub(super) requests: i64,
    /// How many tasks.
    pub(super) tasks: i64,
    /// What was wrong.
    pub(super) problems: Vec<Problem>,
}

/// Makes a request of its good rows. Where something is wrong with a row, it and what waits for it has written nothing;
/// where no row is good, nothing has.
pub(super) async fn make(
    tx: &mut Transaction,
    act: &Act,
    terms: &Terms,
    span: &Span,
) -> Result<Made, IntakeError> {
    let mut plan = plan(span);
    let Some((line, request)) = plan.request.clone() else {
        return Ok(Made::nothing(plan));
    };
    if plan.order.is_empty() {
        return Ok(Made::nothing(plan));
    }
    store::request_imports::mark(tx).await?;
    let draft = match begin(tx, act, terms.firm, &request).await? {
        Ok(draft) => draft,
        Err((field, why)) => {
            store::request_imports::back_to_mark(tx).await?;
            plan.problems.push(Problem::new(line, field, &why));
            plan.refuse_all(line);
            return Ok(Made::nothing(plan));
        }
    };
    let name = draft.request.name;
    let tasks = add_tasks(tx, act, terms, draft, &mut plan).await?;
    if tasks == 0 {
        store::request_imports::back_to_mark(tx).await?;
        return Ok(Made::nothing(plan));
    }
    store::request_imports::drop_mark(tx).await?;
    if request.submit {
        let whole = tasks == span.rows.len();
        let refused = submit(tx, act, terms, name, whole).await?;
        let problem = refused.map(|why| Problem::new(line, "submit", &why));
        plan.problems.extend(problem);
    }
    Ok(Made {
        requests: 1,
        tasks: i64::try_from(tasks).unwrap_or(i64::MAX),
        problems: plan.problems,
    })
}

impl Made {
    fn nothing(plan: Plan) -> Self {
        Self {
            problems: plan.problems,
            ..Self::default()
        }
    }
}

/// What a caller did wrong, as a phrase that follows a field's name, and the field where one is said; what is not the
/// caller's doing stays an error.
fn of_caller(error: IntakeError) -> Result<(Option<&'static str>, String), IntakeError> {
    match error {
        IntakeError::Invalid { field, why } => Ok((Some(field), why)),
        // Not for what a row says: the import goes on when the firm may send work again.
        IntakeError::Refused(Refusal::FirmSuspended) => Err(error),
        IntakeError::Refused(_)
        | IntakeError::NotFound(_)
        | IntakeError::WrongState(_)
        | IntakeError::Obstacles { .. } => Ok((None, format!("is refused: {error}"))),
        error => Err(error),
    }
}

/// Begins a draft, or says what of the request is wrong, and why.
async fn begin(
    tx: &mut Transaction,
    act: &Act,
    firm: FirmId,
    said: &OfRequest,
) -> Result<Result<Draft, (&'static str, String)>, IntakeError> {
    let matter = match matter(tx, firm, &said.matter).await? {
        Ok(matter) => matter,
        Err(why) => return Ok(Err(("matter", why))),
    };
    let attorney = &said.supervising_attorney_id;
    let facts = RequestFacts {
        title: said.title.clone(),
        description: said.description.clone(),
        supervising_attorney_id: (!attorney.is_empty()).then(|| attorney.clone()),
    };
    let name = RequestName::new(firm, RequestId::generate());
    match Draft::begin(tx, act, name, matter, facts).await {
        Ok(draft) => Ok(Ok(draft)),
        Err(error) => {
            let (field, why) = of_caller(error)?;
            let field = match field {
                Some("request.supervising_attorney_id") => "supervising_attorney_id",
                _ => "matter",
            };
            Ok(Err((field, why)))
        }
    }
}

/// The matter that a row names: by its resource name, by its id in another system, by the client's number.
async fn matter(
    tx: &mut Transaction,
    firm: FirmId,
    text: &str,
) -> Result<Result<MatterId, String>, IntakeError> {
    if text.starts_with("firms/") {
        let name = text.parse::<MatterName>().ok();
        let name = name.filter(|name| name.firm == firm);
        return Ok(name
            .map(|name| name.id)
            .ok_or_else(|| "is not the name of a matter of the firm".to_owned()));
    }
    if let Some((source, id)) = text.split_once(':') {
        let filter = store::matters::Filter {
            firm: Some(firm),
            external_id: Some(ExternalId {
                source: source.to_owned(),
                id: id.to_owned(),
            }),
            ..store::matters::Filter::default()
        };
        let page = Page {
            after: None,
            limit: 1,
        };
        let found = store::matters::page(tx, &filter, page).await?;
        if let Some(id) = found.ids.first() {
            return Ok(Ok(MatterId(*id)));
        }
    }
    Ok(
        match store::request_imports::numbered(tx, firm, text).await?[..] {
            [one] => Ok(one),
            [] => Err("is no matter's name, external id or client matter number".to_owned()),
            _ => Err("is the client matter number of several matters".to_owned()),
        },
    )
}

/// Puts the tasks in, and answers how many.
async fn add_tasks(
    tx: &mut Transaction,
    act: &Act,
    terms: &Terms,
    mut draft: Draft,
    plan: &mut Plan,
) -> Result<usize, IntakeError> {
    // In the rows' order, so that they are listed in it, whatever waits for what.
    let ids: Vec<TaskId> = plan.tasks.iter().map(|_| TaskId::generate()).collect();
    let of_keys: BTreeMap<&str, TaskId> = plan
        .tasks
        .iter()
        .zip(&ids)
        .map(|(task, id)| (task.key.as_str(), *id))
        .collect();
    let mut refused: BTreeSet<&str> = BTreeSet::new();
    let mut made = 0;
    for at in &plan.order {
        let task = &plan.tasks[*at];
        let wrong = if let Some(key) = task
            .depends_on
            .iter()
            .find(|key| refused.contains(key.as_str()))
        {
            Some(("depends_on", waits_for_refused(key)))
        } else {
            let mut patch = task.patch.clone();
            let depends_on = task.depends_on.iter();
            let depends_on = depends_on.filter_map(|key| of_keys.get(key.as_str()).copied());
            patch.depends_on = Some(depends_on.collect());
            match draft
                .add(tx, act, TaskName::new(terms.firm, ids[*at]), patch)
                .await
            {
                Ok(_) => None,
                Err(error) => {
                    let (field, why) = of_caller(error)?;
                    Some((terms.name(field.unwrap_or_default()), why))
                }
            }
        };
        match wrong {
            None => made += 1,
            Some((field, why)) => {
                refused.insert(&task.key);
                plan.problems.push(Problem::new(task.line, field, &why));
            }
        }
    }
    Ok(made)
}

/// Submits a request, or says why it stays a draft.
async fn submit(
    tx: &mut Transaction,
    act: &Act,
    terms: &Terms,
    name: RequestName,
    whole: bool,
) -> Result<Option<String>, IntakeError> {
    if !whole {
        let why = "is not done, since rows of the request are refused: it stays a draft";
        return Ok(Some(why.to_owned()));
    }
    store::request_imports::mark(tx).await?;
    match decisions::submit(tx, act.clone(), name, String::new(), terms.threshold).await {
        Ok(_) => {
            store::request_imports::drop_mark(tx).await?;
            Ok(None)
        }
        Err(error) => {
            let (_, why) = of_caller(error)?;
            store::request_imports::back_to_mark(tx).await?;
            Ok(Some(format!("{why}; it stays a draft")))
        }
    }
}
