//! What holds of every plan, whatever the facts.

use std::time::Duration as Limit;

use proptest::prelude::*;
use time::Duration;

use super::examples::{HOUR, NOW, hourly, paralegal, task};
use super::facts::Facts;
use super::load::{Commitment, Load};
use super::outdated::outdated;
use super::paralegal::Paralegal;
use super::plan::{Effort, Wishes, propose};
use super::policy::Policy;
use super::task::Task;

prop_compose! {
    fn any_task()(
        hours in 1..30_i64,
        due in prop::option::weighted(0.8, -3..24_i64),
        start in prop::option::weighted(0.3, -2..12_i64),
    ) -> Task {
        Task {
            effort: hours * HOUR,
            due: due.map(|days| NOW + Duration::hours(days * 24 + 7)),
            earliest_start: start.map(|days| NOW + Duration::days(days)),
            ..task()
        }
    }
}

prop_compose! {
    fn any_paralegal()(
        dollars in 20..60_i64,
        weekly in 10..45_i64,
        limit in 1..6_u32,
        commitments in prop::collection::vec((0..20_i64, -3..20_i64), 0..3),
    ) -> (Paralegal, Load) {
        let mut who = paralegal();
        who.profile.pay.hourly = Some(hourly(dollars));
        who.profile.weekly_capacity = weekly * HOUR;
        who.profile.task_limit = limit;
        let commitments = commitments.into_iter().map(|(hours, days)| Commitment {
            effort: hours * HOUR,
            due: NOW + Duration::days(days),
        });
        (who, Load { commitments: commitments.collect() })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_plan_gives_nobody_what_a_rule_excludes_and_is_not_outdated_while_nothing_changes(
        tasks in prop::collection::vec(any_task(), 1..16),
        people in prop::collection::vec(any_paralegal(), 1..5),
        seed: u64,
    ) {
        let loads = people.iter().map(|(who, load)| (who.id, load.clone())).collect();
        let roster = people.into_iter().map(|(who, _)| who).collect();
        let facts = Facts { tasks, roster, loads, ..Facts::default() };
        let policy = Policy::default();
        let effort = Effort { time_limit: Limit::from_mins(10), moves: 3_000, seed };
        let proposal =
            propose(&policy, NOW, &facts, &Wishes::default(), &effort).expect("a plan");
        let placed = proposal.assignments.len() + proposal.unplaced.len();
        prop_assert_eq!(placed, facts.tasks.len());
        for one in &proposal.assignments {
            let task = facts.tasks.iter().find(|task| task.name == one.task).expect("a task");
            let who = facts.roster.iter().find(|who| who.id == one.paralegal).expect("somebody");
            let judgement = facts.judge(&policy, NOW, task, who).expect("a judgement");
            prop_assert_eq!(judgement.exclusions, vec![]);
            prop_assert_eq!(judgement.cost, Some(one.offer.cost));
        }
        prop_assert!(proposal.lower_bound <= proposal.cost().total() + proposal.penalty());
        prop_assert_eq!(outdated(&policy, NOW, &proposal.assignments, &facts), vec![]);
    }
}
