//! Tasks as they are answered, by who looks at them.

use caseload_auth::Caller;
use caseload_database::etag;
use caseload_domain::name::{AssignmentName, MatterName, ParalegalName, RequestName, TaskName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert::{seconds, timestamp};
use caseload_runtime::clock;

use crate::api::deadlines;
use crate::api::numbers::Numbered as _;
use crate::domain::pricing::Milestone;
use crate::domain::task::Task;
use crate::work::snapshot;

/// Who looks at a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Viewer {
    /// The firm and the suite's staff.
    All,
    /// A paralegal, who sees which parts a task has, and not what the firm pays.
    Paralegal,
}

impl Viewer {
    pub(super) fn of(caller: &Caller) -> Self {
        if caller.paralegal().is_some() {
            Self::Paralegal
        } else {
            Self::All
        }
    }
}

/// A price without what is paid: the parts to deliver, where there are any.
fn parts(milestones: &[Milestone]) -> Option<types::Pricing> {
    let parts = milestones.iter().map(|milestone| types::Milestone {
        milestone_id: milestone.id.clone(),
        title: milestone.title.clone(),
        fee: None,
    });
    let project = types::ProjectPricing {
        fee: None,
        milestones: parts.collect(),
    };
    (!milestones.is_empty()).then_some(types::Pricing {
        model: Some(types::pricing::Model::Project(project)),
    })
}

/// A task as it is answered.
pub(super) fn answer(task: &Task, viewer: Viewer) -> v1::Task {
    let (firm, facts) = (task.name.firm, &task.facts);
    let (paralegal, assignment) = match &task.worker {
        None => (String::new(), String::new()),
        Some(worker) => (
            ParalegalName(worker.paralegal).to_string(),
            AssignmentName::new(firm, worker.assignment).to_string(),
        ),
    };
    let times = &task.times;
    let court = facts.court_deadline.as_ref();
    let mut budget = facts.budget.as_ref().map(snapshot::budget);
    let mut pricing = Some(snapshot::pricing(&facts.pricing));
    if viewer == Viewer::Paralegal {
        pricing = parts(facts.pricing.milestones());
        budget = budget.map(|budget| types::Budget {
            amount: None,
            ..budget
        });
    }
    v1::Task {
        name: task.name.to_string(),
        request: RequestName::new(firm, task.request).to_string(),
        matter: MatterName::new(firm, task.matter).to_string(),
        title: facts.title.clone(),
        instructions: facts.instructions.clone(),
        kind: types::TaskKind::from(facts.kind).into(),
        practice_area: facts.practice_area.name().to_owned(),
        required_skills: facts.required_skills.iter().map(snapshot::skill).collect(),
        effort_estimate: Some(seconds(facts.effort_estimate.seconds())),
        priority: types::Priority::from(facts.priority).into(),
        earliest_start_time: facts.earliest_start_time.map(timestamp),
        due_time: Some(timestamp(facts.due_time)),
        pricing,
        utbms_task_code: facts
            .utbms_task_code
            .map(|code| code.as_str().to_owned())
            .unwrap_or_default(),
        budget,
        jurisdiction: facts.jurisdiction.clone(),
        language_code: facts.language_code.clone(),
        required_certification: facts.required_certification.clone(),
        lawyer_only: false,
        depends_on: facts
            .depends_on
            .iter()
            .map(|id| TaskName::new(firm, *id).to_string())
            .collect(),
        state: task.standing.state().number(),
        hold_reason: task.hold_reason.clone(),
        cancel_reason: task.cancel_reason.clone(),
        paralegal,
        assignment,
        accepted_milestone_ids: task.accepted_milestones.clone(),
        etag: etag::of(task.version),
        create_time: Some(timestamp(task.create_time)),
        update_time: Some(timestamp(task.update_time)),
        open_time: times.open.map(timestamp),
        start_time: times.start.map(timestamp),
        first_deliver_time: times.first_delivery.map(|first| timestamp(first.time)),
        accept_time: times.accept.map(timestamp),
        hold_start_time: times.hold_start.map(timestamp),
        held_duration: (!times.held.is_zero()).then(|| seconds(times.held.whole_seconds())),
        revision_count: i32::try_from(times.revisions).unwrap_or(i32::MAX),
        overdue: task.is_overdue(clock::now()),
        subkind: facts
            .subkind
            .map(|subkind| subkind.slug().to_owned())
            .unwrap_or_default(),
        court_deadline: court.map(deadlines::answer),
        court_deadline_time: court.map(|court| timestamp(court.deadline.time)),
        court_deadline_date: court.map(|court| court.deadline.day.into()),
        court_deadline_steps: court
            .map_or_else(Vec::new, |court| deadlines::steps(&court.deadline)),
    }
}
