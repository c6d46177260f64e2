//! Lists of entries.

use caseload_proto::caseload::timekeeping::v1::{
    ListTimeEntriesRequest, ListTimeEntriesResponse, TimeEntryState,
};
use caseload_proto::google::r#type::Date;
use caseload_testing::tokens;
use tonic::{Code, Status};

use crate::job::Job;
use crate::refusals::{fields, reason};
use crate::world::World;

async fn list(
    world: &World,
    token: String,
    request: ListTimeEntriesRequest,
) -> Result<ListTimeEntriesResponse, Status> {
    let answer = world.entries(token).list_time_entries(request).await;
    answer.map(tonic::Response::into_inner)
}

fn everything(parent: &str) -> ListTimeEntriesRequest {
    ListTimeEntriesRequest {
        parent: parent.to_owned(),
        ..ListTimeEntriesRequest::default()
    }
}

fn names(answer: &ListTimeEntriesResponse) -> Vec<String> {
    answer
        .time_entries
        .iter()
        .map(|entry| entry.name.clone())
        .collect()
}

/// Five hours of Monday on one task, the latest first as they are listed.
async fn five(world: &World, job: &Job) -> Vec<String> {
    let mut recorded = Vec::new();
    for hour in 0..5 {
        recorded.push(world.recorded(job, job.hour(hour)).await.name);
    }
    recorded.reverse();
    recorded
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let world = World::new().await;
    let job = world.job().await;
    let expected = five(&world, &job).await;
    let mut request = ListTimeEntriesRequest {
        page_size: 2,
        ..everything(&job.firm_name())
    };
    let mut seen = Vec::new();
    loop {
        let page = list(&world, tokens::paralegal(job.paralegal), request.clone())
            .await
            .unwrap();
        assert!(page.time_entries.len() <= 2);
        seen.extend(names(&page));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_page_token_serves_its_own_list_and_caller_alone() {
    let world = World::new().await;
    let job = world.job().await;
    five(&world, &job).await;
    let first = ListTimeEntriesRequest {
        page_size: 2,
        ..everything(&job.firm_name())
    };
    let token = list(&world, tokens::paralegal(job.paralegal), first.clone())
        .await
        .unwrap()
        .next_page_token;
    let with = |page_token: String| ListTimeEntriesRequest {
        page_token,
        ..first.clone()
    };
    let mut tampered = token.clone();
    tampered.replace_range(0..1, if token.starts_with('A') { "B" } else { "A" });
    let another_filter = ListTimeEntriesRequest {
        states: vec![TimeEntryState::Draft.into()],
        ..with(token.clone())
    };
    for request in [with(tampered), with("nonsense".to_owned()), another_filter] {
        let refused = list(&world, tokens::paralegal(job.paralegal), request)
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::InvalidArgument, "PAGE_TOKEN_INVALID")
        );
    }
    let another_caller = list(&world, tokens::reviewer(), with(token.clone()))
        .await
        .unwrap_err();
    assert_eq!(reason(&another_caller), "PAGE_TOKEN_INVALID");
    let another_size = ListTimeEntriesRequest {
        page_size: 3,
        ..with(token)
    };
    let rest = list(&world, tokens::paralegal(job.paralegal), another_size)
        .await
        .unwrap();
    assert_eq!(rest.time_entries.len(), 3);
}

#[tokio::test]
async fn every_filter_narrows_the_list() {
    let world = World::new().await;
    let job = world.job().await;
    let elsewhere = world.job_of(job.firm, job.paralegal).await;
    let colleague = world
        .job_of(job.firm, world.paralegal_in("Asia/Manila").await)
        .await;
    let approved = world.approved(&job, 0).await;
    let draft = world.recorded(&job, job.hour(1)).await;
    let on_another_task = world.recorded(&elsewhere, elsewhere.hour(2)).await;
    let by_a_colleague = world.recorded(&colleague, colleague.hour(15)).await;
    let base = everything(&job.firm_name());
    let tuesday = Some(Date {
        year: 2026,
        month: 3,
        day: 3,
    });
    let monday = Some(Date {
        year: 2026,
        month: 3,
        day: 2,
    });
    let cases = [
        (
            base.clone(),
            vec![&by_a_colleague, &on_another_task, &draft, &approved],
        ),
        (
            ListTimeEntriesRequest {
                paralegal: colleague.paralegal_name(),
                ..base.clone()
            },
            vec![&by_a_colleague],
        ),
        (
            ListTimeEntriesRequest {
                task: job.task_name(),
                ..base.clone()
            },
            vec![&draft, &approved],
        ),
        (
            ListTimeEntriesRequest {
                matter: on_another_task.matter.clone(),
                ..base.clone()
            },
            vec![&on_another_task],
        ),
        (
            ListTimeEntriesRequest {
                states: vec![TimeEntryState::Approved.into()],
                ..base.clone()
            },
            vec![&approved],
        ),
        (
            ListTimeEntriesRequest {
                start_date: tuesday,
                ..base.clone()
            },
            vec![&by_a_colleague],
        ),
        (
            ListTimeEntriesRequest {
                end_date: monday,
                ..base.clone()
            },
            vec![&on_another_task, &draft, &approved],
        ),
    ];
    for (request, expected) in cases {
        let answer = list(&world, tokens::reviewer(), request.clone())
            .await
            .unwrap();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|entry| entry.name.clone())
            .collect();
        assert_eq!(names(&answer), expected, "{request:?}");
    }
}

#[tokio::test]
async fn everybody_lists_what_is_theirs_to_see() {
    let world = World::new().await;
    let job = world.job().await;
    let other = world.job().await;
    let approved = world.approved(&job, 0).await.name;
    let draft = world.recorded(&job, job.hour(1)).await.name;
    let elsewhere = world.approved(&other, 2).await.name;
    for parent in [job.firm_name(), "firms/-".to_owned()] {
        let theirs = list(
            &world,
            tokens::paralegal(job.paralegal),
            everything(&parent),
        )
        .await
        .unwrap();
        assert_eq!(names(&theirs), [draft.clone(), approved.clone()]);
        let firms = list(&world, tokens::attorney(job.firm), everything(&parent))
            .await
            .unwrap();
        assert_eq!(
            names(&firms),
            std::slice::from_ref(&approved),
            "a firm sees no drafts, and no other firm"
        );
    }
    let drafts = ListTimeEntriesRequest {
        states: vec![TimeEntryState::Draft.into()],
        ..everything(&job.firm_name())
    };
    let none = list(&world, tokens::attorney(job.firm), drafts)
        .await
        .unwrap();
    assert!(none.time_entries.is_empty());
    let all = list(&world, tokens::reviewer(), everything("firms/-"))
        .await
        .unwrap();
    assert_eq!(names(&all), [elsewhere, draft, approved]);
    let stranger = list(
        &world,
        tokens::attorney(other.firm),
        everything(&job.firm_name()),
    )
    .await;
    assert_eq!(stranger.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn every_bad_part_of_a_list_is_told_at_once() {
    let world = World::new().await;
    let job = world.job().await;
    let request = ListTimeEntriesRequest {
        parent: "firms/1".to_owned(),
        page_size: -1,
        paralegal: "somebody".to_owned(),
        matter: "matters/1".to_owned(),
        task: "tasks/1".to_owned(),
        states: vec![99],
        start_date: Some(Date {
            year: 2026,
            month: 2,
            day: 30,
        }),
        end_date: Some(Date {
            year: 2026,
            month: 13,
            day: 1,
        }),
        page_token: String::new(),
    };
    let refused = list(&world, tokens::reviewer(), request).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "page_size",
            "parent",
            "paralegal",
            "matter",
            "task",
            "states[0]",
            "start_date",
            "end_date"
        ]
    );
    let backwards = ListTimeEntriesRequest {
        start_date: Some(Date {
            year: 2026,
            month: 3,
            day: 2,
        }),
        end_date: Some(Date {
            year: 2026,
            month: 3,
            day: 1,
        }),
        task: format!(
            "firms/{}/tasks/{}",
            caseload_domain::FirmId::generate(),
            job.task
        ),
        ..everything(&job.firm_name())
    };
    let refused = list(&world, tokens::reviewer(), backwards)
        .await
        .unwrap_err();
    assert_eq!(fields(&refused), ["task", "end_date"]);
}
