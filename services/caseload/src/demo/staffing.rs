//! The suite's side: the roster, the plan of who does what, and the offers that follow from it.

use anyhow::{Context as _, Result};
use caseload_auth::Role;
use caseload_domain::{Currency, HourlyRate, Money, work::TaskKind};
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert;

use super::data::Paralegal;
use super::desk::{Person, once_known, request_id};
use super::story::{ParalegalStory, Story, paralegal_id};

/// The roster is taken on.
pub async fn take_on_paralegals(story: &mut Story) -> Result<()> {
    story.progress.part("Paralegals are taken on");
    let mut paralegals = story
        .desk
        .of(&Person::staff(Role::OperationsManager))
        .paralegals();
    for row in &story.data.paralegals {
        let made = paralegals
            .create_paralegal(assignment::CreateParalegalRequest {
                paralegal: Some(paralegal(row)?),
                request_id: request_id(),
            })
            .await
            .with_context(|| format!("take on {}", row.timekeeper_id))?
            .into_inner();
        story.paralegals.push(ParalegalStory {
            id: paralegal_id(&made.name)?,
            earned: None,
        });
    }
    let by_project = story
        .data
        .paralegals
        .iter()
        .filter(|row| row.by_project())
        .count();
    story.progress.say(format!(
        "{} paralegals, {} paid by the hour and {by_project} by the project, {} hours a week together",
        story.paralegals.len(),
        story.paralegals.len() - by_project,
        story.data.paralegals.iter().map(|row| row.weekly_hours).sum::<i64>(),
    ));
    Ok(())
}

fn paralegal(row: &Paralegal) -> Result<assignment::Paralegal> {
    let pay = if row.by_project() {
        let fee = Money::from_decimal(row.amount, Currency::USD)?;
        assignment::Pay {
            hourly_rate: None,
            project_pay: TaskKind::ALL
                .into_iter()
                .map(|kind| assignment::ProjectPay {
                    kind: types::TaskKind::from(kind).into(),
                    fee: Some(fee.into()),
                })
                .collect(),
        }
    } else {
        assignment::Pay {
            hourly_rate: Some(HourlyRate::new(row.amount, Currency::USD)?.into()),
            project_pay: Vec::new(),
        }
    };
    Ok(assignment::Paralegal {
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        timekeeper_id: row.timekeeper_id.clone(),
        time_zone: row.time_zone.clone(),
        skills: row
            .skills()?
            .into_iter()
            .map(|(area, kind)| assignment::Skill {
                practice_area: area.to_owned(),
                kind: kind.map_or(types::TaskKind::Unspecified, Into::into).into(),
                level: row.level,
            })
            .collect(),
        weekly_capacity: Some(convert::seconds(row.weekly_hours * 3600)),
        task_limit: row.most_tasks,
        pay: Some(pay),
        ..Default::default()
    })
}

/// A plan is made and applied, and the paralegals answer their offers. One of them declines; the task is planned anew.
pub async fn assign(story: &mut Story) -> Result<()> {
    story.progress.part("Work is planned and assigned");
    heard_of_every_task(story).await?;
    let plan = plan(story, Vec::new()).await?;
    tell(story, &plan);
    let first = answer_offers(story, plan.assignment_count > 1).await?;
    if let Some(declined) = first {
        story
            .progress
            .say("one offer is declined; its task is planned anew");
        let again = plan_declined(story, declined).await?;
        tell(story, &again);
        answer_offers(story, false).await?;
    }
    story.plan = Some(plan);
    story
        .progress
        .say(format!("{} assignments accepted", story.assignments.len()));
    Ok(())
}

/// Waits until assignment has heard of the last task that was opened, and so of every one before it.
async fn heard_of_every_task(story: &Story) -> Result<()> {
    let candidates = story
        .desk
        .of(&Person::staff(Role::Coordinator))
        .candidates();
    let mut bar = story.progress.bar("events", story.tasks.len());
    for task in story.tasks.keys() {
        let request = assignment::ListCandidatesRequest {
            parent: task.clone(),
            page_size: 1,
            ..Default::default()
        };
        once_known(async || candidates.clone().list_candidates(request.clone()).await)
            .await
            .context("wait for the tasks")?;
        bar.step();
    }
    Ok(())
}

/// Proposes a plan over some tasks, or all that are open, and applies it.
async fn plan(story: &Story, tasks: Vec<String>) -> Result<assignment::Plan> {
    let mut plans = story.desk.of(&Person::staff(Role::Coordinator)).plans();
    let proposed = plans
        .create_plan(assignment::CreatePlanRequest {
            spec: Some(assignment::PlanSpec {
                tasks,
                seed: 1,
                ..Default::default()
            }),
            request_id: request_id(),
        })
        .await
        .context("propose a plan")?
        .into_inner();
    let applied = plans
        .apply_plan(assignment::ApplyPlanRequest {
            name: proposed.name.clone(),
            etag: proposed.etag.clone(),
            request_id: request_id(),
            ..Default::default()
        })
        .await
        .context("apply the plan")?
        .into_inner();
    Ok(applied)
}

async fn plan_declined(story: &Story, task: String) -> Result<assignment::Plan> {
    plan(story, vec![task]).await
}

fn tell(story: &Story, plan: &assignment::Plan) {
    story.progress.say(format!(
        "plan: {} tasks placed, {} left out; cost {}, proven lower bound {}, gap {:.3} %",
        plan.assignment_count,
        plan.unplaced_task_count,
        money(plan.total_cost.as_ref()),
        money(plan.lower_bound.as_ref()),
        100.0 * plan.gap,
    ));
}

/// Money as people read it; a dash for none.
pub fn money(amount: Option<&caseload_proto::google::r#type::Money>) -> String {
    amount
        .and_then(|amount| Money::try_from(amount).ok())
        .map_or_else(|| "–".to_owned(), |amount| amount.to_string())
}

/// Every paralegal answers the offers that wait for them. When asked to, one declines one, and its task is answered.
async fn answer_offers(story: &mut Story, decline_one: bool) -> Result<Option<String>> {
    let mut declined = None;
    let mut bar = story.progress.bar("answers", story.paralegals.len());
    for paralegal in &story.paralegals {
        let mut assignments = story
            .desk
            .of(&Person::paralegal(paralegal.id))
            .assignments();
        let offers = assignments
            .list_assignments(assignment::ListAssignmentsRequest {
                parent: "firms/-".to_owned(),
                page_size: 1000,
                states: vec![assignment::AssignmentState::Offered.into()],
                ..Default::default()
            })
            .await
            .context("list the offers")?
            .into_inner()
            .assignments;
        for offer in offers {
            if decline_one && declined.is_none() {
                let decline = assignment::DeclineAssignmentRequest {
                    name: offer.name,
                    reason: "On leave until after the due date".to_owned(),
                    etag: offer.etag,
                    request_id: request_id(),
                };
                assignments
                    .decline_assignment(decline)
                    .await
                    .context("decline an offer")?;
                declined = Some(offer.task);
                continue;
            }
            let accept = assignment::AcceptAssignmentRequest {
                name: offer.name,
                etag: offer.etag,
                request_id: request_id(),
            };
            let accepted = assignments
                .accept_assignment(accept)
                .await
                .context("accept an offer")?;
            story.assignments.push(accepted.into_inner());
        }
        bar.step();
    }
    Ok(declined)
}
