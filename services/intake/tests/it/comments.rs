//! Comments: what the firm and whoever works on a task say to each other about it.

use caseload_domain::name::{CommentName, ParalegalName};
use caseload_domain::{AssignmentId, CommentId, ParalegalId, TaskId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::comment_service_client::CommentServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_runtime::Channel;
use caseload_testing::{eventually, tokens};
use futures::future::join_all;
use prost::Message as _;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::world::{FirmOf, World, get_task, metadata, refusal, violations};

type Client = CommentServiceClient<Channel>;

fn client(world: &World, token: String) -> Client {
    Client::new(world.service.channel(token))
}

fn attorney(world: &World, firm: &FirmOf) -> Client {
    client(world, tokens::attorney(firm.id))
}

fn words(task: &Task, text: &str) -> Comment {
    Comment {
        task: task.name.clone(),
        text: text.to_owned(),
        ..Comment::default()
    }
}

async fn say_again(
    client: &Client,
    firm: &FirmOf,
    comment: Comment,
    request_id: &str,
) -> Result<Comment, Status> {
    let request = CreateCommentRequest {
        parent: firm.name.clone(),
        comment: Some(comment),
        request_id: request_id.to_owned(),
    };
    Ok(client.clone().create_comment(request).await?.into_inner())
}

async fn say(client: &Client, firm: &FirmOf, comment: Comment) -> Result<Comment, Status> {
    say_again(client, firm, comment, "").await
}

async fn get(client: &Client, comment: &Comment) -> Result<Comment, Status> {
    let name = comment.name.clone();
    let request = GetCommentRequest { name };
    Ok(client.clone().get_comment(request).await?.into_inner())
}

async fn thread(client: &Client, firm: &FirmOf, task: &Task) -> Result<Vec<Comment>, Status> {
    let request = ListCommentsRequest {
        parent: firm.name.clone(),
        task: task.name.clone(),
        ..ListCommentsRequest::default()
    };
    Ok(client
        .clone()
        .list_comments(request)
        .await?
        .into_inner()
        .comments)
}

/// An open task of a firm.
async fn open(world: &World, firm: &FirmOf) -> Task {
    let matter = firm.matter("Alice", "Bob").await;
    let (_, task) = firm.accepted(world, &matter).await;
    task
}

/// That a task, and what is said of it, is not there for somebody.
async fn hears_nothing(client: &Client, firm: &FirmOf, task: &Task, comment: &Comment) {
    let answers = [
        say(client, firm, words(task, "Hello?")).await.map(drop),
        thread(client, firm, task).await.map(drop),
        get(client, comment).await.map(drop),
    ];
    for (answer, name) in answers
        .into_iter()
        .zip([&task.name, &task.name, &comment.name])
    {
        let refused = answer.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        assert_eq!(refused.message(), format!("{name} was not found"));
    }
}

#[tokio::test]
async fn the_attorney_the_paralegal_and_the_suites_staff_talk_in_one_thread() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let id = ParalegalId::generate();
    world.give(&task.name, id).await;
    let (lawyer, anna) = (
        attorney(&world, &firm),
        client(&world, tokens::paralegal(id)),
    );

    let asked = say(&anna, &firm, words(&task, "Which circuit?"))
        .await
        .unwrap();
    assert_eq!(asked.author_kind(), CommentAuthorKind::Paralegal);
    assert_eq!(asked.paralegal, ParalegalName(id).to_string());
    assert!(!asked.author.is_empty() && asked.create_time.is_some());
    let reply = Comment {
        in_reply_to: asked.name.clone(),
        ..words(&task, "  The Federal Circuit ⚖️\n")
    };
    let answered = say(&lawyer, &firm, reply).await.unwrap();
    assert_eq!(answered.author_kind(), CommentAuthorKind::Firm);
    assert_eq!(answered.author, format!("attorney@{}", firm.id));
    assert_eq!(
        (answered.paralegal.as_str(), &answered.in_reply_to),
        ("", &asked.name)
    );
    assert_eq!(answered.text, "The Federal Circuit ⚖️");
    let mut all = vec![asked, answered];
    for token in [tokens::coordinator(), tokens::reviewer()] {
        let said = say(&client(&world, token), &firm, words(&task, "Noted."))
            .await
            .unwrap();
        assert_eq!(said.author_kind(), CommentAuthorKind::Suite);
        all.push(said);
    }
    for listener in [
        anna,
        lawyer,
        client(&world, tokens::firm_admin(firm.id)),
        client(&world, tokens::coordinator()),
        client(&world, tokens::reviewer()),
    ] {
        assert_eq!(thread(&listener, &firm, &task).await.unwrap(), all);
        assert_eq!(get(&listener, &all[0]).await.unwrap(), all[0]);
    }
}

#[tokio::test]
async fn a_paralegal_hears_while_they_have_accepted_the_task_and_neither_before_nor_after() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let lawyer = attorney(&world, &firm);
    let first = say(&lawyer, &firm, words(&task, "Mind the deadline"))
        .await
        .unwrap();
    let (one, other) = (ParalegalId::generate(), ParalegalId::generate());
    let (anna, ben) = (
        client(&world, tokens::paralegal(one)),
        client(&world, tokens::paralegal(other)),
    );

    let offer = AssignmentId::generate();
    world
        .assignment(&task.name, offer, one, AssignmentState::Offered)
        .await;
    world.task_becomes(&task.name, TaskState::Assigned).await;
    hears_nothing(&anna, &firm, &task, &first).await;
    // Nor when the offer is held.
    let hold = HoldTaskRequest {
        name: task.name.clone(),
        reason: "Waiting for the client".to_owned(),
        ..HoldTaskRequest::default()
    };
    firm.attorney.clone().tasks.hold_task(hold).await.unwrap();
    hears_nothing(&anna, &firm, &task, &first).await;
    let resume = ResumeTaskRequest {
        name: task.name.clone(),
        ..ResumeTaskRequest::default()
    };
    firm.attorney
        .clone()
        .tasks
        .resume_task(resume)
        .await
        .unwrap();

    world
        .assignment(&task.name, offer, one, AssignmentState::Accepted)
        .await;
    world.task_becomes(&task.name, TaskState::InProgress).await;
    assert_eq!(
        thread(&anna, &firm, &task).await.unwrap(),
        std::slice::from_ref(&first)
    );
    let annas = say(&anna, &firm, words(&task, "I will")).await.unwrap();
    hears_nothing(&ben, &firm, &task, &annas).await;

    world
        .assignment(&task.name, offer, one, AssignmentState::Released)
        .await;
    world.task_becomes(&task.name, TaskState::Open).await;
    hears_nothing(&anna, &firm, &task, &annas).await;
    // Whoever has it next reads all that was said.
    world.give(&task.name, other).await;
    assert_eq!(thread(&ben, &firm, &task).await.unwrap(), [first, annas]);
}

#[tokio::test]
async fn another_firm_hears_nothing_and_who_has_no_part_in_the_work_is_refused() {
    let world = World::new().await;
    let (firm, stranger) = (world.firm("DOE").await, world.firm("ROE").await);
    let task = open(&world, &firm).await;
    let said = say(&attorney(&world, &firm), &firm, words(&task, "Privileged"))
        .await
        .unwrap();
    let spy = attorney(&world, &stranger);
    let under_their_own_name = ListCommentsRequest {
        parent: stranger.name.clone(),
        task: task.name.clone(),
        ..ListCommentsRequest::default()
    };
    assert_eq!(
        violations(spy.clone().list_comments(under_their_own_name).await),
        ["task"]
    );
    for answer in [
        say(&spy, &firm, words(&task, "Hello?")).await.map(drop),
        thread(&spy, &firm, &task).await.map(drop),
        get(&spy, &said).await.map(drop),
    ] {
        assert_eq!(answer.unwrap_err().code(), Code::NotFound);
    }
    for token in [
        tokens::operations_manager(),
        tokens::billing_clerk(),
        tokens::conflict_officer(),
    ] {
        let refused = thread(&client(&world, token), &firm, &task).await;
        assert_eq!(refusal(refused).0, Code::PermissionDenied);
    }
    assert_eq!(world.count("select count(*) from comments").await, 1);
}

#[tokio::test]
async fn a_comment_tells_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let lawyer = attorney(&world, &firm);
    let nothing = CreateCommentRequest {
        parent: "firms/nobody".to_owned(),
        comment: None,
        request_id: "again".to_owned(),
    };
    assert_eq!(
        violations(lawyer.clone().create_comment(nothing).await),
        ["comment", "parent", "request_id"]
    );
    let odd = Comment {
        task: "tasks/1".to_owned(),
        text: "\u{200b}".to_owned(),
        in_reply_to: "1".to_owned(),
        ..Comment::default()
    };
    assert_eq!(
        violations(say(&lawyer, &firm, odd).await),
        ["comment.in_reply_to", "comment.task", "comment.text"]
    );
    for text in ["", " \n", "a\u{7}b", "a\u{202e}b", &"🙂".repeat(10_001)] {
        let refused = say(&lawyer, &firm, words(&task, text)).await;
        assert_eq!(violations(refused), ["comment.text"]);
    }
    let long = "🙂".repeat(10_000);
    assert_eq!(
        say(&lawyer, &firm, words(&task, &long)).await.unwrap().text,
        long
    );
    let no_task = ListCommentsRequest {
        parent: firm.name.clone(),
        page_size: -1,
        ..ListCommentsRequest::default()
    };
    assert_eq!(
        violations(lawyer.clone().list_comments(no_task).await),
        ["page_size", "task"]
    );
    let nowhere = Task {
        name: format!("{}/tasks/{}", firm.name, TaskId::generate()),
        ..Task::default()
    };
    assert_eq!(
        refusal(say(&lawyer, &firm, words(&nowhere, "Hello?")).await).0,
        Code::NotFound
    );
}

#[tokio::test]
async fn a_reply_answers_a_comment_on_the_same_task() {
    let world = World::new().await;
    let (firm, stranger) = (world.firm("DOE").await, world.firm("ROE").await);
    let (task, beside) = (open(&world, &firm).await, open(&world, &firm).await);
    let abroad = open(&world, &stranger).await;
    let lawyer = attorney(&world, &firm);
    let elsewhere = say(&lawyer, &firm, words(&beside, "On the other task"))
        .await
        .unwrap();
    let theirs = attorney(&world, &stranger);
    let theirs = say(&theirs, &stranger, words(&abroad, "Theirs"))
        .await
        .unwrap();
    let unknown = CommentName::new(firm.id, CommentId::generate()).to_string();
    for before in [elsewhere.name, theirs.name, unknown] {
        let reply = Comment {
            in_reply_to: before,
            ..words(&task, "As you say")
        };
        assert_eq!(
            violations(say(&lawyer, &firm, reply).await),
            ["comment.in_reply_to"]
        );
    }
}

#[tokio::test]
async fn nothing_is_said_of_a_cancelled_task_and_what_was_said_stays() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let id = ParalegalId::generate();
    world.give(&task.name, id).await;
    let lawyer = attorney(&world, &firm);
    let said = say(&lawyer, &firm, words(&task, "We settle"))
        .await
        .unwrap();
    let cancel = CancelTaskRequest {
        name: task.name.clone(),
        reason: "Settled".to_owned(),
        ..CancelTaskRequest::default()
    };
    firm.attorney
        .clone()
        .tasks
        .cancel_task(cancel)
        .await
        .unwrap();
    let refused = metadata(say(&lawyer, &firm, words(&task, "Or do we?")).await);
    assert_eq!(
        (refused["from"].as_str(), refused["to"].as_str()),
        ("cancelled", "commented")
    );
    assert_eq!(
        thread(&lawyer, &firm, &task).await.unwrap(),
        std::slice::from_ref(&said)
    );
    hears_nothing(&client(&world, tokens::paralegal(id)), &firm, &task, &said).await;
}

#[tokio::test]
async fn others_are_told_that_something_was_said_and_not_what() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let lawyer = attorney(&world, &firm);
    let task = open(&world, &firm).await;
    let said = say(&lawyer, &firm, words(&task, "The secret formula"))
        .await
        .unwrap();
    let mut connection = world.database.inspect().await;
    let payload: Vec<u8> = sqlx::query_scalar(
        "select payload from event_log where aggregate = $1 and type = 'caseload.intake.v1.CommentAdded'",
    )
    .bind(&said.name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let added = CommentAdded::decode(payload.as_slice()).unwrap();
    let told = CommentAdded {
        comment: said.name.clone(),
        task: task.name.clone(),
        in_reply_to: String::new(),
    };
    assert_eq!(added, told);
    let recorded: i64 = sqlx::query_scalar(
        "select count(*) from audit_log where resource = $1 and before is null
         and after ->> 'body' = 'The secret formula' and actor = $2",
    )
    .bind(&said.name)
    .bind(&said.author)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(recorded, 1);

    // What is said of a draft's task is the firm's own still.
    let matter = firm.matter("Carol", "Dave").await;
    let draft = firm.draft(&matter).await;
    let drafted = firm.add(&draft, crate::world::task()).await.unwrap();
    let said = say(&lawyer, &firm, words(&drafted, "Too dear?"))
        .await
        .unwrap();
    assert!(world.events(&said.name).await.is_empty());
}

#[tokio::test]
async fn a_comment_that_is_sent_again_is_said_once() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let lawyer = attorney(&world, &firm);
    let id = Uuid::new_v4().to_string();
    let attempts = (0..4).map(|_| say_again(&lawyer, &firm, words(&task, "Once"), &id));
    let answers: Vec<_> = join_all(attempts)
        .await
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(thread(&lawyer, &firm, &task).await.unwrap().len(), 1);
    let other = say_again(&lawyer, &firm, words(&task, "Twice"), &id).await;
    assert_eq!(refusal(other).1, "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn a_long_thread_is_read_page_by_page_while_others_speak() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let lawyer = attorney(&world, &firm);
    let said = (0..25).map(|at| say(&lawyer, &firm, words(&task, &format!("Point {at}"))));
    let mut names: Vec<_> = join_all(said)
        .await
        .into_iter()
        .map(|one| one.unwrap().name)
        .collect();
    names.sort();
    let mut list = ListCommentsRequest {
        parent: firm.name.clone(),
        task: task.name.clone(),
        page_size: 10,
        ..ListCommentsRequest::default()
    };
    let mut read = Vec::new();
    loop {
        let page = lawyer
            .clone()
            .list_comments(list.clone())
            .await
            .unwrap()
            .into_inner();
        read.extend(page.comments.into_iter().map(|comment| comment.name));
        list.page_token = page.next_page_token;
        if list.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(read, names);
    let beside = open(&world, &firm).await;
    list.page_token = {
        let first = ListCommentsRequest {
            page_token: String::new(),
            ..list.clone()
        };
        lawyer
            .clone()
            .list_comments(first)
            .await
            .unwrap()
            .into_inner()
            .next_page_token
    };
    list.task = beside.name;
    let other_list = lawyer.clone().list_comments(list).await;
    assert_eq!(other_list.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test]
async fn nothing_is_said_by_who_is_released_at_the_same_time() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let task = open(&world, &firm).await;
    let id = ParalegalId::generate();
    let assignment = world.give(&task.name, id).await;
    let anna = client(&world, tokens::paralegal(id));
    let talk = async {
        loop {
            if let Err(refused) = say(&anna, &firm, words(&task, "Still here")).await {
                break refused;
            }
        }
    };
    let release = world.assignment(&task.name, assignment, id, AssignmentState::Released);
    let (refused, ()) = tokio::join!(talk, release);
    assert_eq!(refused.code(), Code::NotFound);
    eventually("the task is open", async || {
        get_task(&firm.attorney, &task.name).await.unwrap().state() == TaskState::Open
    })
    .await;
    let before = thread(&attorney(&world, &firm), &firm, &task)
        .await
        .unwrap();
    assert_eq!(
        refusal(say(&anna, &firm, words(&task, "And now?")).await).0,
        Code::NotFound
    );
    assert_eq!(
        thread(&attorney(&world, &firm), &firm, &task)
            .await
            .unwrap(),
        before
    );
}
