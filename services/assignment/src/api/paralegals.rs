//! `ParalegalService`: the roster.

use caseload_auth::Who;
use caseload_domain::name::ParalegalName;
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::assignment::v1::paralegal_service_server::ParalegalService;
use caseload_proto::caseload::assignment::v1::{
    self as contract, CreateParalegalRequest, DeactivateParalegalRequest, GetParalegalRequest,
    ListParalegalsRequest, ListParalegalsResponse, ParalegalState, ReactivateParalegalRequest,
    UpdateParalegalRequest,
};
use caseload_proto::convert::{level, task_kind};
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response};

use super::paralegal_change::{Change, switch, tell};
use super::paralegal_mask::{UPDATABLE, is_set, overlay, valid};
use super::parse_paralegal::profile;
use super::{Answered, Context, convert, cut};
use crate::domain::paralegal::Paralegal;
use crate::domain::task::RequiredSkill;
use crate::error::Error;
use crate::store::roster::{self, Entry, Filter};
use crate::work::moves::{self, Move};

/// Serves the roster.
#[derive(Debug, Clone)]
pub struct Paralegals(pub Context);

#[tonic::async_trait]
impl ParalegalService for Paralegals {
    async fn create_paralegal(
        &self,
        request: Request<CreateParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.ParalegalService/CreateParalegal",
        )?;
        let mut violations = Violations::new();
        let given = violations.required("paralegal", request.paralegal.as_ref());
        let profile =
            given.and_then(|given| profile(&mut violations, given, self.0.policy.currency));
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let profile = violations.finish(profile)?;
        let act = Act::from(&call);
        let entry = Entry {
            paralegal: Paralegal {
                id: ParalegalId::generate(),
                version: 1,
                active: true,
                profile,
            },
            create_time: act.now,
            update_time: act.now,
        };
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                roster::insert(tx, &entry).await?;
                tell(tx, &act, None, &entry).await?;
                Ok::<_, Error>(convert::paralegal(&entry))
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn get_paralegal(
        &self,
        request: Request<GetParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.ParalegalService/GetParalegal",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<ParalegalName>());
        let name = violations.finish(name)?;
        let scope = own_scope(&call).ok_or_else(|| Error::NotFound(name.to_string()))?;
        let work = self.0.db.run(scope, move |tx| {
            Box::pin(async move {
                let entry = roster::find(tx, name.0).await?;
                entry.ok_or_else(|| Error::NotFound(name.to_string()))
            })
        });
        Ok(Response::new(convert::paralegal(&work.await?)))
    }

    async fn list_paralegals(
        &self,
        request: Request<ListParalegalsRequest>,
    ) -> Answered<ListParalegalsResponse> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.ParalegalService/ListParalegals",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let filter = filter(&mut violations, &request, &call);
        let (size, filter) = violations.finish(size.zip(filter))?;
        let list = call.list(&filter);
        let pages = self.0.db.pages();
        let after = pages.open::<String>(&list, &request.page_token)?;
        let scope = own_scope(&call).ok_or_else(|| Error::NotFound("paralegals".to_owned()))?;
        let work = self.0.db.run(scope, move |tx| {
            Box::pin(async move { roster::list(tx, &filter, after.as_deref(), size + 1).await })
        });
        let (entries, more) = cut(work.await?, size);
        let end = entries
            .last()
            .filter(|_| more)
            .map(|entry| &entry.paralegal.profile);
        Ok(Response::new(ListParalegalsResponse {
            next_page_token: match end {
                Some(end) => pages.seal(&list, &end.timekeeper_id)?,
                None => String::new(),
            },
            paralegals: entries.iter().map(convert::paralegal).collect(),
        }))
    }

    async fn update_paralegal(
        &self,
        request: Request<UpdateParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.ParalegalService/UpdateParalegal",
        )?;
        let mut violations = Violations::new();
        let given = violations.required("paralegal", request.paralegal.clone());
        let name = given.as_ref().and_then(|given| {
            violations.keep("paralegal.name", given.name.parse::<ParalegalName>())
        });
        let currency = self.0.policy.currency;
        let mut fields = Vec::new();
        if let Some(given) = &given {
            let mask = request.update_mask.as_ref();
            let mask = Mask::read(&mut violations, "update_mask", mask, &UPDATABLE);
            fields = mask.fields(|field| is_set(given, field));
            // What is wrong with the new values is told at once, before the old ones are known.
            let mut whole = valid(currency);
            overlay(&mut whole, given, &fields);
            profile(&mut violations, &whole, currency);
        }
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let (given, name) = violations.finish(given.zip(name))?;
        let etag = given.etag.clone();
        let change = Change { call, name, etag };
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let make = |entry: &mut Entry| {
                    let mut whole = convert::paralegal(entry);
                    overlay(&mut whole, &given, &fields);
                    let mut violations = Violations::new();
                    let changed = profile(&mut violations, &whole, currency);
                    entry.paralegal.profile = violations.finish(changed)?;
                    Ok(())
                };
                let entry = change.make(tx, make).await?;
                Ok::<_, Error>(convert::paralegal(&entry))
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn deactivate_paralegal(
        &self,
        request: Request<DeactivateParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.ParalegalService/DeactivateParalegal",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<ParalegalName>());
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = violations.finish(name)?;
        let change = Change {
            call,
            name,
            etag: request.etag,
        };
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let entry = change.make(tx, |entry| switch(entry, name, false)).await?;
                let release = Move::release("the paralegal takes no work any more");
                for offered in crate::store::assignments::offered_to(tx, name.0).await? {
                    moves::step(tx, &Act::from(&change.call), offered, &release).await?;
                }
                Ok::<_, Error>(convert::paralegal(&entry))
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn reactivate_paralegal(
        &self,
        request: Request<ReactivateParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.ParalegalService/ReactivateParalegal",
        )?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<ParalegalName>());
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = violations.finish(name)?;
        let change = Change {
            call,
            name,
            etag: request.etag,
        };
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let entry = change.make(tx, |entry| switch(entry, name, true)).await?;
                Ok::<_, Error>(convert::paralegal(&entry))
            })
        });
        Ok(Response::new(work.await?))
    }
}

/// The scope in which a caller reads the roster. None: not at all.
fn own_scope(call: &Call) -> Option<Scope> {
    match call.caller.who {
        Who::Suite => Some(Scope::AllFirms),
        Who::Paralegal(own) => Some(Scope::Paralegal(own)),
        Who::Firm(_) => None,
    }
}

fn filter(
    violations: &mut Violations,
    request: &ListParalegalsRequest,
    call: &Call,
) -> Option<Filter> {
    let (mut active, mut inactive) = (false, false);
    for (at, state) in request.states.iter().enumerate() {
        match ParalegalState::try_from(*state) {
            Ok(ParalegalState::Active) => active = true,
            Ok(ParalegalState::Inactive) => inactive = true,
            _ => violations.add(format!("states[{at}]"), "is not a state of a paralegal"),
        }
    }
    let skill = request.skill.as_ref().map(|skill| {
        let kind = match skill.kind {
            0 => Some(None),
            number => violations.keep("skill.kind", task_kind(number)).map(Some),
        };
        let area = violations.optional_text("skill.practice_area", &skill.practice_area, 200);
        let level = violations.keep("skill.level", level(skill.level));
        Some(RequiredSkill {
            practice_area: area?,
            kind: kind?,
            level: level?.get(),
        })
    });
    Some(Filter {
        only: call.caller.paralegal(),
        active: (active != inactive).then_some(active),
        skill: match skill {
            Some(skill) => Some(skill?),
            None => None,
        },
    })
}
