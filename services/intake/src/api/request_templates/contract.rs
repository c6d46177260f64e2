//! Templates as the contract carries them.

use std::collections::HashSet;

use caseload_database::etag;
use caseload_domain::MatterId;
use caseload_domain::name::{MatterName, RequestTemplateName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert::{seconds, timestamp, whole_seconds};
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use time::{Duration, OffsetDateTime};

use crate::api::fields;
use crate::api::tasks::contract::blueprint_of;
use crate::domain::dependency::in_order;
use crate::domain::request_template::{Blueprint, RequestTemplate, TemplatePatch};
use crate::domain::task::TaskPatch;
use crate::work::snapshot;

/// What an update can change.
pub(super) const UPDATABLE: [&str; 5] = [
    "display_name",
    "title",
    "description",
    "supervising_attorney_id",
    "tasks",
];

const MOST_TASKS: usize = 200;
const MOST_DEPENDENCIES: usize = 50;
const TASKS: &str = "request_template.tasks";

/// Reads what is said of a template, where the mask wants it.
pub(super) fn patch(
    violations: &mut Violations,
    given: &v1::RequestTemplate,
    mask: &Mask,
) -> TemplatePatch {
    TemplatePatch {
        display_name: mask.read_if("display_name", !given.display_name.is_empty(), || {
            violations.text("request_template.display_name", &given.display_name, 200)
        }),
        title: mask.read_if("title", !given.title.is_empty(), || {
            violations.text("request_template.title", &given.title, 200)
        }),
        description: mask.read_if("description", !given.description.is_empty(), || {
            violations.optional_text("request_template.description", &given.description, 20_000)
        }),
        supervising_attorney_id: mask.read_if(
            "supervising_attorney_id",
            !given.supervising_attorney_id.is_empty(),
            || {
                let field = "request_template.supervising_attorney_id";
                attorney(violations, field, &given.supervising_attorney_id)
            },
        ),
        tasks: mask.read_if("tasks", !given.tasks.is_empty(), || {
            tasks(violations, &given.tasks)
        }),
    }
}

fn attorney(violations: &mut Violations, field: &str, id: &str) -> Option<Option<String>> {
    if id.is_empty() {
        Some(None)
    } else {
        fields::slug(violations, field, id).map(Some)
    }
}

fn tasks(violations: &mut Violations, given: &[v1::TaskBlueprint]) -> Option<Vec<Blueprint>> {
    if given.is_empty() || given.len() > MOST_TASKS {
        let why = format!("has {}, and must have 1 to {MOST_TASKS}", given.len());
        violations.add(TASKS, why);
        return None;
    }
    let blueprints: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| blueprint(violations, &format!("{TASKS}[{at}]"), given))
        .collect();
    let whole = blueprints.len() == given.len();
    (keys_fit(violations, given) && whole).then_some(blueprints)
}

/// Whether each key is there once, and what tasks wait for can be done in some order.
fn keys_fit(violations: &mut Violations, given: &[v1::TaskBlueprint]) -> bool {
    let mut fits = true;
    let mut add = |at: usize, name: &str, why: &str| {
        violations.add(format!("{TASKS}[{at}].{name}"), why);
        fits = false;
    };
    let mut seen = HashSet::new();
    for (at, blueprint) in given.iter().enumerate() {
        if !blueprint.key.is_empty() && !seen.insert(blueprint.key.as_str()) {
            add(at, "key", "is another task's too");
        }
    }
    let waits: Vec<_> = given
        .iter()
        .map(|blueprint| (blueprint.key.as_str(), blueprint.depends_on.as_slice()))
        .collect();
    let found = in_order(&waits);
    for (at, key) in found.strangers {
        let why = format!("names {key:?}, which is no key of the template");
        add(at, "depends_on", &why);
    }
    for at in found.stuck {
        add(
            at,
            "depends_on",
            "can never be done in the order that it asks for",
        );
    }
    fits
}

fn blueprint(
    violations: &mut Violations,
    at: &str,
    given: &v1::TaskBlueprint,
) -> Option<Blueprint> {
    let of = |name: &str| format!("{at}.{name}");
    let key = fields::slug(violations, &of("key"), &given.key);
    let said = violations
        .required(&of("task"), given.task.as_ref())
        .map(|task| said(violations, &of("task"), task));
    let due_after = violations
        .required(&of("due_after"), given.due_after.as_ref())
        .and_then(|span| violations.keep(&of("due_after"), whole_seconds(span)));
    let fits = |span: i64| (1..=Blueprint::LONGEST.whole_seconds()).contains(&span);
    if due_after.is_some_and(|span| !fits(span)) {
        violations.add(of("due_after"), "must be over 0 and up to 3660 days");
    }
    let earliest = match &given.earliest_start_after {
        None => Some(None),
        Some(span) => violations
            .keep(&of("earliest_start_after"), whole_seconds(span))
            .map(Some),
    };
    if let Some((Some(start), due)) = earliest.zip(due_after) {
        let before = (0..due).contains(&start);
        violations.check(
            &of("earliest_start_after"),
            before,
            "must be 0 or more, and before due_after",
        );
    }
    let list = of("depends_on");
    if given.depends_on.len() > MOST_DEPENDENCIES {
        let count = given.depends_on.len();
        violations.add(
            &list,
            format!("has {count}, of at most {MOST_DEPENDENCIES}"),
        );
        return None;
    }
    let mut seen = HashSet::new();
    for (at, key) in given.depends_on.iter().enumerate() {
        violations.check(&format!("{list}[{at}]"), seen.insert(key), "is there twice");
    }
    Some(Blueprint {
        key: key?,
        said: said?,
        due_after: Duration::seconds(due_after?),
        earliest_start_after: earliest?.map(Duration::seconds),
        depends_on: given.depends_on.clone(),
    })
}

/// What is said of a task, read by the rules of tasks and told under the names that it has here.
fn said(violations: &mut Violations, at: &str, given: &v1::Task) -> TaskPatch {
    let mut of_task = Violations::new();
    let said = blueprint_of(&mut of_task, given);
    for (field, why) in of_task.into_pairs() {
        let within = field.strip_prefix("task").unwrap_or(&field);
        violations.add(format!("{at}{within}"), why);
    }
    said
}

/// What a template is used for.
#[derive(Debug, Clone)]
pub(super) struct Use {
    pub(super) matter: MatterId,
    pub(super) start: Option<OffsetDateTime>,
    pub(super) title: Option<String>,
    pub(super) supervising_attorney_id: Option<String>,
}

/// Reads what a template is used for.
pub(super) fn use_of(
    violations: &mut Violations,
    given: &v1::CreateRequestFromTemplateRequest,
    template: Option<RequestTemplateName>,
) -> Option<Use> {
    let matter: Option<MatterName> = fields::parsed(violations, "matter", &given.matter);
    if let Some((matter, template)) = matter.zip(template) {
        let own = matter.firm == template.firm;
        violations.check("matter", own, "is not of the template's firm");
    }
    let start = fields::optional_instant(violations, "start_time", given.start_time.as_ref());
    let title = violations.optional_text("title", &given.title, 200);
    let supervising = &given.supervising_attorney_id;
    let supervising = attorney(violations, "supervising_attorney_id", supervising);
    Some(Use {
        matter: matter?.id,
        start: start?,
        title: title.map(|title| (!title.is_empty()).then_some(title))?,
        supervising_attorney_id: supervising?,
    })
}

/// A template as it is answered.
pub(super) fn answer(template: &RequestTemplate) -> v1::RequestTemplate {
    let facts = &template.facts;
    v1::RequestTemplate {
        name: template.name.to_string(),
        display_name: facts.display_name.clone(),
        title: facts.title.clone(),
        description: facts.description.clone(),
        supervising_attorney_id: facts.supervising_attorney_id.clone().unwrap_or_default(),
        tasks: facts.tasks.iter().map(blueprint_answer).collect(),
        etag: etag::of(template.version),
        create_time: Some(timestamp(template.create_time)),
        update_time: Some(timestamp(template.update_time)),
    }
}

fn blueprint_answer(blueprint: &Blueprint) -> v1::TaskBlueprint {
    let said = blueprint.said.clone();
    let task = v1::Task {
        title: said.title.unwrap_or_default(),
        instructions: said.instructions.unwrap_or_default(),
        kind: said
            .kind
            .map_or(0, |kind| types::TaskKind::from(kind).into()),
        subkind: said
            .subkind
            .flatten()
            .map(|subkind| subkind.slug().to_owned())
            .unwrap_or_default(),
        practice_area: said
            .practice_area
            .map(|area| area.name().to_owned())
            .unwrap_or_default(),
        required_skills: said
            .required_skills
            .iter()
            .flatten()
            .map(snapshot::skill)
            .collect(),
        effort_estimate: said.effort_estimate.map(|effort| seconds(effort.seconds())),
        priority: said
            .priority
            .map_or(0, |priority| types::Priority::from(priority).into()),
        pricing: said.pricing.as_ref().map(snapshot::pricing),
        utbms_task_code: said
            .utbms_task_code
            .flatten()
            .map(|code| code.as_str().to_owned())
            .unwrap_or_default(),
        budget: said.budget.flatten().as_ref().map(snapshot::budget),
        jurisdiction: said.jurisdiction.unwrap_or_default(),
        language_code: said.language_code.unwrap_or_default(),
        required_certification: said.required_certification.unwrap_or_default(),
        ..v1::Task::default()
    };
    v1::TaskBlueprint {
        key: blueprint.key.clone(),
        task: Some(task),
        due_after: Some(seconds(blueprint.due_after.whole_seconds())),
        earliest_start_after: blueprint
            .earliest_start_after
            .map(|span| seconds(span.whole_seconds())),
        depends_on: blueprint.depends_on.clone(),
    }
}
