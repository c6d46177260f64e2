//! Tasks as the contract carries them.

use caseload_domain::name::{FirmParent, ParalegalName, RequestName, TaskName};
use caseload_domain::work::Priority;
use caseload_domain::{FirmId, TaskId};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use super::{dates, money};
use crate::api::conflicts::matter_below;
use crate::api::fields;
use crate::api::numbers;
use crate::domain::task::{RequiredSkill, TaskPatch};
use crate::store::tasks::{Filter, Order};

/// What an update can change.
pub(super) const UPDATABLE: [&str; 18] = [
    "title",
    "instructions",
    "kind",
    "subkind",
    "practice_area",
    "required_skills",
    "effort_estimate",
    "priority",
    "earliest_start_time",
    "due_time",
    "court_deadline",
    "pricing",
    "utbms_task_code",
    "budget",
    "jurisdiction",
    "language_code",
    "required_certification",
    "depends_on",
];

const MOST_SKILLS: usize = 10;
const MOST_DEPENDENCIES: usize = 50;

/// Reads the request of a new task; it is the same firm's.
pub(super) fn request(
    violations: &mut Violations,
    given: &v1::Task,
    firm: Option<FirmId>,
) -> Option<RequestName> {
    let name: RequestName = fields::parsed(violations, "task.request", &given.request)?;
    let own = firm.is_none_or(|firm| firm == name.firm);
    violations.check("task.request", own, "is not below the parent");
    Some(name)
}

/// Reads a new task. Where it names no practice area, that is left to the matter.
pub(in crate::api) fn new_task(
    violations: &mut Violations,
    given: &v1::Task,
    firm: Option<FirmId>,
) -> TaskPatch {
    let of_matter = given.practice_area.is_empty();
    let said = UPDATABLE
        .into_iter()
        .filter(|field| !(of_matter && *field == "practice_area"));
    let due = given.due_time.is_some() || given.court_deadline.is_some();
    violations.check("task.due_time", due, "is required");
    patch(violations, given, &Mask::of(said), firm)
}

/// What a blueprint of a task can't say: its times, which are counted from a start, a court's deadline, and what it
/// waits for.
const NOT_IN_BLUEPRINT: [&str; 4] = [
    "earliest_start_time",
    "due_time",
    "court_deadline",
    "depends_on",
];

/// Reads a task that is to be made later, again and again: all that a new one says, but for what a blueprint can't.
pub(in crate::api) fn blueprint_of(violations: &mut Violations, given: &v1::Task) -> TaskPatch {
    let foreign = [
        ("task.request", !given.request.is_empty()),
        (
            "task.earliest_start_time",
            given.earliest_start_time.is_some(),
        ),
        ("task.due_time", given.due_time.is_some()),
        ("task.court_deadline", given.court_deadline.is_some()),
        ("task.depends_on", !given.depends_on.is_empty()),
    ];
    for (field, set) in foreign {
        violations.check(
            field,
            !set,
            "can't be said of a task that is still to be made",
        );
    }
    let of_matter = given.practice_area.is_empty();
    let said = UPDATABLE.into_iter().filter(|field| {
        !(NOT_IN_BLUEPRINT.contains(field) || of_matter && *field == "practice_area")
    });
    patch(violations, given, &Mask::of(said), None)
}

/// Reads what is said of a task, where the mask wants it.
pub(super) fn patch(
    violations: &mut Violations,
    given: &v1::Task,
    mask: &Mask,
    firm: Option<FirmId>,
) -> TaskPatch {
    violations.check(
        "task.lawyer_only",
        !given.lawyer_only,
        "is set: work that only a lawyer may do is not taken on",
    );
    let (due_time, due_by) = dates::due(violations, given, mask);
    TaskPatch {
        title: mask.read_if("title", !given.title.is_empty(), || {
            violations.text("task.title", &given.title, 200)
        }),
        instructions: mask.read_if("instructions", !given.instructions.is_empty(), || {
            violations.optional_text("task.instructions", &given.instructions, 20_000)
        }),
        kind: mask.read_if("kind", given.kind != 0, || {
            violations.keep("task.kind", convert::task_kind(given.kind))
        }),
        subkind: mask.read_if("subkind", !given.subkind.is_empty(), || {
            fields::optional(violations, "task.subkind", &given.subkind)
        }),
        practice_area: mask.read_if("practice_area", !given.practice_area.is_empty(), || {
            fields::practice_area(violations, "task.practice_area", &given.practice_area)
        }),
        required_skills: mask.read_if("required_skills", !given.required_skills.is_empty(), || {
            skills(violations, &given.required_skills)
        }),
        effort_estimate: mask.read_if("effort_estimate", given.effort_estimate.is_some(), || {
            let effort =
                violations.required("task.effort_estimate", given.effort_estimate.as_ref())?;
            money::effort(violations, "task.effort_estimate", effort)
        }),
        priority: mask.read_if("priority", given.priority != 0, || {
            violations.keep("task.priority", convert::priority(given.priority))
        }),
        earliest_start_time: mask.read_if(
            "earliest_start_time",
            given.earliest_start_time.is_some(),
            || {
                let stamp = given.earliest_start_time.as_ref();
                fields::optional_instant(violations, "task.earliest_start_time", stamp)
            },
        ),
        due_time,
        due_by,
        court_deadline: dates::court_deadline(violations, given, mask),
        pricing: mask.read_if("pricing", given.pricing.is_some(), || {
            money::pricing(violations, given.pricing.as_ref())
        }),
        utbms_task_code: mask.read_if("utbms_task_code", !given.utbms_task_code.is_empty(), || {
            fields::optional(violations, "task.utbms_task_code", &given.utbms_task_code)
        }),
        budget: mask.read_if("budget", given.budget.is_some(), || {
            money::budget(violations, given.budget.as_ref())
        }),
        jurisdiction: mask.read_if("jurisdiction", !given.jurisdiction.is_empty(), || {
            fields::code(violations, "task.jurisdiction", &given.jurisdiction)
        }),
        language_code: mask.read_if("language_code", !given.language_code.is_empty(), || {
            fields::language(violations, "task.language_code", &given.language_code)
        }),
        required_certification: mask.read_if(
            "required_certification",
            !given.required_certification.is_empty(),
            || {
                let text = &given.required_certification;
                violations.optional_text("task.required_certification", text, 63)
            },
        ),
        depends_on: mask.read_if("depends_on", !given.depends_on.is_empty(), || {
            depends_on(violations, &given.depends_on, firm)
        }),
    }
}

fn skills(violations: &mut Violations, given: &[types::SkillLevel]) -> Option<Vec<RequiredSkill>> {
    const LIST: &str = "task.required_skills";
    if given.len() > MOST_SKILLS {
        violations.add(
            LIST,
            format!("has {}, of at most {MOST_SKILLS}", given.len()),
        );
        return None;
    }
    let skills: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| {
            let of = |name: &str| format!("{LIST}[{at}].{name}");
            let area = fields::optional(violations, &of("practice_area"), &given.practice_area);
            let kind = if given.kind == 0 {
                Some(None)
            } else {
                violations
                    .keep(&of("kind"), convert::task_kind(given.kind))
                    .map(Some)
            };
            let level = violations.keep(&of("level"), convert::level(given.level));
            let says_something = !given.practice_area.is_empty() || given.kind != 0;
            violations.check(
                &format!("{LIST}[{at}]"),
                says_something,
                "names neither a practice area nor a kind",
            );
            Some(RequiredSkill {
                practice_area: area?,
                kind: kind?,
                level: level?,
            })
        })
        .collect();
    (skills.len() == given.len()).then_some(skills)
}

fn depends_on(
    violations: &mut Violations,
    given: &[String],
    firm: Option<FirmId>,
) -> Option<Vec<TaskId>> {
    const LIST: &str = "task.depends_on";
    if given.len() > MOST_DEPENDENCIES {
        violations.add(
            LIST,
            format!("has {}, of at most {MOST_DEPENDENCIES}", given.len()),
        );
        return None;
    }
    let mut ids = Vec::new();
    for (at, name) in given.iter().enumerate() {
        let field = format!("{LIST}[{at}]");
        let name: Option<TaskName> = fields::parsed(violations, &field, name);
        if let Some(name) = name {
            let own = firm.is_none_or(|firm| firm == name.firm);
            violations.check(&field, own, "is a task of another firm");
            violations.check(&field, !ids.contains(&name.id), "is there twice");
            ids.push(name.id);
        }
    }
    Some(ids)
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListTasksRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let states = numbers::all(violations, "states", &request.states);
    let matter = matter_below(violations, &request.matter, parent);
    let of: Option<Option<RequestName>> = fields::optional(violations, "request", &request.request);
    let firm = parent.and_then(FirmParent::one);
    let below = of
        .flatten()
        .zip(firm)
        .is_none_or(|(of, firm)| of.firm == firm);
    violations.check("request", below, "is not below the parent");
    let due_from = fields::optional_instant(violations, "due_from", request.due_from.as_ref());
    let due_before =
        fields::optional_instant(violations, "due_before", request.due_before.as_ref());
    if let (Some(Some(from)), Some(Some(before))) = (due_from, due_before) {
        violations.check("due_before", from < before, "is not after due_from");
    }
    let practice_areas = fields::each(violations, "practice_areas", &request.practice_areas);
    let kinds = fields::all(violations, "kinds", &request.kinds, |kind| {
        convert::task_kind(*kind)
    });
    let priorities = fields::all(violations, "priorities", &request.priorities, |number| {
        priority(*number)
    });
    let paralegal = fields::optional(violations, "paralegal", &request.paralegal);
    let query = fields::query(violations, &request.query);
    let order = order(violations, &request.order_by);
    Some(Filter {
        firm: parent?.one(),
        request: of?.map(|of| of.id),
        matter: matter?,
        states: states?,
        due_from: due_from?,
        due_before: due_before?,
        practice_areas: practice_areas?,
        kinds: kinds?,
        priorities: priorities?,
        paralegal: paralegal?.map(|ParalegalName(id)| id),
        query: query?,
        order: order?,
    })
}

/// Reads a priority that a list is narrowed to: that of a task which names none is normal, and is to be named.
fn priority(number: i32) -> Result<Priority, String> {
    if number == 0 {
        return Err("is required".to_owned());
    }
    convert::priority(number).map_err(|why| why.to_string())
}

/// Reads the order of a list.
fn order(violations: &mut Violations, text: &str) -> Option<Order> {
    let (by_due_time, descending) = match text {
        "" | "create_time" => (false, false),
        "create_time desc" => (false, true),
        "due_time" => (true, false),
        "due_time desc" => (true, true),
        _ => {
            violations.add(
                "order_by",
                r#"is not "create_time", "due_time", or one of them with " desc""#,
            );
            return None;
        }
    };
    Some(Order {
        by_due_time,
        descending,
    })
}
