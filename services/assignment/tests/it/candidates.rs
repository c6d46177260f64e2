//! Who could do a task, ranked, and why the others can't.

use caseload_domain::name::TaskName;
use caseload_domain::{FirmId, TaskId};
use caseload_proto::caseload::assignment::v1::{Exclusion, ExclusionRule, ListCandidatesRequest};
use tonic::Code;

use crate::world::{HOUR, World, cents, paid, reason};

fn of(task: &str) -> ListCandidatesRequest {
    ListCandidatesRequest {
        parent: task.to_owned(),
        ..ListCandidatesRequest::default()
    }
}

#[tokio::test]
async fn candidates_are_ranked_by_cost_and_the_excluded_say_why() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let dear = world.hire(|who| who.pay = Some(paid(55))).await;
    let cheap = world.hire(|who| who.pay = Some(paid(35))).await;
    let lacking = world.hire(|who| who.skills[0].level = 1).await;
    let hopeless = world
        .hire(|who| {
            who.skills[0].level = 1;
            who.language_codes = vec!["fr".to_owned()];
        })
        .await;
    let answer = world
        .candidates()
        .list_candidates(of(&task.name))
        .await
        .expect("a list")
        .into_inner();
    let names: Vec<&str> = answer
        .candidates
        .iter()
        .map(|one| one.paralegal.as_str())
        .collect();
    assert_eq!(names, [cheap.name.as_str(), dear.name.as_str()]);
    let best = &answer.candidates[0];
    assert_eq!(best.paralegal_display_name, "Ada Okafor");
    assert_eq!(
        (best.level, best.expected_effort.expect("effort").seconds),
        (3, 10 * HOUR)
    );
    let cost = best.cost.as_ref().expect("a cost");
    assert_eq!(cents(cost.pay.as_ref()), 35_000);
    // One level above what is needed, for ten hours.
    assert_eq!(cents(cost.over_qualification.as_ref()), 3_000);
    let parts = [
        &cost.pay,
        &cost.lateness,
        &cost.load,
        &cost.over_qualification,
    ];
    let sum: i64 = parts.into_iter().map(|part| cents(part.as_ref())).sum();
    assert_eq!(cents(cost.total.as_ref()), sum);

    let excluded: Vec<(&str, Vec<ExclusionRule>)> = answer
        .excluded_paralegals
        .iter()
        .map(|one| {
            let rules = one.exclusions.iter().map(Exclusion::rule);
            (one.paralegal.as_str(), rules.collect())
        })
        .collect();
    let expected = [
        (lacking.name.as_str(), vec![ExclusionRule::Skill]),
        (
            hopeless.name.as_str(),
            vec![ExclusionRule::Skill, ExclusionRule::Language],
        ),
    ];
    assert_eq!(excluded, expected, "the nearest first");
    let detail = &answer.excluded_paralegals[0].exclusions[0].detail;
    assert_eq!(
        detail,
        "needs Patent Law, legal research and analysis at level 2; has level 1"
    );
}

#[tokio::test]
async fn the_ranking_is_read_page_by_page() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let mut names = Vec::new();
    for dollars in [30, 31, 32, 33, 34] {
        names.push(world.hire(|who| who.pay = Some(paid(dollars))).await.name);
    }
    world.hire(|who| who.skills[0].level = 1).await;
    let (mut read, mut token, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let request = ListCandidatesRequest {
            page_size: 2,
            page_token: token,
            ..of(&task.name)
        };
        let page = world
            .candidates()
            .list_candidates(request)
            .await
            .expect("a page")
            .into_inner();
        assert_eq!(page.excluded_paralegals.len(), usize::from(pages == 0));
        read.extend(page.candidates.into_iter().map(|one| one.paralegal));
        pages += 1;
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((read, pages), (names, 3));
}

#[tokio::test]
async fn a_task_that_is_not_known_has_no_candidates() {
    let world = World::new().await;
    let name = TaskName::new(FirmId::generate(), TaskId::generate()).to_string();
    let refused = world
        .candidates()
        .list_candidates(of(&name))
        .await
        .expect_err("is not there");
    assert_eq!(
        reason(&refused),
        (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned())
    );
}
