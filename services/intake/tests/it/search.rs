//! Looking for matters, requests and tasks by their words, and reading what is found page by page.

use caseload_domain::ParalegalId;
use caseload_domain::name::ParalegalName;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::caseload::r#type::v1::{Priority, TaskKind};
use caseload_proto::convert::timestamp;
use caseload_testing::eventually;
use time::{Duration, OffsetDateTime};
use tonic::Status;

use crate::world::{FirmOf, Person, World, matter, party, task, violations};

async fn matters(person: &Person, parent: &str, query: &str) -> Result<Vec<Matter>, Status> {
    let request = ListMattersRequest {
        parent: parent.to_owned(),
        query: query.to_owned(),
        ..ListMattersRequest::default()
    };
    let answer = person.clone().matters.list_matters(request).await?;
    Ok(answer.into_inner().matters)
}

async fn requests(person: &Person, parent: &str, query: &str) -> Vec<String> {
    let request = ListRequestsRequest {
        parent: parent.to_owned(),
        query: query.to_owned(),
        ..ListRequestsRequest::default()
    };
    let answer = person
        .clone()
        .requests
        .list_requests(request)
        .await
        .unwrap();
    let found = answer.into_inner().requests.into_iter();
    found.map(|request| request.title).collect()
}

async fn tasks(person: &Person, request: ListTasksRequest) -> Vec<String> {
    let answer = person.clone().tasks.list_tasks(request).await.unwrap();
    let found = answer.into_inner().tasks.into_iter();
    found.map(|task| task.title).collect()
}

fn sought(parent: &str, query: &str) -> ListTasksRequest {
    ListTasksRequest {
        parent: parent.to_owned(),
        query: query.to_owned(),
        ..ListTasksRequest::default()
    }
}

async fn create(firm: &FirmOf, matter: Matter) -> Matter {
    let request = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(matter),
        request_id: String::new(),
    };
    let mut attorney = firm.attorney.clone();
    let answer = attorney.matters.create_matter(request).await;
    answer.unwrap().into_inner()
}

async fn add(firm: &FirmOf, draft: &Request, title: &str, instructions: &str) -> Task {
    let task = Task {
        title: title.to_owned(),
        instructions: instructions.to_owned(),
        ..task()
    };
    firm.add(draft, task).await.unwrap()
}

#[tokio::test]
async fn a_matter_is_found_by_everything_it_is_known_by_however_it_is_typed() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut known = matter("Müller Maschinenbau GmbH", "O'Brien & Søns");
    known.docket_number = "1:24-cv-00123".to_owned();
    known.court = "S.D.N.Y.".to_owned();
    known.client_matter_number = "MM-2024/0815".to_owned();
    known.external_ids = vec![ExternalId {
        source: "clio".to_owned(),
        id: "CL#77-x9".to_owned(),
    }];
    known.parties.push(Party {
        aliases: vec!["Łódź Trading".to_owned()],
        ..party("Third Party", PartyRole::Witness)
    });
    let known = create(&firm, known).await;
    firm.matter("Carol", "Dave").await;
    for query in [
        "muller",
        "MÜLLER maschinenbau",
        "masch",
        "1:24-cv-00123",
        "24-CV-00123",
        "1:24-cv-001",
        "sdny",
        "S.D.N.Y. o'brien",
        "obrien sons",
        "MM-2024/0815",
        "cl#77-x9",
        "lodz trad",
        "\"third party\"",
        "\"muller maschinenbau gmbh v o brien\"",
    ] {
        let found = matters(&firm.attorney, &firm.name, query).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|matter| matter.name).collect();
        let by_phrase_of_another_spelling = query.contains("o brien");
        let expected = if by_phrase_of_another_spelling {
            &[][..]
        } else {
            std::slice::from_ref(&known.name)
        };
        assert_eq!(found, expected, "{query}");
    }
    for other in [
        "muller carol",
        "masch ",
        "\"masch\"",
        "00123-cv-24",
        "\"party third\"",
        "xyz",
    ] {
        let found = matters(&firm.attorney, &firm.name, other).await.unwrap();
        assert_eq!(found, [], "{other}");
    }
}

#[tokio::test]
async fn what_is_found_follows_what_is_written() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let task = add(&firm, &draft, "Draft the reply", "Cite Alice Corp.").await;
    assert_eq!(
        requests(&firm.attorney, &firm.name, "research").await,
        [draft.title.as_str()]
    );
    let update = UpdateRequestRequest {
        request: Some(Request {
            name: draft.name.clone(),
            title: "Opposition".to_owned(),
            description: "Against the motion to dismiss 🙂".to_owned(),
            ..Request::default()
        }),
        ..UpdateRequestRequest::default()
    };
    firm.attorney
        .clone()
        .requests
        .update_request(update)
        .await
        .unwrap();
    assert!(
        requests(&firm.attorney, &firm.name, "research")
            .await
            .is_empty()
    );
    assert_eq!(
        requests(&firm.attorney, &firm.name, "\"motion to dismiss\"").await,
        ["Opposition"]
    );

    assert_eq!(
        tasks(&firm.attorney, sought(&firm.name, "alice")).await,
        ["Draft the reply"]
    );
    let cancel = CancelTaskRequest {
        name: task.name.clone(),
        reason: "Settled out of court".to_owned(),
        ..CancelTaskRequest::default()
    };
    firm.attorney
        .clone()
        .tasks
        .cancel_task(cancel)
        .await
        .unwrap();
    assert_eq!(
        tasks(&firm.attorney, sought(&firm.name, "settled")).await,
        ["Draft the reply"]
    );

    let update = UpdateMatterRequest {
        matter: Some(Matter {
            name: matter.name.clone(),
            caption: "In re Carol".to_owned(),
            ..Matter::default()
        }),
        ..UpdateMatterRequest::default()
    };
    firm.attorney
        .clone()
        .matters
        .update_matter(update)
        .await
        .unwrap();
    assert_eq!(
        matters(&firm.attorney, &firm.name, "carol")
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_search_finds_what_its_caller_may_see_and_shows_it_as_a_list_does() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let paralegal = ParalegalId::generate();
    for firm in [&one, &other] {
        let matter = firm.matter(&format!("Alice {}", firm.id), "Bob").await;
        let (_, task) = firm.accepted(&world, &matter).await;
        if firm.id == one.id {
            world.give(&task.name, paralegal).await;
        }
    }
    for person in [&one.attorney, &one.admin] {
        for parent in ["firms/-", &one.name] {
            let found = matters(person, parent, "alice").await.unwrap();
            assert_eq!(found.len(), 1);
            assert!(found[0].name.starts_with(&one.name));
            assert_eq!(
                tasks(person, sought(parent, "abstract ideas")).await.len(),
                1
            );
            assert_eq!(requests(person, parent, "research").await.len(), 1);
        }
    }
    let coordinator = world.coordinator();
    assert_eq!(
        matters(&coordinator, "firms/-", "alice")
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        matters(&coordinator, &other.name, "alice")
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        tasks(&coordinator, sought("firms/-", "abstract"))
            .await
            .len(),
        2
    );
    assert_eq!(requests(&coordinator, "firms/-", "research").await.len(), 2);
    assert_eq!(
        matters(&one.attorney, &other.name, "alice")
            .await
            .unwrap_err()
            .code(),
        tonic::Code::NotFound
    );

    let mut person = world.paralegal(paralegal);
    for parent in ["firms/-", &one.name] {
        let found = person.tasks.list_tasks(sought(parent, "abstract")).await;
        let found = found.unwrap().into_inner().tasks;
        assert_eq!(found.len(), 1);
        assert!(
            found[0].pricing.is_none(),
            "what the firm pays is not theirs to see"
        );
    }
    let stranger = world.paralegal(ParalegalId::generate());
    assert!(
        tasks(&stranger, sought("firms/-", "abstract"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn tasks_are_narrowed_by_kind_priority_practice_area_and_assignee() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let draft = firm.draft(&firm.matter("Alice", "Bob").await).await;
    for (title, kind, priority, area) in [
        ("one", TaskKind::Filing, Priority::Urgent, "Patent Law"),
        ("two", TaskKind::Filing, Priority::Low, "Tax Law"),
        (
            "three",
            TaskKind::LegalResearch,
            Priority::Normal,
            "Patent Law",
        ),
    ] {
        let task = Task {
            title: title.to_owned(),
            kind: kind.into(),
            priority: priority.into(),
            practice_area: area.to_owned(),
            ..task()
        };
        firm.add(&draft, task).await.unwrap();
    }
    let list = || sought(&firm.name, "");
    let narrowed = async |request| tasks(&firm.attorney, request).await;
    let by_kind = ListTasksRequest {
        kinds: vec![TaskKind::Filing.into()],
        ..list()
    };
    assert_eq!(narrowed(by_kind).await, ["one", "two"]);
    let by_priority = ListTasksRequest {
        priorities: vec![Priority::Low.into(), Priority::Normal.into()],
        ..list()
    };
    assert_eq!(narrowed(by_priority).await, ["two", "three"]);
    let by_area = ListTasksRequest {
        practice_areas: vec!["Patent Law".to_owned()],
        ..list()
    };
    assert_eq!(narrowed(by_area).await, ["one", "three"]);

    let (_, given) = firm
        .accepted(&world, &firm.matter("Carol", "Dave").await)
        .await;
    let paralegal = ParalegalId::generate();
    world.give(&given.name, paralegal).await;
    let by_assignee = ListTasksRequest {
        paralegal: ParalegalName(paralegal).to_string(),
        ..list()
    };
    assert_eq!(narrowed(by_assignee.clone()).await, [given.title.as_str()]);
    let own = world.paralegal(paralegal);
    assert_eq!(tasks(&own, by_assignee.clone()).await, [given.title]);
    let stranger = world.paralegal(ParalegalId::generate());
    assert!(tasks(&stranger, by_assignee).await.is_empty());
}

#[tokio::test]
async fn a_search_says_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let request = ListTasksRequest {
        parent: firm.name.clone(),
        query: "🙂 --".to_owned(),
        practice_areas: vec!["Patent Law".to_owned(), "Alchemy".to_owned()],
        kinds: vec![0, 99],
        priorities: vec![0, 99],
        paralegal: "somebody".to_owned(),
        order_by: "title".to_owned(),
        ..ListTasksRequest::default()
    };
    assert_eq!(
        violations(firm.attorney.clone().tasks.list_tasks(request).await),
        [
            "kinds[0]",
            "kinds[1]",
            "order_by",
            "paralegal",
            "practice_areas[1]",
            "priorities[0]",
            "priorities[1]",
            "query"
        ]
    );
    for query in [
        "x".repeat(501),
        "a ".repeat(65),
        "\u{0}".to_owned(),
        "\u{202e}x".to_owned(),
    ] {
        let answer = matters(&firm.attorney, &firm.name, &query).await;
        assert_eq!(violations(answer), ["query"], "{query:?}");
    }
    // What says nothing looks for nothing.
    assert_eq!(matters(&firm.attorney, &firm.name, "  ").await.unwrap(), []);
    for quotes in [
        "'); drop table tasks; --",
        "a & b | !c <-> (d:*",
        "\\'a\\'",
        "\"\"\"a",
    ] {
        assert_eq!(
            matters(&firm.attorney, &firm.name, quotes).await.unwrap(),
            []
        );
    }
}

/// Titles in the order of the pages, while something happens after the first page.
async fn pages(
    person: &Person,
    request: ListTasksRequest,
    meanwhile: impl AsyncFnOnce(),
) -> Vec<String> {
    let (mut seen, mut token, mut meanwhile) = (Vec::new(), String::new(), Some(meanwhile));
    loop {
        let page = ListTasksRequest {
            page_size: 2,
            page_token: token,
            ..request.clone()
        };
        let answer = person
            .clone()
            .tasks
            .list_tasks(page)
            .await
            .unwrap()
            .into_inner();
        assert!(answer.tasks.len() <= 2);
        seen.extend(answer.tasks.into_iter().map(|task| task.title));
        token = answer.next_page_token;
        if let Some(meanwhile) = meanwhile.take() {
            meanwhile().await;
        }
        if token.is_empty() {
            return seen;
        }
    }
}

fn due(days: i64) -> Option<prost_types::Timestamp> {
    Some(timestamp(
        OffsetDateTime::UNIX_EPOCH + Duration::days(30_000 + days),
    ))
}

#[tokio::test]
async fn pages_neither_repeat_nor_lose_what_stays_while_others_come_and_move() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let draft = firm.draft(&firm.matter("Alice", "Bob").await).await;
    // Two are due at one time.
    let mut names = Vec::new();
    for (title, day) in [("e", 5), ("b", 2), ("d", 3), ("a", 1), ("c", 2)] {
        let task = Task {
            title: format!("Brief {title}"),
            due_time: due(day),
            ..task()
        };
        names.push(firm.add(&draft, task).await.unwrap().name);
    }
    let by = |order: &str| ListTasksRequest {
        order_by: order.to_owned(),
        ..sought(&firm.name, "brief")
    };
    let nothing = async || {};
    for (order, expected) in [
        ("", ["e", "b", "d", "a", "c"]),
        ("create_time", ["e", "b", "d", "a", "c"]),
        ("create_time desc", ["c", "a", "d", "b", "e"]),
        ("due_time", ["a", "b", "c", "d", "e"]),
        ("due_time desc", ["e", "d", "c", "b", "a"]),
    ] {
        let expected = expected.map(|title| format!("Brief {title}"));
        for person in [&firm.attorney, &world.coordinator()] {
            assert_eq!(pages(person, by(order), nothing).await, expected, "{order}");
        }
        let everything = ListTasksRequest {
            query: String::new(),
            ..by(order)
        };
        assert_eq!(
            pages(&firm.attorney, everything, nothing).await,
            expected,
            "{order}"
        );
    }

    // After the first page (a and b) one is cancelled, one changes its text, one comes in before and one behind.
    let meanwhile = async || {
        let cancel = CancelTaskRequest {
            name: names[3].clone(),
            reason: "Mischief".to_owned(),
            ..CancelTaskRequest::default()
        };
        firm.attorney
            .clone()
            .tasks
            .cancel_task(cancel)
            .await
            .unwrap();
        let update = UpdateTaskRequest {
            task: Some(Task {
                name: names[4].clone(),
                title: "Brief c, longer".to_owned(),
                ..Task::default()
            }),
            ..UpdateTaskRequest::default()
        };
        firm.attorney
            .clone()
            .tasks
            .update_task(update)
            .await
            .unwrap();
        for (title, day) in [("Brief 0", 0), ("Brief z", 9)] {
            let task = Task {
                title: title.to_owned(),
                due_time: due(day),
                ..task()
            };
            firm.add(&draft, task).await.unwrap();
        }
    };
    assert_eq!(
        pages(&firm.attorney, by("due_time"), meanwhile).await,
        [
            "Brief a",
            "Brief b",
            "Brief c, longer",
            "Brief d",
            "Brief e",
            "Brief z"
        ]
    );
}

#[tokio::test]
async fn a_page_token_serves_the_search_and_the_order_it_was_made_for() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let draft = firm.draft(&firm.matter("Alice", "Bob").await).await;
    for title in ["Brief one", "Brief two"] {
        add(&firm, &draft, title, "").await;
    }
    let first = ListTasksRequest {
        page_size: 1,
        ..sought(&firm.name, "brief")
    };
    let mut attorney = firm.attorney.clone();
    let token = attorney
        .tasks
        .list_tasks(first.clone())
        .await
        .unwrap()
        .into_inner()
        .next_page_token;
    let with = |query: &str, order: &str| ListTasksRequest {
        query: query.to_owned(),
        order_by: order.to_owned(),
        page_token: token.clone(),
        ..first.clone()
    };
    assert_eq!(tasks(&attorney, with("brief", "")).await, ["Brief two"]);
    for (query, order) in [("one", ""), ("", ""), ("brief", "due_time")] {
        let answer = attorney.tasks.list_tasks(with(query, order)).await;
        assert_eq!(crate::world::refusal(answer).1, "PAGE_TOKEN_INVALID");
    }
}

#[tokio::test]
async fn the_words_of_a_matter_with_very_many_names_fit() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut huge = matter("Alice", "Bob");
    huge.parties = (0..60)
        .map(|at| Party {
            aliases: (0..50)
                .map(|alias| format!("{at} {alias} {}", "long word of many ".repeat(5)))
                .collect(),
            ..party(&format!("Party {at}"), PartyRole::Witness)
        })
        .collect();
    create(&firm, huge).await;
    assert_eq!(
        matters(&firm.attorney, &firm.name, "\"party 7\"")
            .await
            .unwrap()
            .len(),
        1
    );
}

/// Fills the table of tasks with some that share a word and a few that have a rare one.
async fn many_tasks(world: &World, firms: u32, tasks: u32) {
    let mut connection = world.database.inspect().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into firms select (jsonb_populate_record(f, jsonb_build_object(
             'firm_id', '00000000-0000-0000-0000-' || lpad(n::text, 12, '0'), 'code', 'F' || n))).*
         from firms f, generate_series(1, {firms}) n;
         insert into matters select (jsonb_populate_record(m, jsonb_build_object(
             'firm_id', '00000000-0000-0000-0000-' || lpad(n::text, 12, '0')))).*
         from matters m, generate_series(1, {firms}) n;
         insert into requests select (jsonb_populate_record(r, jsonb_build_object(
             'firm_id', '00000000-0000-0000-0000-' || lpad(n::text, 12, '0'),
             'supervising_attorney_id', null))).*
         from requests r, generate_series(1, {firms}) n;
         insert into tasks select (jsonb_populate_record(t, jsonb_build_object(
             'firm_id', '00000000-0000-0000-0000-' || lpad((1 + n % {firms})::text, 12, '0'),
             'task_id', gen_random_uuid(), 'title', 'Brief ' || n))).*
         from tasks t, generate_series(1, {tasks}) n;
         insert into task_words
         select firm_id, task_id, to_tsvector('simple', title || ' of everyone with some words more ' ||
             case when right(title, 3) = '777' then 'rarity' else '' end)
         from tasks where title like 'Brief %';
         analyze"
    )))
    .execute(&mut connection)
    .await
    .unwrap();
    for step in [
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step).execute(&mut connection).await.unwrap();
    }
}

const WHOLE_TABLE: &str = "select coalesce(sum(seq_scan), 0)::bigint from pg_stat_user_tables
                           where relname in ('tasks', 'task_words')";

#[tokio::test]
async fn a_search_among_every_firms_tasks_reads_the_index_of_words() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    firm.submitted(&firm.matter("Alice", "Bob").await).await;
    many_tasks(&world, 50, 20_000).await;
    let found = tasks(&world.coordinator(), sought("firms/-", "rarity brie")).await;
    assert_eq!(found.len(), 20);
    eventually("the statistics tell of the index", async || {
        world
            .count("select idx_scan from pg_stat_user_indexes where indexrelname = 'task_words_by_word'")
            .await
            > 0
    })
    .await;
    assert_eq!(world.count(WHOLE_TABLE).await, 0);
}

#[tokio::test]
async fn a_firms_search_reads_its_own_rows_and_never_the_index_of_all() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    firm.submitted(&firm.matter("Alice", "Bob").await).await;
    many_tasks(&world, 50, 20_000).await;
    let found = tasks(&firm.attorney, sought(&firm.name, "rarity")).await;
    assert!(found.is_empty());
    assert_eq!(
        tasks(&firm.attorney, sought(&firm.name, "abstract"))
            .await
            .len(),
        1
    );
    eventually("the statistics tell of the tasks", async || {
        world
            .count("select sum(idx_scan)::bigint from pg_stat_user_indexes where relname = 'task_words'")
            .await
            > 0
    })
    .await;
    assert_eq!(world.count(WHOLE_TABLE).await, 0);
    let index_of_all =
        "select idx_scan from pg_stat_user_indexes where indexrelname = 'task_words_by_word'";
    assert_eq!(world.count(index_of_all).await, 0);
}

#[tokio::test]
async fn the_index_of_all_answers_no_firm_and_no_paralegal() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    firm.submitted(&firm.matter("Alice", "Bob").await).await;
    let db = world.database.connect().await;
    let count = async |scope| {
        let counted: Result<i64, caseload_database::DatabaseError> = db
            .run(scope, |tx| {
                Box::pin(async move {
                    let count = sqlx::query_scalar(
                        "select (select count(*) from tasks_of_words('abstract'))
                              + (select count(*) from matters_of_words('alice'))
                              + (select count(*) from requests_of_words('research'))",
                    )
                    .fetch_one(tx.connection())
                    .await?;
                    Ok(count)
                })
            })
            .await;
        counted.unwrap()
    };
    assert_eq!(count(caseload_domain::Scope::AllFirms).await, 3);
    assert_eq!(count(caseload_domain::Scope::Firm(firm.id)).await, 0);
    let paralegal = ParalegalId::generate();
    assert_eq!(count(caseload_domain::Scope::Paralegal(paralegal)).await, 0);
}
