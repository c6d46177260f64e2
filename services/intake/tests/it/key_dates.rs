//! The dates of matters.

use caseload_proto::caseload::intake::v1::*;
use caseload_proto::google::r#type::{Date, TimeOfDay};
use tonic::Status;

use crate::world::{FirmOf, World, matter, violations};

fn day(year: i32, month: i32, day: i32) -> Date {
    Date { year, month, day }
}

fn key_date(id: &str, date: Option<Date>) -> KeyDate {
    KeyDate {
        key_date_id: id.to_owned(),
        kind: KeyDateKind::Filing.into(),
        title: "Answer is due".to_owned(),
        date,
        ..KeyDate::default()
    }
}

fn hearing(id: &str, date: Option<Date>, hours: i32, minutes: i32) -> KeyDate {
    KeyDate {
        kind: KeyDateKind::Hearing.into(),
        title: "Hearing ⚖".to_owned(),
        time: Some(TimeOfDay {
            hours,
            minutes,
            ..TimeOfDay::default()
        }),
        time_zone: "America/New_York".to_owned(),
        note: "Courtroom 14C".to_owned(),
        source: "Order of 3 February".to_owned(),
        ..key_date(id, date)
    }
}

async fn create(firm: &FirmOf, key_dates: Vec<KeyDate>) -> Result<Matter, Status> {
    let request = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(Matter {
            key_dates,
            ..matter("Alice", "Bob")
        }),
        request_id: String::new(),
    };
    let answer = firm.attorney.clone().matters.create_matter(request).await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn dates_are_answered_in_the_order_in_which_they_come() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let march = Some(day(2026, 3, 2));
    let given = vec![
        key_date("trial", Some(day(2027, 1, 11))),
        hearing("late", march, 14, 30),
        key_date("answer", march),
        hearing("early", march, 9, 0),
    ];
    let created = create(&firm, given.clone()).await.unwrap();
    let get = GetMatterRequest {
        name: created.name.clone(),
    };
    let seen = firm.attorney.clone().matters.get_matter(get).await.unwrap();
    assert_eq!(seen.into_inner(), created);
    let [trial, late, answer, early] = given.try_into().unwrap();
    assert_eq!(created.key_dates, [answer, early, late, trial]);
}

#[tokio::test]
async fn an_update_replaces_the_dates_and_only_if_it_means_them() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let created = create(&firm, vec![key_date("answer", Some(day(2026, 3, 2)))]).await;
    let created = created.unwrap();
    let update = async |given: Matter, path: &str| {
        let request = UpdateMatterRequest {
            matter: Some(Matter {
                name: created.name.clone(),
                ..given
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec![path.to_owned()],
            }),
            request_id: String::new(),
        };
        let answer = firm.attorney.clone().matters.update_matter(request).await;
        answer.unwrap().into_inner()
    };
    let seen = update(Matter::default(), "court").await;
    assert_eq!(seen.key_dates, created.key_dates);
    let moved = Matter {
        key_dates: vec![key_date("answer", Some(day(2026, 3, 16)))],
        ..Matter::default()
    };
    assert_eq!(
        update(moved.clone(), "key_dates").await.key_dates,
        moved.key_dates
    );
    assert!(
        update(Matter::default(), "key_dates")
            .await
            .key_dates
            .is_empty()
    );
}

#[tokio::test]
async fn every_field_of_a_date_is_looked_at() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let march = Some(day(2026, 3, 2));
    let second = |seconds, nanos| KeyDate {
        time: Some(TimeOfDay {
            seconds,
            nanos,
            ..TimeOfDay::default()
        }),
        ..hearing("second", march, 0, 0)
    };
    let given = vec![
        KeyDate::default(),
        KeyDate {
            key_date_id: "Answer".to_owned(),
            kind: 99,
            title: "🙂".repeat(201),
            date: Some(day(2023, 2, 29)),
            time: None,
            time_zone: "UTC".to_owned(),
            note: "n".repeat(2_001),
            source: "a\u{7}b".to_owned(),
        },
        hearing("a", march, 24, 0),
        hearing("a", march, -1, 0),
        KeyDate {
            time_zone: String::new(),
            ..hearing("b", march, 23, 59)
        },
        second(1, 0),
        second(0, 1),
    ];
    let at = |names: &[&str]| -> Vec<String> {
        let field = |name: &&str| format!("matter.key_dates[{name}");
        names.iter().map(field).collect()
    };
    assert_eq!(
        violations(create(&firm, given).await),
        at(&[
            "0].date",
            "0].key_date_id",
            "0].kind",
            "0].title",
            "1].date",
            "1].key_date_id",
            "1].kind",
            "1].note",
            "1].source",
            "1].time_zone",
            "1].title",
            "2].time",
            "3].key_date_id",
            "3].time",
            "4].time_zone",
            "5].time",
            "6].key_date_id",
            "6].time",
        ])
    );
    let crowd = vec![key_date("answer", march); 201];
    assert_eq!(violations(create(&firm, crowd).await), ["matter.key_dates"]);
    let full = (0..200).map(|number| key_date(&format!("date-{number}"), march));
    create(&firm, full.collect()).await.unwrap();
}

#[tokio::test]
async fn matters_are_listed_by_what_is_due_in_them() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let dates = vec![
        key_date("answer", Some(day(2026, 3, 2))),
        key_date("trial", Some(day(2027, 1, 11))),
    ];
    let both = create(&firm, dates).await.unwrap();
    let early = create(&firm, vec![key_date("answer", Some(day(2026, 3, 2)))]).await;
    let early = early.unwrap();
    create(&firm, Vec::new()).await.unwrap();
    create(&other, vec![key_date("answer", Some(day(2026, 3, 2)))])
        .await
        .unwrap();
    let listed = async |from, to| {
        let request = ListMattersRequest {
            parent: "firms/-".to_owned(),
            key_date_from: from,
            key_date_to: to,
            ..ListMattersRequest::default()
        };
        let answer = firm.attorney.clone().matters.list_matters(request).await;
        answer.map(|answer| {
            let matters = answer.into_inner().matters;
            matters.into_iter().map(|one| one.name).collect::<Vec<_>>()
        })
    };
    let march = Some(day(2026, 3, 2));
    let of = |matters: &[&Matter]| -> Vec<String> {
        matters.iter().map(|one| one.name.clone()).collect()
    };
    assert_eq!(listed(march, march).await.unwrap(), of(&[&both, &early]));
    assert_eq!(
        listed(Some(day(2026, 3, 3)), None).await.unwrap(),
        of(&[&both])
    );
    assert_eq!(listed(None, march).await.unwrap(), of(&[&both, &early]));
    // Neither of its dates is in between.
    let between = listed(Some(day(2026, 3, 3)), Some(day(2027, 1, 10)))
        .await
        .unwrap();
    assert_eq!(between, of(&[]));
    assert_eq!(
        violations(listed(march, Some(day(2026, 3, 1))).await),
        ["key_date_to"]
    );
    assert_eq!(
        violations(listed(Some(day(0, 0, 0)), None).await),
        ["key_date_from"]
    );
}
