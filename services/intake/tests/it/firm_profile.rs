//! What a firm says of itself: offices, contacts, what it asks of its bills.

use caseload_proto::caseload::intake::v1::*;
use caseload_proto::google::r#type::{Date, PostalAddress};
use prost_types::FieldMask;
use tonic::Status;

use crate::world::{FirmOf, World, create_firm, firm, refusal, violations};

fn office(id: &str, primary: bool) -> Office {
    Office {
        office_id: id.to_owned(),
        display_name: "Loop".to_owned(),
        address: Some(PostalAddress {
            region_code: "US".to_owned(),
            postal_code: "60604".to_owned(),
            administrative_area: "IL".to_owned(),
            locality: "Chicago".to_owned(),
            address_lines: vec!["219 South Dearborn Street".to_owned()],
            ..PostalAddress::default()
        }),
        time_zone: "America/Chicago".to_owned(),
        phone: "+13125550100".to_owned(),
        primary,
    }
}

fn contact(id: &str, kind: FirmContactKind) -> FirmContact {
    FirmContact {
        contact_id: id.to_owned(),
        display_name: "Zoë Núñez 🙂".to_owned(),
        kind: kind.into(),
        email: "billing@doe.example".to_owned(),
        phone: String::new(),
    }
}

fn guidelines(location: billing_guidelines::Location) -> BillingGuidelines {
    BillingGuidelines {
        title: "Outside counsel guidelines".to_owned(),
        version: "3.1".to_owned(),
        effective_date: Some(Date {
            year: 2024,
            month: 2,
            day: 29,
        }),
        location: Some(location),
    }
}

fn uri(text: &str) -> BillingGuidelines {
    guidelines(billing_guidelines::Location::Uri(text.to_owned()))
}

async fn update(firm: &FirmOf, given: Firm, paths: &[&str]) -> Result<Firm, Status> {
    let request = UpdateFirmRequest {
        firm: Some(Firm {
            name: firm.name.clone(),
            ..given
        }),
        update_mask: (!paths.is_empty()).then(|| FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: String::new(),
    };
    let answer = firm.admin.clone().firms.update_firm(request).await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn a_profile_is_answered_as_it_was_given() {
    let world = World::new().await;
    let given = Firm {
        offices: vec![office("loop", true), office("annexe", false)],
        contacts: vec![
            contact("bills", FirmContactKind::Billing),
            FirmContact {
                email: String::new(),
                phone: "+4930901820".to_owned(),
                ..contact("desk", FirmContactKind::Conflicts)
            },
        ],
        billing_guidelines: Some(uri("https://doe.example/guidelines?v=3.1")),
        undertaking_required: true,
        ..firm("DOE")
    };
    let created = create_firm(&world.coordinator(), given.clone())
        .await
        .unwrap();
    let get = GetFirmRequest {
        name: created.name.clone(),
    };
    let seen = world.coordinator().firms.get_firm(get).await.unwrap();
    let seen = seen.into_inner();
    assert_eq!(seen, created);
    assert_eq!(seen.offices, given.offices);
    assert_eq!(seen.contacts, given.contacts);
    assert_eq!(seen.billing_guidelines, given.billing_guidelines);
    assert!(seen.undertaking_required);
}

#[tokio::test]
async fn an_update_replaces_a_list_and_leaves_the_others() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let whole = Firm {
        offices: vec![office("loop", true)],
        contacts: vec![contact("bills", FirmContactKind::Billing)],
        billing_guidelines: Some(guidelines(billing_guidelines::Location::DocumentReference(
            "DMS 4711".to_owned(),
        ))),
        ..Firm::default()
    };
    update(&firm, whole.clone(), &[]).await.unwrap();
    let moved = Firm {
        offices: vec![office("annexe", false), office("loop", true)],
        ..Firm::default()
    };
    let seen = update(&firm, moved.clone(), &["offices"]).await.unwrap();
    assert_eq!(seen.offices, moved.offices);
    assert_eq!(seen.contacts, whole.contacts);
    assert_eq!(seen.billing_guidelines, whole.billing_guidelines);
    let emptied = ["offices", "contacts", "billing_guidelines"];
    let seen = update(&firm, Firm::default(), &emptied).await.unwrap();
    assert!(seen.offices.is_empty() && seen.contacts.is_empty());
    assert_eq!(seen.billing_guidelines, None);
    assert_eq!(seen.supervising_attorneys.len(), 1);
}

#[tokio::test]
async fn the_other_services_are_told_where_the_primary_office_is() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let abroad = |primary| {
        let mut office = office("berlin", primary);
        office.address.as_mut().unwrap().region_code = "DE".to_owned();
        office
    };
    let given = Firm {
        offices: vec![office("loop", false), abroad(true)],
        data_residency: "EU".to_owned(),
        undertaking_required: true,
        ..Firm::default()
    };
    update(&firm, given, &[]).await.unwrap();
    let told: FirmChanged = world.last_event(&firm.name).await;
    let told = told.firm.unwrap();
    assert_eq!(told.region_code, "DE");
    assert_eq!(told.data_residency, "EU");
    assert!(told.undertaking_required);
}

#[tokio::test]
async fn exactly_one_office_is_the_primary_one() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    for offices in [
        vec![office("loop", false)],
        vec![office("loop", true), office("annexe", true)],
    ] {
        let given = Firm {
            offices,
            ..Firm::default()
        };
        assert_eq!(
            violations(update(&firm, given, &[]).await),
            ["firm.offices"]
        );
    }
}

#[tokio::test]
async fn every_field_of_an_office_is_looked_at() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let given = Firm {
        offices: vec![
            office("loop", true),
            Office::default(),
            Office {
                office_id: "loop".to_owned(),
                display_name: "🙂".repeat(201),
                address: Some(PostalAddress {
                    revision: 1,
                    region_code: "UK".to_owned(),
                    language_code: "en/GB".to_owned(),
                    postal_code: "9".repeat(21),
                    sorting_code: "9".repeat(21),
                    administrative_area: "x".repeat(101),
                    locality: "a\u{202e}b".to_owned(),
                    sublocality: "x".repeat(101),
                    address_lines: vec![String::new()],
                    recipients: vec!["R. Roe".to_owned(); 6],
                    organization: "x".repeat(201),
                }),
                time_zone: "Mars/Olympus".to_owned(),
                phone: "312 555 0100".to_owned(),
                primary: false,
            },
            Office {
                address: Some(PostalAddress {
                    region_code: "US".to_owned(),
                    address_lines: vec!["line".to_owned(); 11],
                    ..PostalAddress::default()
                }),
                ..office("a", false)
            },
            Office {
                address: Some(PostalAddress {
                    region_code: "US".to_owned(),
                    ..PostalAddress::default()
                }),
                ..office("b", false)
            },
        ],
        ..Firm::default()
    };
    let at = |names: &[&str]| -> Vec<String> {
        let field = |name: &&str| format!("firm.offices[{name}");
        names.iter().map(field).collect()
    };
    assert_eq!(
        violations(update(&firm, given, &[]).await),
        at(&[
            "1].address",
            "1].display_name",
            "1].office_id",
            "2].address.address_lines[0]",
            "2].address.administrative_area",
            "2].address.language_code",
            "2].address.locality",
            "2].address.organization",
            "2].address.postal_code",
            "2].address.recipients",
            "2].address.region_code",
            "2].address.revision",
            "2].address.sorting_code",
            "2].address.sublocality",
            "2].display_name",
            "2].office_id",
            "2].phone",
            "2].time_zone",
            "3].address.address_lines",
            "4].address",
        ])
    );
    let crowd = Firm {
        offices: vec![office("loop", true); 51],
        contacts: vec![contact("desk", FirmContactKind::General); 101],
        ..Firm::default()
    };
    assert_eq!(
        violations(update(&firm, crowd, &[]).await),
        ["firm.contacts", "firm.offices"]
    );
}

#[tokio::test]
async fn every_field_of_a_contact_and_of_guidelines_is_looked_at() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let given = Firm {
        contacts: vec![
            FirmContact::default(),
            FirmContact {
                contact_id: "Desk".to_owned(),
                kind: 99,
                email: "nowhere".to_owned(),
                phone: "+0".to_owned(),
                ..contact("", FirmContactKind::General)
            },
        ],
        billing_guidelines: Some(BillingGuidelines {
            title: " ".to_owned(),
            version: "v".repeat(64),
            effective_date: Some(Date {
                year: 2023,
                month: 2,
                day: 29,
            }),
            location: None,
        }),
        ..Firm::default()
    };
    assert_eq!(
        violations(update(&firm, given, &[]).await),
        [
            "firm.billing_guidelines.effective_date",
            "firm.billing_guidelines.location",
            "firm.billing_guidelines.title",
            "firm.billing_guidelines.version",
            "firm.contacts[0]",
            "firm.contacts[0].contact_id",
            "firm.contacts[0].display_name",
            "firm.contacts[0].kind",
            "firm.contacts[1].contact_id",
            "firm.contacts[1].email",
            "firm.contacts[1].kind",
            "firm.contacts[1].phone",
        ]
    );
    let long = format!("https://doe.example/{}", "x".repeat(2_000));
    for odd in [
        "",
        "guidelines.pdf",
        "http://doe.example/",
        "https://",
        "https:///path",
        "https://roe:secret@doe.example/",
        "https://doe.example/a b",
        "https://doe.example/\u{202e}",
        "javascript:alert(1)",
        &long,
    ] {
        let given = Firm {
            billing_guidelines: Some(uri(odd)),
            ..Firm::default()
        };
        assert_eq!(
            violations(update(&firm, given, &[]).await),
            ["firm.billing_guidelines.uri"],
            "{odd:?}"
        );
    }
}

#[tokio::test]
async fn of_many_profiles_of_one_version_one_is_kept() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let get = GetFirmRequest {
        name: firm.name.clone(),
    };
    let held = firm.admin.clone().firms.get_firm(get.clone()).await;
    let held = held.unwrap().into_inner();
    let edits = (0..8).map(|number| {
        let given = Firm {
            offices: vec![office(&format!("office-{number}"), true)],
            etag: held.etag.clone(),
            ..Firm::default()
        };
        update(&firm, given, &[])
    });
    let answers = futures::future::join_all(edits).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 7));
    for answer in refused {
        assert_eq!(refusal(answer).1, "ETAG_MISMATCH");
    }
    let seen = firm.admin.clone().firms.get_firm(get).await.unwrap();
    assert_eq!(&seen.into_inner(), made[0].as_ref().unwrap());
}
