//! Each rule by itself: what it excludes, and what it lets pass.

use time::Duration;

use super::super::examples::{HOUR, NOW, paralegal, required, skill, task};
use super::super::load::Commitment;
use super::*;
use caseload_domain::work::TaskKind;

/// The rules that exclude a pair that fits but for what `change` makes of it.
fn rules(change: impl FnOnce(&mut Paralegal, &mut Task, &mut Matter, &mut Load)) -> Vec<Rule> {
    excluded(change)
        .into_iter()
        .map(|exclusion| exclusion.rule)
        .collect()
}

fn excluded(
    change: impl FnOnce(&mut Paralegal, &mut Task, &mut Matter, &mut Load),
) -> Vec<Exclusion> {
    let (mut paralegal, mut task) = (paralegal(), task());
    let (mut matter, mut load) = (Matter::default(), Load::default());
    change(&mut paralegal, &mut task, &mut matter, &mut load);
    let times = (Duration::days(7), Duration::days(28));
    let span = Span::of(task.earliest_start, task.due, NOW, times);
    exclusions(&Question {
        task: &task,
        matter: &matter,
        span,
        paralegal: &paralegal,
        load: &load,
        effort: task.effort,
        free: load.free(paralegal.profile.weekly_capacity, NOW, span),
        terms: paralegal
            .profile
            .pay
            .terms(task.kind, task.priced_by_project),
        answered: false,
    })
}

#[test]
fn nobody_is_excluded_who_fits() {
    assert_eq!(rules(|_, _, _, _| ()), []);
}

#[test]
fn who_is_inactive_is_excluded() {
    assert_eq!(rules(|who, _, _, _| who.active = false), [Rule::Inactive]);
}

#[test]
fn a_skill_must_be_there_at_its_level_in_its_area_and_kind() {
    let needs = |area: &str, kind, level| {
        let needed = required(area, kind, level);
        rules(move |who, task, _, _| {
            who.profile.skills = vec![skill("Patent Law", Some(TaskKind::Filing), 3)];
            task.required_skills = vec![needed];
        })
    };
    assert_eq!(needs("Patent Law", Some(TaskKind::Filing), 3), []);
    assert_eq!(needs("", Some(TaskKind::Filing), 3), []);
    assert_eq!(needs("Patent Law", None, 3), []);
    assert_eq!(
        needs("Patent Law", Some(TaskKind::Filing), 4),
        [Rule::Skill]
    );
    assert_eq!(needs("Tax Law", Some(TaskKind::Filing), 1), [Rule::Skill]);
    assert_eq!(
        needs("Patent Law", Some(TaskKind::LegalResearch), 1),
        [Rule::Skill]
    );
}

#[test]
fn every_skill_that_is_missing_is_named() {
    let found = excluded(|_, task, _, _| {
        task.required_skills = vec![
            required("", Some(TaskKind::LegalResearch), 5),
            required("Tax Law", Some(TaskKind::Filing), 2),
        ];
    });
    assert_eq!(
        found[0].detail,
        "needs legal research and analysis at level 5; has level 3; \
         needs Tax Law, preparing and filing documents at level 2; has none"
    );
}

#[test]
fn a_task_that_names_no_skill_needs_the_first_level_in_its_kind() {
    assert_eq!(rules(|_, task, _, _| task.required_skills.clear()), []);
    let other = rules(|_, task, _, _| {
        task.required_skills.clear();
        task.kind = TaskKind::Filing;
    });
    assert_eq!(other, [Rule::Skill]);
}

#[test]
fn a_jurisdiction_covers_itself_alone() {
    let works_in = |code: &str| {
        let code = code.to_owned();
        rules(move |_, task, _, _| task.jurisdiction = code)
    };
    assert_eq!(works_in("US-NY"), []);
    assert_eq!(works_in("us-ny"), []);
    assert_eq!(works_in("US-CA"), [Rule::Jurisdiction]);
    assert_eq!(works_in("US"), [Rule::Jurisdiction]);
}

#[test]
fn a_language_covers_its_regions_and_english_is_meant_where_none_is_said() {
    let speaks = |has: &[&str], wanted: &str| {
        let has = has.iter().map(|code| (*code).to_owned()).collect();
        let wanted = wanted.to_owned();
        rules(move |who, task, _, _| {
            who.profile.language_codes = has;
            task.language_code = wanted;
        })
    };
    for (has, wanted) in [
        (&[][..], ""),
        (&[], "en-GB"),
        (&["en-US"], ""),
        (&["es"], "es-MX"),
        (&["fr", "ES-mx"], "es"),
    ] {
        assert_eq!(speaks(has, wanted), [], "{has:?} for {wanted}");
    }
    for (has, wanted) in [
        (&[][..], "es"),
        (&["es"], ""),
        (&["es-ES"], "es-MX"),
        (&["e"], "es"),
    ] {
        assert_eq!(
            speaks(has, wanted),
            [Rule::Language],
            "{has:?} for {wanted}"
        );
    }
}

#[test]
fn a_certification_must_be_held_in_whatever_case() {
    let holds = |held: &str| {
        let held = held.to_owned();
        rules(move |who, task, _, _| {
            who.profile.certifications = vec![held];
            task.certification = "NALA CP".to_owned();
        })
    };
    assert_eq!(holds("nala cp"), []);
    assert_eq!(holds("NFPA RP"), [Rule::Certification]);
}

#[test]
fn who_is_screened_off_the_matter_is_excluded() {
    assert_eq!(
        rules(|who, _, matter, _| matter.screened.push(who.id)),
        [Rule::Screened]
    );
    assert_eq!(
        rules(|_, _, matter, _| matter.screened.push(paralegal().id)),
        []
    );
}

#[test]
fn who_has_as_many_tasks_as_they_may_is_excluded() {
    let with = |tasks: usize| {
        rules(move |_, _, _, load| {
            load.commitments = vec![
                Commitment {
                    effort: 0,
                    due: NOW
                };
                tasks
            ];
        })
    };
    assert_eq!(with(4), []);
    assert_eq!(with(5), [Rule::TaskLimit]);
}

#[test]
fn who_has_too_little_time_before_the_due_date_is_excluded() {
    let with = |hours: i64| {
        rules(move |_, _, _, load| {
            load.commitments = vec![Commitment {
                effort: hours * HOUR,
                due: NOW,
            }];
        })
    };
    assert_eq!(with(30), []);
    assert_eq!(with(31), [Rule::Capacity]);
    let tight = rules(|_, task, _, _| task.due = Some(NOW + Duration::days(1)));
    assert_eq!(tight, [Rule::Capacity]);
}

#[test]
fn who_has_no_pay_agreed_is_excluded() {
    assert_eq!(
        rules(|who, _, _, _| who.profile.pay.hourly = None),
        [Rule::Pay]
    );
}

#[test]
fn every_rule_that_excludes_is_told() {
    let all = rules(|who, task, matter, load| {
        who.active = false;
        who.profile.pay.hourly = None;
        matter.screened.push(who.id);
        task.required_skills[0].level = 5;
        task.jurisdiction = "US-CA".to_owned();
        task.language_code = "es".to_owned();
        task.certification = "NALA CP".to_owned();
        load.commitments = vec![
            Commitment {
                effort: 9 * HOUR,
                due: NOW
            };
            5
        ];
    });
    let mut expected = Rule::ALL.to_vec();
    expected.retain(|rule| !matches!(rule, Rule::Answered | Rule::Specification));
    assert_eq!(all, expected);
}

#[test]
fn every_rule_reads_back_from_its_word() {
    for rule in Rule::ALL {
        assert_eq!(Rule::from_word(rule.as_str()), Some(rule));
    }
}
