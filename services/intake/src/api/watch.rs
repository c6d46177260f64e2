//! `WatchService`: what changes below a firm, or of a task, as it happens.
//!
//! The changes are the events of intake's own log. Each is looked at anew for its caller: the collection's permission,
//! the veil over conflicts, and for a paralegal whether the scope shows the resource still.

mod contract;
mod told;

use std::time::{Duration, Instant};

use caseload_database::Database;
use caseload_domain::Scope;
use caseload_events::{Event, Feed, FirmEvents, FollowError, Next, Place};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::watch_service_server::WatchService;
use caseload_proto::parse::Violations;
use caseload_proto::status::{Reason, not_found, status};
use caseload_runtime::Call;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tonic::{Code, Request, Response, Status};

use self::contract::{Parent, answer};
use self::told::Told;
use super::fields;
use crate::error::{IntakeError, Refusal};
use crate::store;

/// How long a watch says nothing while nothing changes. Its token is then far enough behind no longer.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Serves `WatchService`.
#[derive(Debug, Clone)]
pub(crate) struct Watches {
    pub(crate) db: Database,
    pub(crate) log: Feed,
}

/// One watch.
struct Watcher {
    db: Database,
    call: Call,
    scope: Scope,
    parent: Parent,
    /// What its tokens are bound to.
    list: String,
    events: FirmEvents,
    /// When it last said something; none before the first answer.
    said: Option<Instant>,
}

#[tonic::async_trait]
impl WatchService for Watches {
    type WatchChangesStream = BoxStream<'static, Result<v1::WatchChangesResponse, Status>>;

    async fn watch_changes(
        &self,
        request: Request<v1::WatchChangesRequest>,
    ) -> Result<Response<Self::WatchChangesStream>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.WatchService/WatchChanges")?;
        let mut violations = Violations::new();
        let parent = fields::parsed(&mut violations, "parent", &request.parent);
        let list = call.list(&request.parent);
        let place = self
            .db
            .pages()
            .open::<(String, i64)>(&list, &request.resume_token);
        let place = violations.keep(
            "resume_token",
            place.map_err(|_| "was not made for this caller's watch of this parent"),
        );
        let (parent, place): (Parent, _) = violations.finish(parent.zip(place))?;
        let scope = call.scope(parent.firm(), parent)?;
        self.db
            .run(scope, move |tx| {
                Box::pin(async move {
                    let there = match parent {
                        Parent::Firm(firm) => store::firms::get(tx, firm).await.map(drop),
                        Parent::Task(task) => store::tasks::get(tx, task).await.map(drop),
                    };
                    there.map_err(|error| match error {
                        // In the words of the parent, whatever it is that the scope does not show.
                        IntakeError::NotFound(_) => IntakeError::NotFound(parent.to_string()),
                        error => error,
                    })
                })
            })
            .await?;
        let place = place.map(|(epoch, after)| Place {
            after,
            epoch: Some(epoch),
        });
        let events = self
            .log
            .of_firm(parent.firm(), place)
            .await
            .map_err(refused)?;
        let watcher = Watcher {
            db: self.db.clone(),
            call,
            scope,
            parent,
            list,
            events,
            said: None,
        };
        Ok(Response::new(watcher.stream()))
    }
}

fn refused(error: FollowError) -> Status {
    match error {
        FollowError::Lost => IntakeError::Refused(Refusal::WatchTokenExpired).into(),
        FollowError::Unavailable(error) => IntakeError::from(error).into(),
    }
}

impl Watcher {
    fn stream(self) -> BoxStream<'static, Result<v1::WatchChangesResponse, Status>> {
        stream::unfold(Some(self), async |watcher| {
            let mut watcher = watcher?;
            match watcher.next().await {
                Ok(answer) => Some((Ok(answer), Some(watcher))),
                // Nothing comes after an error.
                Err(status) => Some((Err(status), None)),
            }
        })
        .boxed()
    }

    /// The next answer: a change that is the caller's to know, or a sign of life.
    async fn next(&mut self) -> Result<v1::WatchChangesResponse, Status> {
        let Some(said) = self.said else {
            return self.say(None);
        };
        loop {
            let patience = (said + SIGN_OF_LIFE).saturating_duration_since(Instant::now());
            match self.events.next(patience).await.map_err(refused)? {
                Next::Event(event) => {
                    if let Some(told) = self.told(&event).await? {
                        return self.say(Some(answer(&event, told)));
                    }
                    if Instant::now() >= said + SIGN_OF_LIFE {
                        return self.say(None);
                    }
                }
                Next::Quiet => {
                    self.still_theirs().await?;
                    return self.say(None);
                }
                Next::Drained => {
                    return Err(status(
                        Code::Unavailable,
                        Reason::UNAVAILABLE,
                        "the server goes; watch again with the last token",
                    ));
                }
            }
        }
    }

    fn say(&mut self, change: Option<v1::Change>) -> Result<v1::WatchChangesResponse, Status> {
        self.said = Some(Instant::now());
        let Place { after, epoch } = self.events.place();
        let place = (epoch.unwrap_or_default(), after);
        Ok(v1::WatchChangesResponse {
            resume_token: self.db.pages().seal(&self.list, &place)?,
            change,
        })
    }

    /// What the caller is told of an event; nothing when it is not theirs to know.
    async fn told(&self, event: &Event) -> Result<Option<Told>, Status> {
        let told = Told::of(event);
        let asked = match self.parent {
            Parent::Firm(_) => true,
            Parent::Task(task) => told.task.as_deref() == Some(task.to_string().as_str()),
        };
        let known = told
            .permission
            .as_deref()
            .is_some_and(|permission| self.call.caller.allows(permission));
        let veiled = told.veiled && self.call.caller.firm().is_some();
        if !asked || !known || veiled {
            return Ok(None);
        }
        if self.call.caller.paralegal().is_none() {
            // The scope is the firm's, and so is every event that is read here.
            return Ok(Some(told));
        }
        self.still_theirs().await?;
        let resource = event.aggregate.clone();
        let shows = self
            .db
            .run(self.scope, move |tx| {
                Box::pin(async move { store::watch::shows(tx, &resource).await })
            })
            .await?;
        Ok(shows.then_some(told))
    }

    /// A paralegal who has the task no longer is told nothing more.
    async fn still_theirs(&self) -> Result<(), Status> {
        let (Parent::Task(task), Some(_)) = (self.parent, self.call.caller.paralegal()) else {
            return Ok(());
        };
        let shows = self
            .db
            .run(self.scope, move |tx| {
                Box::pin(store::watch::shows_task(tx, task))
            })
            .await?;
        if shows { Ok(()) } else { Err(not_found(task)) }
    }
}
