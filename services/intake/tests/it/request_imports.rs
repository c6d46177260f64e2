//! Imports of requests: rows good and bad, streams that break, files that are not what they were.

use caseload_intake::IntakeConfig;
use caseload_proto::caseload::intake::v1::import_requests_request::Part;
use caseload_proto::caseload::intake::v1::request_import_service_client::RequestImportServiceClient;
use caseload_proto::caseload::intake::v1::*;
use caseload_runtime::{Channel, ChannelOptions, TokenSource};
use caseload_testing::{TestService, eventually, service, tokens};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use crate::world::{FirmOf, World, refusal, task, violations};

type Client = RequestImportServiceClient<Channel>;

const HEAD: &str = "request_key,matter,request_title,supervising_attorney_id,task_key,title,kind,effort_minutes,\
                    due_date,pricing_model,depends_on,submit";

const KEEP: RequestImportMode = RequestImportMode::KeepGoodRows;
const ALL: RequestImportMode = RequestImportMode::AllOrNothing;

/// A client that waits as long as the server does: an import may take minutes.
fn client_of(world: &World, token: String) -> Client {
    let options = ChannelOptions {
        deadline: None,
        ..ChannelOptions::with_tokens(TokenSource::fixed(token.into()))
    };
    Client::new(Channel::lazy(&world.service.endpoint(), options).unwrap())
}

fn client(world: &World, firm: &FirmOf) -> Client {
    client_of(world, tokens::attorney(firm.id))
}

fn part(part: Part) -> ImportRequestsRequest {
    ImportRequestsRequest { part: Some(part) }
}

fn header(
    firm: &FirmOf,
    id: Uuid,
    mode: RequestImportMode,
    format: RequestImportFormat,
) -> ImportRequestsRequest {
    part(Part::Header(RequestImportHeader {
        parent: firm.name.clone(),
        request_id: id.to_string(),
        mode: mode.into(),
        format: format.into(),
    }))
}

fn csv_header(firm: &FirmOf, id: Uuid, mode: RequestImportMode) -> ImportRequestsRequest {
    header(firm, id, mode, RequestImportFormat::Csv)
}

fn chunks(file: &[u8]) -> impl Iterator<Item = ImportRequestsRequest> {
    // A prime, so that the cuts fall anywhere.
    file.chunks(1_009)
        .map(|chunk| part(Part::Chunk(chunk.to_vec().into())))
}

fn end() -> ImportRequestsRequest {
    part(Part::End(RequestImportEnd {}))
}

/// What came of a stream: the import in the last message, and every error on the way.
#[derive(Debug, Default)]
struct Outcome {
    import: RequestImport,
    errors: Vec<(i64, String)>,
    skipped: i64,
}

async fn send(client: &Client, messages: Vec<ImportRequestsRequest>) -> Result<Outcome, Status> {
    let stream = tokio_stream::iter(messages);
    let mut answers = client.clone().import_requests(stream).await?.into_inner();
    let mut outcome = Outcome::default();
    while let Some(answer) = answers.message().await? {
        outcome.import = answer.request_import.expect("every answer has the import");
        outcome.skipped = answer.skipped_rows;
        let errors = answer
            .errors
            .into_iter()
            .map(|error| (error.line, error.field));
        outcome.errors.extend(errors);
    }
    Ok(outcome)
}

async fn import(
    client: &Client,
    firm: &FirmOf,
    id: Uuid,
    mode: RequestImportMode,
    file: &[u8],
) -> Result<Outcome, Status> {
    let mut messages = vec![csv_header(firm, id, mode)];
    messages.extend(chunks(file));
    messages.push(end());
    send(client, messages).await
}

async fn get(client: &Client, name: &str) -> RequestImport {
    let request = GetRequestImportRequest {
        name: name.to_owned(),
    };
    client
        .clone()
        .get_request_import(request)
        .await
        .unwrap()
        .into_inner()
}

async fn listed_errors(client: &Client, name: &str) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let list = ListRequestImportErrorsRequest {
            parent: name.to_owned(),
            page_size: 7,
            page_token,
        };
        let page = client
            .clone()
            .list_request_import_errors(list)
            .await
            .unwrap()
            .into_inner();
        found.extend(
            page.errors
                .into_iter()
                .map(|error| (error.line, error.field)),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

/// A line of a file: `changes` are made in the usual row.
fn line(matter: &str, key: &str, task_key: &str, changes: &[(&str, &str)]) -> String {
    let usual = [
        ("request_key", key),
        ("matter", matter),
        ("request_title", "Bulk work"),
        ("supervising_attorney_id", "roe"),
        ("task_key", task_key),
        ("title", "Review"),
        ("kind", "drafting_and_review"),
        ("effort_minutes", "90"),
        ("due_date", "2030-07-01"),
        ("pricing_model", "hourly"),
        ("depends_on", ""),
        ("submit", ""),
    ];
    let cells = usual.map(|(column, cell)| {
        let changed = changes.iter().find(|(changed, _)| *changed == column);
        changed.map_or(cell, |(_, cell)| *cell).to_owned()
    });
    cells.join(",")
}

fn file(lines: &[String]) -> Vec<u8> {
    format!("{HEAD}\n{}\n", lines.join("\n")).into_bytes()
}

/// Requests of four tasks each, the second of which waits for the first.
fn many(matter: &str, rows: usize, bad: &[(usize, (&str, &str))]) -> Vec<u8> {
    let lines: Vec<_> = (0..rows)
        .map(|at| {
            let depends_on = if at % 4 == 1 { "t0" } else { "" };
            let mut changes = vec![("depends_on", depends_on)];
            // The header is line 1.
            changes.extend(
                bad.iter()
                    .filter(|(line, _)| *line == at + 2)
                    .map(|(_, change)| *change),
            );
            changes.reverse();
            line(
                matter,
                &format!("r{}", at / 4),
                &format!("t{}", at % 4),
                &changes,
            )
        })
        .collect();
    file(&lines)
}

async fn requests(world: &World) -> i64 {
    world.count("select count(*) from requests").await
}

async fn tasks(world: &World) -> i64 {
    world.count("select count(*) from tasks").await
}

fn errors(expected: &[(i64, &str)]) -> Vec<(i64, String)> {
    expected
        .iter()
        .map(|(line, field)| (*line, (*field).to_owned()))
        .collect()
}

const BAD: [(usize, (&str, &str)); 5] = [
    // t0 of r0: t1 waits for it and goes with it.
    (2, ("kind", "fishing")),
    (100, ("effort_minutes", "soon")),
    (1_000, ("depends_on", "nobody")),
    (1_500, ("due_date", "2030-02-30")),
    (2_001, ("title", "")),
];
const TOLD: [(i64, &str); 6] = [
    (2, "kind"),
    (3, "depends_on"),
    (100, "effort_minutes"),
    (1_000, "depends_on"),
    (1_500, "due_date"),
    (2_001, "title"),
];

#[tokio::test]
async fn of_two_thousand_rows_the_good_ones_are_kept_and_each_bad_one_is_told_with_its_line() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let file = many(&matter.name, 2_000, &BAD);
    let id = Uuid::now_v7();
    let outcome = import(&client, &firm, id, KEEP, &file).await.unwrap();
    assert_eq!(outcome.errors, errors(&TOLD));
    let done = outcome.import;
    assert_eq!(done.state(), RequestImportState::Succeeded);
    assert_eq!((done.rows_read, done.rows_refused), (2_000, 6));
    assert_eq!((done.requests_created, done.tasks_created), (500, 1_994));
    assert_eq!((done.last_line, done.error_count), (2_001, 6));
    assert_eq!((requests(&world).await, tasks(&world).await), (500, 1_994));
    assert_eq!(listed_errors(&client, &done.name).await, outcome.errors);
    assert_eq!(get(&client, &done.name).await, done);

    let again = import(&client, &firm, id, KEEP, &file).await.unwrap();
    assert_eq!((again.import, again.skipped), (done, 2_000));
    assert_eq!(requests(&world).await, 500, "nothing is made twice");
}

#[tokio::test]
async fn of_two_thousand_rows_nothing_is_kept_while_one_is_bad() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let outcome = import(
        &client,
        &firm,
        Uuid::now_v7(),
        ALL,
        &many(&matter.name, 2_000, &BAD),
    )
    .await
    .unwrap();
    assert_eq!(outcome.errors, errors(&TOLD));
    assert_eq!(outcome.import.state(), RequestImportState::Failed);
    assert_eq!(
        (outcome.import.rows_read, outcome.import.rows_refused),
        (2_000, 6)
    );
    assert_eq!((requests(&world).await, tasks(&world).await), (0, 0));

    let id = Uuid::now_v7();
    let good = many(&matter.name, 200, &[]);
    let outcome = import(&client, &firm, id, ALL, &good).await.unwrap();
    assert_eq!(outcome.import.state(), RequestImportState::Succeeded);
    assert_eq!(
        (
            outcome.import.requests_created,
            outcome.import.tasks_created
        ),
        (50, 200)
    );
    assert_eq!((requests(&world).await, tasks(&world).await), (50, 200));
    let again = import(&client, &firm, id, ALL, &good).await.unwrap();
    assert_eq!(again.import, outcome.import);
    assert_eq!(requests(&world).await, 50);
    let left = "select count(*) from request_import_spans where spool is not null";
    assert_eq!(world.count(left).await, 0, "nothing is kept of the rows");
}

/// Sends the beginning of a file and breaks off once so many rows are durable.
async fn break_off(
    client: &Client,
    firm: &FirmOf,
    id: Uuid,
    mode: RequestImportMode,
    file: &[u8],
    rows: i64,
) -> String {
    let (sender, receiver) = mpsc::channel(1);
    sender.send(csv_header(firm, id, mode)).await.unwrap();
    let mut answers = client
        .clone()
        .import_requests(ReceiverStream::new(receiver))
        .await
        .unwrap()
        .into_inner();
    let first = answers.message().await.unwrap().unwrap();
    let name = first.request_import.unwrap().name;
    for chunk in chunks(&file[..file.len() / 2]) {
        sender.send(chunk).await.unwrap();
    }
    eventually("rows that are durable", async || {
        get(client, &name).await.rows_read >= rows
    })
    .await;
    assert_eq!(
        get(client, &name).await.state(),
        RequestImportState::Running
    );
    name
}

#[tokio::test]
async fn what_a_broken_stream_has_done_is_passed_over_and_the_rest_follows() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    for mode in [KEEP, ALL] {
        let before = requests(&world).await;
        let id = Uuid::now_v7();
        let file = many(&matter.name, 80, &[]);
        let name = break_off(&client, &firm, id, mode, &file, 20).await;
        eventually("the break is seen", async || {
            get(&client, &name).await.state() == RequestImportState::Interrupted
        })
        .await;
        let held = get(&client, &name).await;
        assert!((20..60).contains(&held.rows_read), "{}", held.rows_read);
        let outcome = import(&client, &firm, id, mode, &file).await.unwrap();
        assert_eq!(outcome.import.name, name);
        assert_eq!(outcome.import.state(), RequestImportState::Succeeded);
        assert_eq!(outcome.skipped, held.rows_read);
        assert_eq!(
            (outcome.import.rows_read, outcome.import.requests_created),
            (80, 20)
        );
        assert_eq!(requests(&world).await, before + 20);
    }
}

#[tokio::test]
async fn an_import_goes_on_after_the_service_was_started_anew() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let id = Uuid::now_v7();
    let file = many(&matter.name, 80, &[]);
    let (sender, receiver) = mpsc::channel(1);
    sender.send(csv_header(&firm, id, KEEP)).await.unwrap();
    let before = client(&world, &firm);
    let answers = before
        .clone()
        .import_requests(ReceiverStream::new(receiver))
        .await
        .unwrap();
    let mut answers = answers.into_inner();
    let name = answers
        .message()
        .await
        .unwrap()
        .unwrap()
        .request_import
        .unwrap()
        .name;
    for chunk in chunks(&file[..file.len() / 2]) {
        sender.send(chunk).await.unwrap();
    }
    eventually("rows that are durable", async || {
        get(&before, &name).await.rows_read >= 20
    })
    .await;

    let World {
        assignment,
        service: running,
        database,
        folder,
    } = world;
    running.stop().await;
    let broken = loop {
        match answers.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ends as if it were done"),
            Err(status) => break status,
        }
    };
    assert_eq!(broken.code(), Code::Unavailable);
    let mut own = IntakeConfig::default();
    own.documents.directory = Some(folder.path().to_owned());
    let mut config = service::config(database.config(), own);
    config
        .events
        .insert("assignment".to_owned(), assignment.config());
    let service = TestService::start(config, caseload_intake::build).await;
    service.ready().await;
    let world = World {
        assignment,
        service,
        database,
        folder,
    };
    let client = client(&world, &firm);
    let outcome = import(&client, &firm, id, KEEP, &file).await.unwrap();
    assert_eq!(outcome.import.name, name);
    assert!(outcome.skipped >= 20);
    assert_eq!(
        (
            outcome.import.requests_created,
            outcome.import.tasks_created
        ),
        (20, 80)
    );
    assert_eq!(tasks(&world).await, 80);
}

#[tokio::test]
async fn a_stream_without_an_end_is_a_broken_one_though_its_last_row_is_whole() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let (id, file) = (Uuid::now_v7(), many(&matter.name, 8, &[]));
    let mut messages = vec![csv_header(&firm, id, KEEP)];
    messages.extend(chunks(&file));
    let broken = refusal(send(&client, messages.clone()).await);
    assert_eq!(
        broken,
        (Code::FailedPrecondition, "IMPORT_INTERRUPTED".to_owned())
    );
    assert_eq!(
        requests(&world).await,
        1,
        "the second might have had another row"
    );
    messages.push(end());
    let outcome = send(&client, messages).await.unwrap();
    assert_eq!((outcome.skipped, outcome.import.rows_read), (4, 8));
    assert_eq!(requests(&world).await, 2);
}

#[tokio::test]
async fn other_rows_under_the_same_request_id_are_refused_where_they_differ() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let id = Uuid::now_v7();
    let file = many(&matter.name, 12, &[]);
    let done = import(&client, &firm, id, KEEP, &file)
        .await
        .unwrap()
        .import;

    let reused = |answer: Result<Outcome, Status>| {
        let status = answer.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.reason, "REQUEST_ID_REUSED");
        info.metadata.get("line").cloned().unwrap_or_default()
    };
    let changed = many(&matter.name, 12, &[(7, ("title", "Another"))]);
    assert_eq!(
        reused(import(&client, &firm, id, KEEP, &changed).await),
        "7"
    );
    let longer = many(&matter.name, 13, &[]);
    assert_eq!(
        reused(import(&client, &firm, id, KEEP, &longer).await),
        "14"
    );
    let shorter = many(&matter.name, 11, &[]);
    assert_eq!(
        reused(import(&client, &firm, id, KEEP, &shorter).await),
        "13"
    );
    let shifted = String::from_utf8(file.clone())
        .unwrap()
        .replacen('\n', "\n\n", 1);
    assert_eq!(
        reused(import(&client, &firm, id, KEEP, shifted.as_bytes()).await),
        "3"
    );
    let renamed = String::from_utf8(file.clone()).unwrap().replacen(
        "depends_on,submit",
        "submit,depends_on",
        1,
    );
    assert_eq!(
        reused(import(&client, &firm, id, KEEP, renamed.as_bytes()).await),
        "1"
    );
    assert_eq!(reused(import(&client, &firm, id, ALL, &file).await), "");

    // Who only asks how it came out need not send the rows.
    let asked = send(&client, vec![csv_header(&firm, id, KEEP), end()])
        .await
        .unwrap();
    assert_eq!(asked.import, done);
    assert_eq!(requests(&world).await, 3);
}

#[tokio::test]
async fn of_two_streams_of_one_import_one_goes_on_and_the_other_is_sent_away() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let (id, file) = (Uuid::now_v7(), many(&matter.name, 40, &[]));
    let (sender, receiver) = mpsc::channel(64);
    sender.send(csv_header(&firm, id, KEEP)).await.unwrap();
    let mut answers = client
        .clone()
        .import_requests(ReceiverStream::new(receiver))
        .await
        .unwrap()
        .into_inner();
    answers.message().await.unwrap().unwrap();
    let away = refusal(import(&client, &firm, id, KEEP, &file).await);
    assert_eq!(away, (Code::Aborted, "IMPORT_UNDER_WAY".to_owned()));
    for message in chunks(&file).chain([end()]) {
        sender.send(message).await.unwrap();
    }
    let mut last = RequestImport::default();
    while let Some(answer) = answers.message().await.unwrap() {
        last = answer.request_import.unwrap();
    }
    assert_eq!(
        (last.state(), last.requests_created),
        (RequestImportState::Succeeded, 10)
    );
    // A colleague's import under the same id is theirs.
    let theirs = client_of(&world, tokens::firm_admin(firm.id));
    let other = import(&theirs, &firm, id, KEEP, &file).await.unwrap();
    assert_ne!(other.import.name, last.name);
}

#[tokio::test]
async fn lines_are_those_of_the_file_whatever_stands_in_its_cells() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let lines = [
        line(
            &matter.name,
            "a",
            "1",
            &[("title", "\"Read, and\r\nread \"\"again\"\"\"")],
        ),
        String::new(),
        line(&matter.name, "a", "2", &[("kind", "fishing")]),
        line(&matter.name, "a", "3", &[("title", "Prüfe 📄")]),
        ",,,,,,,,,,,".to_owned(),
        line(&matter.name, "a", "3", &[]),
        "only,three,cells".to_owned(),
    ];
    let mut file = b"\xef\xbb\xbf".to_vec();
    file.extend(format!("{HEAD}\r\n{}\r\n", lines.join("\r\n")).into_bytes());
    file.extend(b"\xff\xfe,not,text\r\n");
    let outcome = import(&client, &firm, Uuid::now_v7(), KEEP, &file)
        .await
        .unwrap();
    let expected = [(5, "kind"), (8, "task_key"), (9, ""), (10, "")];
    assert_eq!(
        outcome
            .errors
            .iter()
            .filter(|(line, _)| *line < 9)
            .cloned()
            .collect::<Vec<_>>(),
        errors(&expected[..2])
    );
    let told: Vec<_> = outcome.errors.iter().map(|(line, _)| *line).collect();
    assert!(told.contains(&9) && told.contains(&10), "{told:?}");
    assert_eq!(
        (outcome.import.rows_read, outcome.import.tasks_created),
        (6, 2)
    );
    let title = "select count(*) from tasks where title = E'Read, and\\r\\nread \"again\"'";
    assert_eq!(world.count(title).await, 1);
    let due = "select count(*) from tasks where due_time = '2030-07-01 23:59:59 America/Chicago'";
    assert_eq!(world.count(due).await, 2);
}

#[tokio::test]
async fn a_huge_record_is_refused_and_those_after_it_are_kept() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let huge = "x".repeat(2_000_000);
    let lines = [
        line(&matter.name, "a", "1", &[]),
        line(&matter.name, "a", "2", &[("title", &huge)]),
        line(&matter.name, "a", "3", &[]),
    ];
    let outcome = import(&client, &firm, Uuid::now_v7(), KEEP, &file(&lines))
        .await
        .unwrap();
    assert_eq!(outcome.errors, errors(&[(3, "")]));
    assert_eq!(outcome.import.tasks_created, 2);
}

#[tokio::test]
async fn an_empty_file_fails_and_one_of_a_header_alone_has_nothing_to_do() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    for mode in [KEEP, ALL] {
        let empty = import(&client, &firm, Uuid::now_v7(), mode, b"")
            .await
            .unwrap();
        assert_eq!(
            (empty.import.state(), empty.errors),
            (RequestImportState::Failed, errors(&[(1, "")]))
        );
        let head = format!("{HEAD}\n");
        let head = import(&client, &firm, Uuid::now_v7(), mode, head.as_bytes())
            .await
            .unwrap();
        assert_eq!(
            (head.import.state(), head.import.rows_read),
            (RequestImportState::Succeeded, 0)
        );
    }
    let odd = format!("{HEAD},Due Date\n");
    let id = Uuid::now_v7();
    let odd = import(&client, &firm, id, KEEP, odd.as_bytes())
        .await
        .unwrap();
    assert_eq!(
        (odd.import.state(), odd.errors),
        (RequestImportState::Failed, errors(&[(1, "Due Date")]))
    );
    let rows = header(&firm, Uuid::now_v7(), KEEP, RequestImportFormat::Rows);
    let none = send(&client, vec![rows, end()]).await.unwrap();
    assert_eq!(none.import.state(), RequestImportState::Succeeded);
}

#[tokio::test]
async fn rows_of_one_request_agree_and_stand_together() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let name = matter.name.as_str();
    let silent = [
        ("matter", ""),
        ("request_title", ""),
        ("supervising_attorney_id", ""),
    ];
    let lines = [
        line(name, "a", "1", &[]),
        line(name, "a", "2", &silent),
        line(name, "a", "3", &[("request_title", "Another")]),
        line("nowhere:1", "b", "1", &[]),
        line(name, "b", "2", &silent),
        line(name, "a", "4", &[]),
        line(name, "c", "1", &[("supervising_attorney_id", "stranger")]),
        line(name, "", "1", &[]),
        line(name, "d", "1", &[("matter", "")]),
    ];
    let outcome = import(&client, &firm, Uuid::now_v7(), KEEP, &file(&lines))
        .await
        .unwrap();
    let expected = [
        (4, "request_title"),
        (5, "matter"),
        (6, "request_key"),
        (7, "request_key"),
        (8, "supervising_attorney_id"),
        (9, "request_key"),
        (10, "matter"),
    ];
    assert_eq!(outcome.errors, errors(&expected));
    assert_eq!(
        (outcome.import.rows_refused, outcome.import.requests_created),
        (7, 1)
    );
    assert_eq!((requests(&world).await, tasks(&world).await), (1, 2));
}

#[tokio::test]
async fn a_matter_goes_by_its_name_its_id_elsewhere_or_its_clients_number() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    let mut attorney = firm.attorney.clone();
    for number in ["0042", "twice", "twice"] {
        let ids = (number == "0042").then(|| ExternalId {
            source: "crm".to_owned(),
            id: "7:1".to_owned(),
        });
        let matter = Matter {
            client_matter_number: number.to_owned(),
            external_ids: ids.into_iter().collect(),
            ..crate::world::matter("Alice", "Bob")
        };
        let create = CreateMatterRequest {
            parent: firm.name.clone(),
            matter: Some(matter),
            request_id: String::new(),
        };
        attorney.matters.create_matter(create).await.unwrap();
    }
    let other = world.firm("ROE").await.matter("Carol", "Dave").await;
    let named = |key, matter| line(matter, key, "1", &[]);
    let lines = [
        named("a", "crm:7:1"),
        named("b", "0042"),
        named("c", "twice"),
        named("d", &other.name),
        named("e", "firms/x"),
    ];
    let outcome = import(&client, &firm, Uuid::now_v7(), KEEP, &file(&lines))
        .await
        .unwrap();
    assert_eq!(
        outcome.errors,
        errors(&[(4, "matter"), (5, "matter"), (6, "matter")])
    );
    assert_eq!(outcome.import.requests_created, 2);
}

#[tokio::test]
async fn a_clients_number_is_found_by_index_among_many() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    firm.matter("Alice", "Bob").await;
    let mut connection = world.database.inspect().await;
    for step in [
        "insert into matters select (jsonb_populate_record(m, jsonb_build_object(
             'matter_id', gen_random_uuid(), 'client_matter_number', n::text))).*
         from matters m, generate_series(1, 20000) n",
        "analyze",
        "select pg_stat_force_next_flush()",
        "select pg_stat_reset()",
    ] {
        sqlx::raw_sql(step).execute(&mut connection).await.unwrap();
    }
    let lines = [line("777", "a", "1", &[]), line("20001", "b", "1", &[])];
    let outcome = import(&client, &firm, Uuid::now_v7(), KEEP, &file(&lines))
        .await
        .unwrap();
    assert_eq!(outcome.errors, errors(&[(3, "matter")]));
    let scans =
        "select idx_scan from pg_stat_user_indexes where indexrelname = 'matters_by_client_number'";
    eventually("the statistics tell of the index", async || {
        world.count(scans).await > 0
    })
    .await;
    let whole = "select seq_scan from pg_stat_user_tables where relname = 'matters'";
    assert_eq!(world.count(whole).await, 0);
}

#[tokio::test]
async fn whole_requests_are_submitted_and_incomplete_ones_stay_drafts() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let yes = ("submit", "true");
    let lines = [
        line(&matter.name, "a", "1", &[yes]),
        line(&matter.name, "b", "1", &[yes]),
        line(&matter.name, "b", "2", &[("kind", "")]),
    ];
    let submitted = "select count(*) from requests where state = 'submitted'";
    let outcome = import(&client, &firm, Uuid::now_v7(), KEEP, &file(&lines))
        .await
        .unwrap();
    assert_eq!(outcome.errors, errors(&[(3, "submit"), (4, "kind")]));
    assert_eq!(
        (requests(&world).await, world.count(submitted).await),
        (2, 1)
    );

    let suspend = SuspendFirmRequest {
        name: firm.name.clone(),
        reason: "Unpaid".to_owned(),
        ..SuspendFirmRequest::default()
    };
    world.manager().firms.suspend_firm(suspend).await.unwrap();
    for mode in [KEEP, ALL] {
        let refused = import(&client, &firm, Uuid::now_v7(), mode, &file(&lines[..1])).await;
        let expected = (Code::FailedPrecondition, "FIRM_SUSPENDED".to_owned());
        assert_eq!(refusal(refused), expected);
    }
    assert_eq!(requests(&world).await, 2);
}

#[tokio::test]
async fn rows_come_as_messages_too() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    let row = |key: &str, task_key: &str, depends_on: &[&str]| RequestImportRow {
        request_key: key.to_owned(),
        matter: matter.name.clone(),
        request_title: "Bulk work".to_owned(),
        task_key: task_key.to_owned(),
        task: Some(task()),
        depends_on: depends_on.iter().map(|key| (*key).to_owned()).collect(),
        ..RequestImportRow::default()
    };
    let lawyers = RequestImportRow {
        task: Some(Task {
            lawyer_only: true,
            request: "firms/a/requests/b".to_owned(),
            ..task()
        }),
        ..row("b", "1", &[])
    };
    let all = [
        row("a", "1", &["2"]),
        row("a", "2", &[]),
        lawyers,
        RequestImportRow::default(),
    ];
    let head = header(&firm, Uuid::now_v7(), KEEP, RequestImportFormat::Rows);
    let batches = all.chunks(3).map(|rows| {
        part(Part::Rows(RequestImportRows {
            rows: rows.to_vec(),
        }))
    });
    let messages = [head].into_iter().chain(batches).chain([end()]).collect();
    let outcome = send(&client, messages).await.unwrap();
    assert_eq!(
        outcome.errors,
        errors(&[
            (3, "task.request"),
            (3, "task.lawyer_only"),
            (4, "request_key"),
            (4, "task")
        ])
    );
    assert_eq!(
        (
            outcome.import.requests_created,
            outcome.import.tasks_created
        ),
        (1, 2)
    );
    let waits = "select count(*) from tasks where depends_on <> '{}' and state = 'pending'";
    assert_eq!(world.count(waits).await, 1);
}

#[tokio::test]
async fn a_stream_out_of_turn_names_the_field() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let client = client(&world, &firm);
    let id = Uuid::now_v7();
    assert_eq!(violations(send(&client, vec![end()]).await), ["header"]);
    assert_eq!(violations(send(&client, vec![]).await), ["header"]);
    let bare = part(Part::Header(RequestImportHeader::default()));
    assert_eq!(
        violations(send(&client, vec![bare]).await),
        [
            "header.format",
            "header.mode",
            "header.parent",
            "header.request_id"
        ]
    );
    let head = || csv_header(&firm, id, KEEP);
    assert_eq!(
        violations(send(&client, vec![head(), head()]).await),
        ["header"]
    );
    let rows = part(Part::Rows(RequestImportRows::default()));
    assert_eq!(
        violations(send(&client, vec![head(), rows]).await),
        ["rows"]
    );
    let nothing = ImportRequestsRequest { part: None };
    assert_eq!(
        violations(send(&client, vec![head(), nothing]).await),
        ["part"]
    );
}

#[tokio::test]
async fn a_firm_neither_sees_nor_makes_imports_of_another() {
    let world = World::new().await;
    let (doe, roe) = (world.firm("DOE").await, world.firm("ROE").await);
    let matter = doe.matter("Alice", "Bob").await;
    let (of_doe, mut of_roe) = (client(&world, &doe), client(&world, &roe));
    let bad = many(&matter.name, 4, &[(2, ("kind", ""))]);
    let done = import(&of_doe, &doe, Uuid::now_v7(), KEEP, &bad)
        .await
        .unwrap()
        .import;
    let request = GetRequestImportRequest {
        name: done.name.clone(),
    };
    assert_eq!(
        refusal(of_roe.get_request_import(request).await).0,
        Code::NotFound
    );
    let list = ListRequestImportErrorsRequest {
        parent: done.name.clone(),
        ..Default::default()
    };
    assert_eq!(
        refusal(of_roe.list_request_import_errors(list).await).0,
        Code::NotFound
    );
    let list = |parent: &str| ListRequestImportsRequest {
        parent: parent.to_owned(),
        ..Default::default()
    };
    let listed = of_roe
        .list_request_imports(list("firms/-"))
        .await
        .unwrap()
        .into_inner();
    assert!(listed.request_imports.is_empty());
    assert_eq!(
        refusal(import(&of_roe, &doe, Uuid::now_v7(), KEEP, &bad).await).0,
        Code::NotFound
    );
    let theirs = import(
        &of_roe,
        &roe,
        Uuid::now_v7(),
        KEEP,
        &many(&matter.name, 1, &[]),
    )
    .await
    .unwrap();
    assert_eq!(theirs.errors, errors(&[(2, "matter")]));
    // A coordinator imports for a firm, and reaches no other's matter from there either.
    let coordinator = client_of(&world, tokens::coordinator());
    let theirs = import(
        &coordinator,
        &roe,
        Uuid::now_v7(),
        KEEP,
        &many(&matter.name, 1, &[]),
    )
    .await
    .unwrap();
    assert_eq!(theirs.errors, errors(&[(2, "matter")]));
    let all = coordinator
        .clone()
        .list_request_imports(list("firms/-"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(all.request_imports.len(), 3);
}

#[tokio::test]
async fn what_is_imported_is_on_record_like_what_is_made_by_hand() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let client = client(&world, &firm);
    import(
        &client,
        &firm,
        Uuid::now_v7(),
        KEEP,
        &many(&matter.name, 4, &[]),
    )
    .await
    .unwrap();
    let of = |what| {
        format!(
            "select count(*) from audit_log where method like '%ImportRequests' and resource like '%/{what}/%'"
        )
    };
    for (what, count) in [("requests", 1), ("tasks", 4), ("requestImports", 2)] {
        let query: &'static str = of(what).leak();
        assert_eq!(world.count(query).await, count, "{what}");
    }
}
