//! What is made of the rows of one request, and what is wrong with the others.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::span::Span;
use crate::domain::dependency::in_order;
use crate::domain::task::TaskPatch;

/// What a row says of its request. A row after the first may leave everything out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfRequest {
    /// Its matter, as the row names it.
    pub matter: String,
    /// Its title.
    pub title: String,
    /// What else is to be known.
    pub description: String,
    /// Who supervises; empty for nobody yet.
    pub supervising_attorney_id: String,
    /// Whether it is submitted.
    pub submit: bool,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Of its request; none where that can't be read.
    pub request: Option<OfRequest>,
    /// By what other rows name its task; empty for nothing.
    pub task_key: String,
    /// The task, but for what it waits for; none where that can't be read.
    pub task: Option<TaskPatch>,
    /// The keys of what it waits for.
    pub depends_on: Vec<String>,
}

/// A task to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedTask {
    /// Where its row begins.
    pub line: i64,
    /// By what others name it; empty for nothing.
    pub key: String,
    /// What it says.
    pub patch: TaskPatch,
    /// The keys of what it waits for.
    pub depends_on: Vec<String>,
}

/// What is made of the rows of one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The request, and where its first row begins; none when it can't be made.
    pub request: Option<(i64, OfRequest)>,
    /// Its tasks as the rows stand.
    pub tasks: Vec<PlannedTask>,
    /// Their places, each after what it waits for.
    pub order: Vec<usize>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Plans what is made of a span.
pub fn plan(span: &Span) -> Plan {
    let mut plan = Plan::default();
    let mut refused: BTreeSet<&str> = BTreeSet::new();
    let mut first: Option<(i64, Option<&OfRequest>)> = None;
    let mut keys: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &span.rows {
        let mut problems = row.problems.clone();
        if let (Some(said), true) = (&row.said, row.key.is_some()) {
            let (begun, leading) = *first.get_or_insert((row.line, said.request.as_ref()));
            if begun == row.line {
                problems.extend(left_out(begun, said.request.as_ref()));
            } else if let (Some(leading), Some(said)) = (leading, &said.request) {
                problems.extend(differences(row.line, begun, leading, said));
            }
            let key = said.task_key.as_str();
            if let Some(other) = keys.get(key) {
                let why = format!("is that of line {other} too");
                problems.push(Problem::new(row.line, "task_key", &why));
            } else if !key.is_empty() {
                keys.insert(key, row.line);
            }
            match (&said.task, problems.is_empty()) {
                (Some(task), true) => plan.tasks.push(PlannedTask {
                    line: row.line,
                    key: key.to_owned(),
                    patch: task.clone(),
                    depends_on: said.depends_on.clone(),
                }),
                _ if keys.get(key) == Some(&row.line) => {
                    refused.insert(key);
                }
                _ => {}
            }
        }
        plan.problems.append(&mut problems);
    }
    match first {
        Some((line, Some(request))) if left_out(line, Some(request)).is_empty() => {
            plan.request = Some((line, request.clone()));
        }
        Some((line, _)) => plan.refuse_all(line),
        None => {}
    }
    plan.put_in_order(&keys, &refused);
    plan
}

/// What a first row must say of its request.
fn left_out(line: i64, said: Option<&OfRequest>) -> Vec<Problem> {
    let Some(said) = said else {
        return Vec::new();
    };
    [("matter", &said.matter), ("request_title", &said.title)]
        .into_iter()
        .filter(|(_, text)| text.is_empty())
        .map(|(field, _)| Problem::new(line, field, "is required in the first row of a request"))
        .collect()
}

/// In what a later row says something else of its request than the first.
fn differences(line: i64, first: i64, leading: &OfRequest, said: &OfRequest) -> Vec<Problem> {
    let texts = [
        ("matter", &leading.matter, &said.matter),
        ("request_title", &leading.title, &said.title),
        ("description", &leading.description, &said.description),
        (
            "supervising_attorney_id",
            &leading.supervising_attorney_id,
            &said.supervising_attorney_id,
        ),
    ];
    let why = format!("is not what line {first}, the first of the request, says");
    let mut found: Vec<_> = texts
        .into_iter()
        .filter(|(_, one, other)| !other.is_empty() && one != other)
        .map(|(field, ..)| Problem::new(line, field, &why))
        .collect();
    if said.submit && !leading.submit {
        found.push(Problem::new(line, "submit", &why));
    }
    found
}

impl Plan {
    /// The request can't be made for what its first row says: nor can what is left of its tasks.
    pub fn refuse_all(&mut self, line: i64) {
        self.request = None;
        self.order.clear();
        for task in std::mem::take(&mut self.tasks) {
            if task.line != line {
                let why = format!("is of a request that is refused for what line {line} says");
                let problem = Problem::new(task.line, "request_key", &why);
                self.problems.push(problem);
            }
        }
    }

    /// Leaves out what waits for what is not made, and orders the rest.
    fn put_in_order(&mut self, keys: &BTreeMap<&str, i64>, refused: &BTreeSet<&str>) {
        let waits: Vec<_> = self
            .tasks
            .iter()
            .map(|task| (task.key.as_str(), task.depends_on.as_slice()))
            .collect();
        let found = in_order(&waits);
        for (at, key) in found.strangers {
            let why = if refused.contains(key.as_str()) {
                waits_for_refused(&key)
            } else if keys.contains_key(key.as_str()) {
                format!("names {key:?}, which is not a task of its own")
            } else {
                format!("names {key:?}, which is no task_key of the request")
            };
            let problem = Problem::new(self.tasks[at].line, "depends_on", &why);
            self.problems.push(problem);
        }
        for at in found.stuck {
            let why = "waits for what is refused, or for itself over other rows";
            let problem = Problem::new(self.tasks[at].line, "depends_on", why);
            self.problems.push(problem);
        }
        self.order = found.order;
    }
}

/// Why a task is refused with another.
pub fn waits_for_refused(key: &str) -> String {
    format!("names {key:?}, whose row is refused")
}

#[cfg(test)]
mod tests {
    use super::super::span::Taken;
    use super::*;

    fn request() -> OfRequest {
        OfRequest {
            matter: "crm:1".to_owned(),
            title: "Research".to_owned(),
            ..OfRequest::default()
        }
    }

    fn row(line: i64, key: &str, depends_on: &[&str]) -> Taken {
        Taken {
            line,
            key: Some("r".to_owned()),
            bytes: 1,
            digest: [0; 16],
            said: Some(Said {
                request: Some(if line == 2 {
                    request()
                } else {
                    OfRequest::default()
                }),
                task_key: key.to_owned(),
                task: Some(TaskPatch::default()),
                depends_on: depends_on.iter().map(|key| (*key).to_owned()).collect(),
            }),
            encoded: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn planned(rows: Vec<Taken>) -> (Vec<i64>, Vec<(i64, String)>) {
        let plan = plan(&Span::of(Some("r".to_owned()), rows));
        let made = plan.order.iter().map(|at| plan.tasks[*at].line).collect();
        let told = plan
            .problems
            .into_iter()
            .map(|problem| (problem.line, problem.field));
        (made, told.collect())
    }

    fn told(line: i64, field: &str) -> (i64, String) {
        (line, field.to_owned())
    }

    #[test]
    fn tasks_come_after_what_they_wait_for_wherever_it_stands() {
        let rows = vec![row(2, "c", &["a"]), row(3, "a", &[]), row(4, "", &["c"])];
        assert_eq!(planned(rows), (vec![3, 2, 4], vec![]));
    }

    #[test]
    fn a_bad_row_takes_with_it_those_that_wait_for_it_and_no_others() {
        let mut bad = row(2, "a", &[]);
        bad.said.as_mut().unwrap().task = None;
        bad.problems = vec![Problem::new(2, "kind", "is required")];
        let rows = vec![
            bad,
            row(3, "b", &["a"]),
            row(4, "c", &["b"]),
            row(5, "d", &[]),
        ];
        let expected = vec![
            told(2, "kind"),
            told(3, "depends_on"),
            told(4, "depends_on"),
        ];
        assert_eq!(planned(rows), (vec![5], expected));
    }

    #[test]
    fn a_circle_a_stranger_and_a_second_key_are_refused() {
        let rows = vec![
            row(2, "a", &["b"]),
            row(3, "b", &["a"]),
            row(4, "c", &["nobody"]),
            row(5, "d", &[]),
            row(6, "d", &[]),
        ];
        let (made, problems) = planned(rows);
        assert_eq!(made, [5]);
        assert_eq!(
            problems,
            [
                told(6, "task_key"),
                told(4, "depends_on"),
                told(2, "depends_on"),
                told(3, "depends_on")
            ]
        );
    }

    #[test]
    fn a_later_row_says_the_same_of_the_request_or_nothing() {
        let mut other = row(3, "b", &[]);
        other.said.as_mut().unwrap().request.as_mut().unwrap().title = "Other".to_owned();
        let mut same = row(4, "c", &[]);
        same.said.as_mut().unwrap().request = Some(request());
        let rows = vec![row(2, "a", &[]), other, same];
        assert_eq!(planned(rows), (vec![2, 4], vec![told(3, "request_title")]));
    }

    #[test]
    fn without_a_request_no_row_of_it_is_kept() {
        let mut first = row(2, "a", &[]);
        first.said.as_mut().unwrap().request = Some(OfRequest::default());
        let rows = vec![first, row(3, "b", &[])];
        let expected = vec![
            told(2, "matter"),
            told(2, "request_title"),
            told(3, "request_key"),
        ];
        assert_eq!(planned(rows), (vec![], expected));
    }
}
