//! The firms' side: firms, matters, requests, and the conflicts that have to be resolved before work begins.

use anyhow::{Context as _, Result, bail};
use caseload_auth::Role;
use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use caseload_domain::{Currency, HourlyRate};
use caseload_proto::caseload::billing::v1 as billing;
use caseload_proto::caseload::intake::v1 as intake;
use caseload_proto::caseload::timekeeping::v1 as timekeeping;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert;
use caseload_proto::google::r#type as common;
use time::Duration;

use super::data::{Firm, Matter, Work, dollars};
use super::desk::{Person, once_known, request_id};
use super::story::{FirmStory, Story, TaskStory, firm_id};

/// The attorney id of the one supervising attorney of each firm.
const SUPERVISOR: &str = "supervisor";

/// The firms are taken on: their consent is on file, and their rates and time rules are agreed.
pub async fn take_on_firms(story: &mut Story) -> Result<()> {
    story.progress.part("Firms are taken on");
    for firm in &story.data.firms {
        let made = create_firm(story, firm).await?;
        let id = firm_id(&made.name)?;
        agree_time_rules(story, firm, id).await?;
        agree_rates(story, firm, id).await?;
        story.progress.say(format!(
            "{} ({}) in {}, consent on file, rates from {} to {} an hour",
            firm.display_name,
            firm.code,
            firm.time_zone,
            firm.rates_by_level[0],
            firm.rates_by_level[4],
        ));
        story.firms.push(FirmStory {
            id,
            requests: Vec::new(),
            conflicts: 0,
            invoice: None,
            files: Vec::new(),
        });
    }
    Ok(())
}

async fn create_firm(story: &Story, firm: &Firm) -> Result<intake::Firm> {
    let consent = intake::ConsentRecord {
        granted_by: format!("{}, for every client", firm.supervising_attorney),
        grant_date: Some(story.start.date().into()),
        scope: Some(intake::ConsentScope {
            reach: Some(intake::consent_scope::Reach::AllMatters(true)),
        }),
        ..Default::default()
    };
    let request = intake::CreateFirmRequest {
        firm: Some(intake::Firm {
            code: firm.code.clone(),
            display_name: firm.display_name.clone(),
            time_zone: firm.time_zone.clone(),
            currency_code: Currency::USD.code().to_owned(),
            supervising_attorneys: vec![intake::SupervisingAttorney {
                attorney_id: SUPERVISOR.to_owned(),
                display_name: firm.supervising_attorney.clone(),
                ..Default::default()
            }],
            consents: vec![consent],
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let mut firms = story.desk.of(&Person::staff(Role::Coordinator)).firms();
    let made = firms.create_firm(request).await;
    Ok(made
        .with_context(|| format!("create {}", firm.code))?
        .into_inner())
}

async fn agree_time_rules(story: &Story, firm: &Firm, id: FirmId) -> Result<()> {
    let rounding = match firm.rounding.as_str() {
        "up" => timekeeping::IncrementRounding::Up,
        "nearest" => timekeeping::IncrementRounding::Nearest,
        other => bail!("{other} is not a rounding"),
    };
    let request = timekeeping::UpdateTimeRulesRequest {
        time_rules: Some(timekeeping::TimeRules {
            name: format!("{}/timeRules", FirmName(id)),
            billing_rule: Some(timekeeping::IncrementRule {
                increment: Some(convert::seconds(firm.increment_seconds)),
                rounding: rounding.into(),
            }),
            ..Default::default()
        }),
        request_id: request_id(),
        ..Default::default()
    };
    let rules = story
        .desk
        .of(&Person::staff(Role::BillingClerk))
        .time_rules();
    once_known(async || rules.clone().update_time_rules(request.clone()).await)
        .await
        .with_context(|| format!("time rules of {}", firm.code))?;
    Ok(())
}

async fn agree_rates(story: &Story, firm: &Firm, id: FirmId) -> Result<()> {
    let rate = |amount| -> Result<Option<common::Money>> {
        Ok(Some(HourlyRate::new(amount, Currency::USD)?.into()))
    };
    let mut entries = vec![billing::RateCardEntry {
        kind: types::TaskKind::Filing.into(),
        hourly_rate: rate(firm.filing_rate)?,
        ..Default::default()
    }];
    for (level, amount) in (1..).zip(firm.rates_by_level) {
        entries.push(billing::RateCardEntry {
            level,
            hourly_rate: rate(amount)?,
            ..Default::default()
        });
    }
    let request = billing::CreateRateCardRequest {
        parent: FirmName(id).to_string(),
        rate_card: Some(billing::RateCard {
            display_name: "Standard".to_owned(),
            effective_start_date: Some(story.start.date().into()),
            entries,
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let cards = story
        .desk
        .of(&Person::staff(Role::BillingClerk))
        .rate_cards();
    once_known(async || cards.clone().create_rate_card(request.clone()).await)
        .await
        .with_context(|| format!("rate card of {}", firm.code))?;
    Ok(())
}

/// Each firm opens its matters and asks for two pieces of work on each.
pub async fn send_requests(story: &mut Story) -> Result<()> {
    story.progress.part("Firms open matters and send requests");
    let mut bar = story.progress.bar("requests", story.data.matters.len());
    for (place, matter) in story.data.matters.iter().enumerate() {
        let firm = story
            .data
            .firms
            .iter()
            .position(|firm| firm.code == matter.firm)
            .with_context(|| format!("{} is not a firm", matter.firm))?;
        let id = story.firms[firm].id;
        let opened = open_matter(story, id, matter).await?;
        let (request, tasks) = send_request(story, id, &opened, place).await?;
        story.firms[firm].requests.push(request);
        for (task, work) in tasks {
            story.tasks.insert(task, TaskStory { work, firm });
        }
        bar.step();
    }
    drop(bar);
    for (firm, played) in story.data.firms.iter().zip(&story.firms) {
        story.progress.say(format!(
            "{}: {} requests on as many matters, two tasks each",
            firm.code,
            played.requests.len()
        ));
    }
    Ok(())
}

async fn open_matter(story: &Story, firm: FirmId, matter: &Matter) -> Result<intake::Matter> {
    let party = |display_name: &str, role: intake::PartyRole| intake::Party {
        display_name: display_name.to_owned(),
        role: role.into(),
        ..Default::default()
    };
    let request = intake::CreateMatterRequest {
        parent: FirmName(firm).to_string(),
        matter: Some(intake::Matter {
            caption: matter.caption.clone(),
            client_display_name: matter.client.clone(),
            client_matter_number: matter.docket_number.clone(),
            practice_area: matter.practice_area.clone(),
            court: "Supreme Court of the United States".to_owned(),
            docket_number: matter.docket_number.clone(),
            parties: vec![
                party(&matter.client, intake::PartyRole::Client),
                party(&matter.adverse, intake::PartyRole::Adverse),
            ],
            ..Default::default()
        }),
        request_id: request_id(),
    };
    let mut matters = story.desk.of(&Person::attorney(firm)).matters();
    let opened = matters.create_matter(request).await;
    Ok(opened
        .with_context(|| format!("open {}", matter.caption))?
        .into_inner())
}

/// Sends one request with its two tasks; answers its name, and the tasks' names with their places in the data.
async fn send_request(
    story: &Story,
    firm: FirmId,
    matter: &intake::Matter,
    place: usize,
) -> Result<(String, Vec<(String, usize)>)> {
    let attorney = story.desk.of(&Person::attorney(firm));
    let draft = attorney
        .requests()
        .create_request(intake::CreateRequestRequest {
            parent: FirmName(firm).to_string(),
            request: Some(intake::Request {
                matter: matter.name.clone(),
                title: format!("Support on No. {}", matter.docket_number),
                supervising_attorney_id: SUPERVISOR.to_owned(),
                ..Default::default()
            }),
            request_id: request_id(),
        })
        .await
        .with_context(|| format!("request on {}", matter.caption))?
        .into_inner();
    let mut tasks = Vec::new();
    let count = story.data.work.len();
    for (next, work) in story.data.work_for(place).into_iter().enumerate() {
        let task = attorney
            .tasks()
            .create_task(intake::CreateTaskRequest {
                parent: FirmName(firm).to_string(),
                task: Some(task(story, &draft, matter, work)?),
                request_id: request_id(),
            })
            .await
            .with_context(|| format!("task {:?} on {}", work.title, matter.caption))?
            .into_inner();
        tasks.push((task.name, (2 * place + next) % count));
    }
    let name = draft.name.clone();
    let submit = intake::SubmitRequestRequest {
        name: draft.name,
        request_id: request_id(),
        ..Default::default()
    };
    let submitted = attorney.requests().submit_request(submit).await;
    submitted.with_context(|| format!("submit the request on {}", matter.caption))?;
    Ok((name, tasks))
}

fn task(
    story: &Story,
    draft: &intake::Request,
    matter: &intake::Matter,
    work: &Work,
) -> Result<intake::Task> {
    let kind = work.task_kind()?;
    let pricing = match (work.pricing.as_str(), work.fee) {
        ("hourly", None) => types::pricing::Model::Hourly(types::HourlyPricing::default()),
        ("project", Some(fee)) => types::pricing::Model::Project(types::ProjectPricing {
            fee: Some(dollars(fee)?.into()),
            ..Default::default()
        }),
        (other, _) => bail!("{other} with or without a fee is not a way to price work"),
    };
    Ok(intake::Task {
        request: draft.name.clone(),
        title: work.title.clone(),
        kind: types::TaskKind::from(kind).into(),
        practice_area: matter.practice_area.clone(),
        required_skills: vec![types::SkillLevel {
            practice_area: matter.practice_area.clone(),
            kind: types::TaskKind::from(kind).into(),
            level: work.level,
        }],
        effort_estimate: Some(convert::seconds(work.effort_seconds()?)),
        priority: types::Priority::from(work.wanted()?).into(),
        due_time: Some(convert::timestamp(
            story.start + Duration::days(work.due_days),
        )),
        pricing: Some(types::Pricing {
            model: Some(pricing),
        }),
        utbms_task_code: work.utbms_task.clone(),
        ..Default::default()
    })
}

/// The conflict officer resolves what the checks found, and the coordinator accepts every request.
pub async fn review_requests(story: &mut Story) -> Result<()> {
    story
        .progress
        .part("Conflicts are resolved and requests accepted");
    resolve_conflicts(story).await?;
    let mut requests = story.desk.of(&Person::staff(Role::Coordinator)).requests();
    let names: Vec<_> = story
        .firms
        .iter()
        .flat_map(|firm| firm.requests.iter().cloned())
        .collect();
    let mut bar = story.progress.bar("reviews", names.len());
    for name in &names {
        let review = intake::StartReviewRequest {
            name: name.clone(),
            request_id: request_id(),
            ..Default::default()
        };
        requests
            .start_review(review)
            .await
            .context("start a review")?;
        let accept = intake::AcceptRequestRequest {
            name: name.clone(),
            request_id: request_id(),
            ..Default::default()
        };
        requests
            .accept_request(accept)
            .await
            .context("accept a request")?;
        bar.step();
    }
    drop(bar);
    story.progress.say(format!(
        "{} requests accepted; {} tasks are open",
        names.len(),
        story.tasks.len()
    ));
    Ok(())
}

async fn resolve_conflicts(story: &mut Story) -> Result<()> {
    let mut conflicts = story
        .desk
        .of(&Person::staff(Role::ConflictOfficer))
        .conflicts();
    let listed = conflicts
        .list_conflict_checks(intake::ListConflictChecksRequest {
            parent: "firms/-".to_owned(),
            page_size: 1000,
            states: vec![intake::ConflictCheckState::UnderReview.into()],
            ..Default::default()
        })
        .await
        .context("list the conflict checks")?
        .into_inner();
    for check in listed.conflict_checks {
        let found = check
            .collisions
            .first()
            .context("a check under review without a collision")?;
        story.progress.say(format!(
            "possible conflict: {} is {} here and {} in another firm's matter: waived with a reason",
            found.party_name,
            side(found.party_role()),
            side(found.other_role()),
        ));
        let resolve = intake::ResolveConflictRequest {
            name: check.name.clone(),
            decision: intake::ConflictDecision::Waive.into(),
            reason: "Unrelated proceedings; both clients consented in writing".to_owned(),
            waiver: Some(intake::ConflictWaiver {
                scope: "The proceedings named in the check".to_owned(),
                expire_time: None,
            }),
            request_id: request_id(),
            ..Default::default()
        };
        conflicts
            .resolve_conflict(resolve)
            .await
            .context("resolve a conflict")?;
        if let Some(firm) = story
            .firms
            .iter_mut()
            .find(|firm| check.name.starts_with(&format!("{}/", FirmName(firm.id))))
        {
            firm.conflicts += 1;
        }
    }
    Ok(())
}

/// What a party is, in a word.
fn side(role: intake::PartyRole) -> &'static str {
    match role {
        intake::PartyRole::Client | intake::PartyRole::ClientAffiliate => "the client",
        intake::PartyRole::Adverse | intake::PartyRole::AdverseAffiliate => "adverse",
        _ => "involved",
    }
}
