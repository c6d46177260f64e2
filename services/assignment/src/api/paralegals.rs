//! `ParalegalService`: the roster.

use crate::clock;
use caseload_auth::{Caller, Who};
use caseload_database::{Transaction, audit, etag};
use caseload_domain::name::ParalegalName;
use caseload_domain::{Currency, Money, ParalegalId, Scope};
use caseload_events::Draft;
use caseload_proto::caseload::assignment::v1::paralegal_service_server::ParalegalService;
use caseload_proto::caseload::assignment::v1::{
    self as contract, CreateParalegalRequest, DeactivateParalegalRequest, GetParalegalRequest,
    ListParalegalsRequest, ListParalegalsResponse, ParalegalChanged, ParalegalState,
    ReactivateParalegalRequest, UpdateParalegalRequest,
};
use caseload_proto::convert::{level, seconds, task_kind};
use caseload_proto::parse::Violations;
use tonic::{Request, Response};

use super::parse_paralegal::{FIELDS, profile};
use super::{Answered, Context, convert, cut, doer, page_size, retry};
use crate::domain::paralegal::{Paralegal, Profile};
use crate::domain::task::RequiredSkill;
use crate::error::Error;
use crate::moves::{self, Doer, Move};
use crate::store::roster::{self, Entry, Filter};

/// Serves the roster.
#[derive(Debug, Clone)]
pub struct Paralegals(pub Context);

#[tonic::async_trait]
impl ParalegalService for Paralegals {
    async fn create_paralegal(
        &self,
        request: Request<CreateParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        const METHOD: &str = "caseload.assignment.v1.ParalegalService/CreateParalegal";
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let given = violations.required("paralegal", request.paralegal.as_ref());
        let profile =
            given.and_then(|given| profile(&mut violations, given, self.0.policy.currency));
        let retry = retry(
            &mut violations,
            &caller,
            METHOD,
            &request.request_id,
            &request,
        );
        let (profile, retry) = violations.finish(profile.zip(retry))?;
        let doer = doer(&caller, METHOD);
        let now = clock::now();
        let entry = Entry {
            paralegal: Paralegal {
                id: ParalegalId::generate(),
                version: 1,
                active: true,
                profile,
            },
            create_time: now,
            update_time: now,
        };
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                roster::insert(tx, &entry).await?;
                tell(tx, &doer, None, &entry).await?;
                Ok::<_, Error>(convert::paralegal(&entry))
            })
        });
        Ok(Response::new(work.await?))
    }

    async fn get_paralegal(
        &self,
        request: Request<GetParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        let caller = Caller::of(&request)?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.get_ref().name.parse::<ParalegalName>());
        let name = violations.finish(name)?;
        let scope = own_scope(&caller).ok_or_else(|| Error::NotFound(name.to_string()))?;
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
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let size = page_size(&mut violations, request.page_size);
        let filter = filter(&mut violations, &request, &caller);
        let (size, filter) = violations.finish(size.zip(filter))?;
        let list = format!("ListParalegals {} {filter:?}", caller.actor());
        let pages = self.0.db.pages();
        let after = pages.open::<String>(&list, &request.page_token)?;
        let scope = own_scope(&caller).ok_or_else(|| Error::NotFound("paralegals".to_owned()))?;
        let work = self.0.db.run(scope, move |tx| {
            Box::pin(async move { roster::list(tx, &filter, after.as_deref(), size + 1).await })
        });
        let (entries, more) = cut(work.await?, size);
        let last = entries
            .last()
            .filter(|_| more)
            .map(|entry| &entry.paralegal.profile);
        Ok(Response::new(ListParalegalsResponse {
            next_page_token: match last {
                Some(last) => pages.seal(&list, &last.timekeeper_id)?,
                None => String::new(),
            },
            paralegals: entries.iter().map(convert::paralegal).collect(),
        }))
    }

    async fn update_paralegal(
        &self,
        request: Request<UpdateParalegalRequest>,
    ) -> Answered<contract::Paralegal> {
        const METHOD: &str = "caseload.assignment.v1.ParalegalService/UpdateParalegal";
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let given = violations.required("paralegal", request.paralegal.clone());
        let name = given.as_ref().and_then(|given| {
            violations.keep("paralegal.name", given.name.parse::<ParalegalName>())
        });
        let fields = given
            .as_ref()
            .and_then(|given| fields(&mut violations, given, request.update_mask.as_ref()));
        let currency = self.0.policy.currency;
        if let Some((given, fields)) = given.as_ref().zip(fields.as_ref()) {
            // What is wrong with the new values is told at once, before the old ones are known.
            let mut whole = valid(currency);
            overlay(&mut whole, given, fields);
            profile(&mut violations, &whole, currency);
        }
        let retry = retry(
            &mut violations,
            &caller,
            METHOD,
            &request.request_id,
            &request,
        );
        let parsed = given.zip(name).zip(fields).zip(retry);
        let (((given, name), fields), retry) = violations.finish(parsed)?;
        let etag = given.etag.clone();
        let change = Change {
            doer: doer(&caller, METHOD),
            name,
            etag,
        };
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
        const METHOD: &str = "caseload.assignment.v1.ParalegalService/DeactivateParalegal";
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<ParalegalName>());
        let retry = retry(
            &mut violations,
            &caller,
            METHOD,
            &request.request_id,
            &request,
        );
        let (name, retry) = violations.finish(name.zip(retry))?;
        let change = Change {
            doer: doer(&caller, METHOD),
            name,
            etag: request.etag,
        };
        let work = self.0.db.run_once(Scope::AllFirms, retry, move |tx| {
            Box::pin(async move {
                let entry = change.make(tx, |entry| switch(entry, name, false)).await?;
                let release = Move::release("the paralegal takes no work any more");
                for offered in crate::store::assignments::offered_to(tx, name.0).await? {
                    moves::step(tx, &change.doer, clock::now(), offered, &release).await?;
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
        const METHOD: &str = "caseload.assignment.v1.ParalegalService/ReactivateParalegal";
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<ParalegalName>());
        let retry = retry(
            &mut violations,
            &caller,
            METHOD,
            &request.request_id,
            &request,
        );
        let (name, retry) = violations.finish(name.zip(retry))?;
        let change = Change {
            doer: doer(&caller, METHOD),
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
fn own_scope(caller: &Caller) -> Option<Scope> {
    match caller.who {
        Who::Suite => Some(Scope::AllFirms),
        Who::Paralegal(own) => Some(Scope::Paralegal(own)),
        Who::Firm(_) => None,
    }
}

/// A change of one paralegal: lock, hold against the etag, change, write, record, announce.
struct Change {
    doer: Doer,
    name: ParalegalName,
    etag: String,
}

impl Change {
    async fn make(
        &self,
        tx: &mut Transaction,
        change: impl FnOnce(&mut Entry) -> Result<(), Error>,
    ) -> Result<Entry, Error> {
        roster::lock(tx, &[self.name.0]).await?;
        let before = roster::find(tx, self.name.0)
            .await?
            .ok_or_else(|| Error::NotFound(self.name.to_string()))?;
        etag::check(&self.etag, before.paralegal.version)?;
        let mut after = before.clone();
        change(&mut after)?;
        after.paralegal.version += 1;
        after.update_time = clock::now();
        roster::update(tx, &after).await?;
        tell(tx, &self.doer, Some(&before), &after).await?;
        Ok(after)
    }
}

/// Makes a paralegal active or inactive, which they are not already.
fn switch(entry: &mut Entry, name: ParalegalName, active: bool) -> Result<(), Error> {
    let word = |active| if active { "active" } else { "inactive" }.to_owned();
    if entry.paralegal.active == active {
        return Err(Error::WrongState {
            resource: name.to_string(),
            from: word(active),
            to: word(active),
        });
    }
    entry.paralegal.active = active;
    Ok(())
}

/// Puts a change on record and announces it.
async fn tell(
    tx: &mut Transaction,
    doer: &Doer,
    before: Option<&Entry>,
    after: &Entry,
) -> Result<(), Error> {
    let name = ParalegalName(after.paralegal.id).to_string();
    audit::record(
        tx,
        audit::Change {
            actor: &doer.actor,
            remote: doer.remote.as_deref(),
            firm: None,
            method: doer.method,
            resource: name.clone(),
            before: before.map(on_record),
            after: Some(on_record(after)),
        },
    )
    .await?;
    let payload = ParalegalChanged {
        paralegal: Some(convert::paralegal_snapshot(after)),
    };
    let draft = Draft {
        firm: None,
        aggregate: name,
        actor: &doer.actor,
        payload: &payload,
    };
    caseload_events::append(tx, draft).await?;
    Ok(())
}

/// What the record keeps of a paralegal.
fn on_record(entry: &Entry) -> serde_json::Value {
    let Paralegal {
        active, profile, ..
    } = &entry.paralegal;
    let Profile { pay, .. } = profile;
    let skills: Vec<String> = profile
        .skills
        .iter()
        .map(|skill| {
            let kind = skill.kind.map_or("", |kind| kind.as_str());
            format!("{}/{kind}/{}", skill.practice_area, skill.level.get())
        })
        .collect();
    let project: std::collections::BTreeMap<&str, String> = pay
        .project
        .iter()
        .map(|(kind, fee)| (kind.as_str(), fee.to_string()))
        .collect();
    serde_json::json!({
        "active": active,
        "given_name": profile.given_name,
        "family_name": profile.family_name,
        "timekeeper_id": profile.timekeeper_id,
        "time_zone": profile.zone.name(),
        "skills": skills,
        "jurisdictions": profile.jurisdictions,
        "language_codes": profile.language_codes,
        "certifications": profile.certifications,
        "weekly_capacity_seconds": profile.weekly_capacity,
        "task_limit": profile.task_limit,
        "hourly_rate": pay.hourly.map(|rate| rate.to_string()),
        "project_pay": project,
    })
}

fn filter(
    violations: &mut Violations,
    request: &ListParalegalsRequest,
    caller: &Caller,
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
        only: caller.paralegal(),
        active: (active != inactive).then_some(active),
        skill: match skill {
            Some(skill) => Some(skill?),
            None => None,
        },
    })
}

/// The fields that an update changes: those that the mask names, or, without one, those that are set.
fn fields(
    violations: &mut Violations,
    given: &contract::Paralegal,
    mask: Option<&prost_types::FieldMask>,
) -> Option<Vec<&'static str>> {
    let paths = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
    if paths.is_empty() {
        return Some(
            FIELDS
                .into_iter()
                .filter(|field| is_set(given, field))
                .collect(),
        );
    }
    if paths == ["*"] {
        return Some(FIELDS.to_vec());
    }
    let mut fields = Vec::new();
    for path in paths {
        match FIELDS.into_iter().find(|field| field == path) {
            Some(field) => fields.push(field),
            None => violations.add(
                "update_mask",
                format!("names {path}, which can't be changed"),
            ),
        }
    }
    Some(fields)
}

fn is_set(given: &contract::Paralegal, field: &str) -> bool {
    match field {
        "given_name" => !given.given_name.is_empty(),
        "family_name" => !given.family_name.is_empty(),
        "timekeeper_id" => !given.timekeeper_id.is_empty(),
        "time_zone" => !given.time_zone.is_empty(),
        "skills" => !given.skills.is_empty(),
        "jurisdictions" => !given.jurisdictions.is_empty(),
        "language_codes" => !given.language_codes.is_empty(),
        "certifications" => !given.certifications.is_empty(),
        "weekly_capacity" => given.weekly_capacity.is_some(),
        "task_limit" => given.task_limit != 0,
        "pay" => given.pay.is_some(),
        _ => false,
    }
}

/// Takes over some fields of one paralegal into another.
fn overlay(into: &mut contract::Paralegal, from: &contract::Paralegal, fields: &[&str]) {
    for field in fields {
        match *field {
            "given_name" => into.given_name.clone_from(&from.given_name),
            "family_name" => into.family_name.clone_from(&from.family_name),
            "timekeeper_id" => into.timekeeper_id.clone_from(&from.timekeeper_id),
            "time_zone" => into.time_zone.clone_from(&from.time_zone),
            "skills" => into.skills.clone_from(&from.skills),
            "jurisdictions" => into.jurisdictions.clone_from(&from.jurisdictions),
            "language_codes" => into.language_codes.clone_from(&from.language_codes),
            "certifications" => into.certifications.clone_from(&from.certifications),
            "weekly_capacity" => into.weekly_capacity = from.weekly_capacity,
            "task_limit" => into.task_limit = from.task_limit,
            "pay" => into.pay.clone_from(&from.pay),
            _ => {}
        }
    }
}

/// A paralegal with whom nothing is wrong: what stands where an update names nothing.
fn valid(currency: Currency) -> contract::Paralegal {
    contract::Paralegal {
        given_name: "-".to_owned(),
        family_name: "-".to_owned(),
        timekeeper_id: "-".to_owned(),
        time_zone: "UTC".to_owned(),
        skills: vec![contract::Skill {
            level: 1,
            ..contract::Skill::default()
        }],
        weekly_capacity: Some(seconds(1)),
        task_limit: 1,
        pay: Some(contract::Pay {
            hourly_rate: Some(Money::new(100, currency).into()),
            project_pay: Vec::new(),
        }),
        ..contract::Paralegal::default()
    }
}
