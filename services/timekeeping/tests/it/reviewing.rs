//! Handing in, approving, rejecting.

use caseload_proto::caseload::timekeeping::v1::{
    BatchApproveTimeEntriesRequest, BatchSubmitTimeEntriesRequest, GetTimeEntryRequest, TimeEntry,
    TimeEntryState, UpdateTimeEntryRequest,
};
use caseload_proto::convert::timestamp;
use caseload_testing::tokens;
use tonic::Code;

use crate::job::{approves, rejects, submits};
use crate::refusals::{failures, metadata, reason};
use crate::world::{NOW, World};

#[tokio::test]
async fn time_is_handed_in_and_approved_by_a_reviewer_of_the_suite_or_the_firms_attorney() {
    let world = World::new().await;
    let job = world.job().await;
    for (hour, token) in [
        (0, tokens::reviewer()),
        (1, tokens::attorney(job.firm)),
        (2, tokens::firm_admin(job.firm)),
    ] {
        let entry = world.recorded(&job, job.hour(hour)).await;
        let submitted = world.submitted(&job, &[&entry]).await.remove(0);
        assert_eq!(submitted.state(), TimeEntryState::Submitted);
        assert_eq!(submitted.submit_time, Some(timestamp(NOW)));
        let answer = world
            .entries(token)
            .batch_approve_time_entries(approves(&job, &[&entry]))
            .await;
        let approved = answer.unwrap().into_inner().time_entries.remove(0);
        assert_eq!(approved.state(), TimeEntryState::Approved);
        let review = approved.review.unwrap();
        assert!(review.approved && review.reason.is_empty() && !review.reviewer.is_empty());
    }
}

#[tokio::test]
async fn a_batch_is_approved_whole_or_not_at_all() {
    let world = World::new().await;
    let job = world.job().await;
    let first = world.recorded(&job, job.hour(0)).await;
    let second = world.recorded(&job, job.hour(1)).await;
    world.submitted(&job, &[&first, &second]).await;
    world
        .entries(tokens::reviewer())
        .batch_reject_time_entries(rejects(&job, &second, "Vague."))
        .await
        .unwrap();
    let mut reviewer = world.entries(tokens::reviewer());
    let both = approves(&job, &[&first, &second]);
    let refused = reviewer.batch_approve_time_entries(both).await.unwrap_err();
    assert_eq!(
        failures(&refused),
        [(second.name.clone(), "WRONG_STATE".to_owned())]
    );
    assert_eq!(
        (
            metadata(&refused)["from"].as_str(),
            metadata(&refused)["to"].as_str()
        ),
        ("rejected", "approved")
    );
    assert_eq!(
        world
            .count("select count(*) from time_entries where state = 'approved'")
            .await,
        0
    );
    assert_eq!(world.count("select count(*) from event_log").await, 0);

    let unknown = TimeEntry {
        name: format!(
            "{}/timeEntries/{}",
            job.firm_name(),
            caseload_domain::TimeEntryId::generate()
        ),
        ..TimeEntry::default()
    };
    let refused = reviewer
        .batch_approve_time_entries(approves(&job, &[&first, &unknown]))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert!(refused.message().contains(&unknown.name));
    assert_eq!(
        world
            .count("select count(*) from time_entries where state = 'approved'")
            .await,
        0
    );
}

#[tokio::test]
async fn a_thousand_entries_are_submitted_and_approved_in_one_batch_each() {
    let world = World::new().await;
    let job = world.job().await;
    let names = world.minutes(&job, 1000).await;
    let submit = BatchSubmitTimeEntriesRequest {
        parent: job.firm_name(),
        names: names.clone(),
        request_id: String::new(),
    };
    world
        .entries(tokens::paralegal(job.paralegal))
        .batch_submit_time_entries(submit)
        .await
        .unwrap();
    let approve = BatchApproveTimeEntriesRequest {
        parent: "firms/-".to_owned(),
        names: names.clone(),
        request_id: String::new(),
    };
    let mut reviewer = world.entries(tokens::reviewer());
    let answer = reviewer
        .batch_approve_time_entries(approve.clone())
        .await
        .unwrap();
    let answered: Vec<String> = answer
        .into_inner()
        .time_entries
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    assert_eq!(answered, names, "in the order of the request");
    assert_eq!(world.count("select count(*) from event_log").await, 1000);
    // A thousand refusals are more than an answer's headers hold: the first are told, and how many more there are.
    let refused = reviewer
        .batch_approve_time_entries(approve)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "WRONG_STATE");
    assert!(refused.message().ends_with(" more"), "{refused:?}");
}

#[tokio::test]
async fn a_rejected_entry_is_changed_and_handed_in_again() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    world.submitted(&job, &[&entry]).await;
    let answer = world
        .entries(tokens::attorney(job.firm))
        .batch_reject_time_entries(rejects(&job, &entry, "Say which claims."))
        .await;
    let rejected = answer.unwrap().into_inner().time_entries.remove(0);
    assert_eq!(rejected.state(), TimeEntryState::Rejected);
    assert_eq!(
        rejected
            .review
            .as_ref()
            .map(|review| review.reason.as_str()),
        Some("Say which claims.")
    );

    let mut entries = world.entries(tokens::paralegal(job.paralegal));
    let as_is = entries
        .batch_submit_time_entries(submits(&job, &[&entry]))
        .await
        .unwrap_err();
    assert_eq!(reason(&as_is), "WRONG_STATE");
    let better = UpdateTimeEntryRequest {
        time_entry: Some(TimeEntry {
            name: entry.name.clone(),
            narrative: "Read claims 1 to 12 of the '720 patent.".to_owned(),
            ..TimeEntry::default()
        }),
        ..UpdateTimeEntryRequest::default()
    };
    let draft = entries
        .update_time_entry(better)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(draft.state(), TimeEntryState::Draft);
    assert_eq!(draft.review, rejected.review, "the reason stays to be read");
    let again = world.submitted(&job, &[&entry]).await.remove(0);
    assert_eq!(again.state(), TimeEntryState::Submitted);
}

#[tokio::test]
async fn nobody_approves_their_own_time_under_whatever_token() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    world.submitted(&job, &[&entry]).await;
    let as_paralegal = world
        .entries(tokens::paralegal(job.paralegal))
        .batch_approve_time_entries(approves(&job, &[&entry]))
        .await
        .unwrap_err();
    assert_eq!(as_paralegal.code(), Code::PermissionDenied);
    let subject = format!("paralegal-{}", job.paralegal);
    let second_token = tokens::token(&subject, &[caseload_auth::Role::Reviewer], None, None);
    let mut reviewer = world.entries(second_token);
    let refused = reviewer
        .batch_approve_time_entries(approves(&job, &[&entry]))
        .await
        .unwrap_err();
    assert_eq!(
        failures(&refused),
        [(entry.name.clone(), "OWN_TIME".to_owned())]
    );
    let refused = reviewer
        .batch_reject_time_entries(rejects(&job, &entry, "No."))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "OWN_TIME");
}

#[tokio::test]
async fn a_firm_sees_what_was_handed_in_to_it_and_never_a_draft() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    let request = GetTimeEntryRequest {
        name: entry.name.clone(),
    };
    let mut attorney = world.entries(tokens::attorney(job.firm));
    assert_eq!(
        attorney
            .get_time_entry(request.clone())
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
    let refused = attorney
        .batch_approve_time_entries(approves(&job, &[&entry]))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    world.submitted(&job, &[&entry]).await;
    attorney.get_time_entry(request.clone()).await.unwrap();

    let other_firm = world.firm().await;
    let mut stranger = world.entries(tokens::attorney(other_firm));
    let hidden = stranger.get_time_entry(request.clone()).await.unwrap_err();
    let absent = GetTimeEntryRequest {
        name: format!(
            "{}/timeEntries/{}",
            job.firm_name(),
            caseload_domain::TimeEntryId::generate()
        ),
    };
    let absent_answer = stranger.get_time_entry(absent.clone()).await.unwrap_err();
    assert_eq!(
        (hidden.code(), absent_answer.code()),
        (Code::NotFound, Code::NotFound)
    );
    assert_eq!(
        hidden.message().replace(&request.name, ""),
        absent_answer.message().replace(&absent.name, ""),
        "the same words whether it is another's or not there"
    );
    for parent in [job.firm_name(), "firms/-".to_owned()] {
        let approve = BatchApproveTimeEntriesRequest {
            parent,
            names: vec![entry.name.clone()],
            request_id: String::new(),
        };
        assert_eq!(
            stranger
                .batch_approve_time_entries(approve)
                .await
                .unwrap_err()
                .code(),
            Code::NotFound
        );
    }
    let colleague = world.paralegal_in("America/Chicago").await;
    let mut colleague = world.entries(tokens::paralegal(colleague));
    assert_eq!(
        colleague.get_time_entry(request).await.unwrap_err().code(),
        Code::NotFound
    );
    let submit = submits(&job, &[&entry]);
    assert_eq!(
        colleague
            .batch_submit_time_entries(submit)
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
}

#[tokio::test]
async fn a_repeated_approval_answers_what_the_first_answered_and_tells_it_once() {
    let world = World::new().await;
    let job = world.job().await;
    let entry = world.recorded(&job, job.hour(0)).await;
    world.submitted(&job, &[&entry]).await;
    let request = BatchApproveTimeEntriesRequest {
        request_id: "b4ad1c9e-6a3c-4a0d-9a5b-0a9a1d7c2f10".to_owned(),
        ..approves(&job, &[&entry])
    };
    let mut reviewer = world.entries(tokens::reviewer());
    let first = reviewer
        .batch_approve_time_entries(request.clone())
        .await
        .unwrap()
        .into_inner();
    let again = reviewer
        .batch_approve_time_entries(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, again);
    assert_eq!(world.count("select count(*) from event_log").await, 1);
}
