//! What the command line refuses, and how it says so.

use std::process::{Command, Output};

use crate::processes::caseload;

fn run(command: &mut Command) -> (bool, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.success(), text(stdout), text(stderr))
}

#[test]
fn a_token_is_not_issued_where_nothing_says_that_development_is() {
    let folder = tempfile::tempdir().unwrap();
    let (issued, token, said) = run(caseload()
        .args(["token", "--role", "coordinator", "--data-dir"])
        .arg(folder.path()));
    assert!(!issued);
    assert_eq!(token, "");
    assert!(said.contains("in development alone"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_token_is_not_issued_in_production_even_where_development_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut development = caseload();
    development
        .args(["token", "--role", "coordinator", "--data-dir"])
        .arg(folder.path())
        .env("CASELOAD_ENVIRONMENT", "development");
    let (issued, token, said) = run(&mut development);
    assert!(issued, "{said}");
    assert_eq!(token.trim().split('.').count(), 3);

    let (issued, _, said) = run(development.env("CASELOAD_ENVIRONMENT", "production"));
    assert!(!issued);
    assert!(said.contains("this environment is production"), "{said}");
}

#[test]
fn a_token_that_no_service_would_take_is_not_issued() {
    let folder = tempfile::tempdir().unwrap();
    let token = |arguments: &[&str]| {
        let mut command = caseload();
        command
            .arg("token")
            .args(arguments)
            .env("CASELOAD_DATA_DIR", folder.path())
            .env("CASELOAD_ENVIRONMENT", "development");
        run(&mut command).0
    };
    assert!(!token(&["--role", "attorney"]), "an attorney of no firm");
    assert!(!token(&["--role", "emperor"]), "a role that there is not");
    assert!(!token(&["--role", "coordinator", "--audience", "gateway"]));
    assert!(!token(&["--role", "coordinator", "--minutes", "61"]));
    let firm = "01890a5d-ac96-774b-bcce-b302099a8057";
    assert!(token(&[
        "--role",
        "attorney",
        "--firm",
        firm,
        "--audience",
        "intake"
    ]));
}

#[test]
fn a_configuration_is_checked_whole_and_its_secrets_are_not_shown() {
    let mut command = caseload();
    command
        .arg("check-config")
        .env("DATABASE_URL", "postgres://app:hunter2@db/any")
        .env(
            "CASELOAD_DATABASE__PAGE_KEY",
            "hunter2-hunter2-hunter2-hunter2-hunter2",
        )
        .env("CASELOAD_AUTH__ISSUER", "https://id.example")
        .env("CASELOAD_AUTH__JWKS_FILE", "/etc/caseload/jwks.json")
        .env(
            "CASELOAD_INTAKE__DOCUMENTS__DIRECTORY",
            "/var/lib/caseload/documents",
        );
    let (valid, told, said) = run(&mut command);
    assert!(valid, "{told}{said}");
    assert_eq!(told.lines().count(), 4, "{told}");

    command
        .env("CASELOAD_SERVER__MAX_CALS", "1")
        .env("CASELOAD_BILLING__COLOUR", "red");
    let (valid, told, said) = run(&mut command);
    assert!(!valid);
    assert!(
        told.contains("max_cals") && told.contains("colour"),
        "{told}"
    );
    assert!(!format!("{told}{said}").contains("hunter2"), "{told}{said}");
}

#[test]
fn a_service_without_a_database_says_what_it_misses() {
    let (served, _, said) = run(caseload().arg("intake"));
    assert!(!served);
    assert!(said.contains("database: missing"), "{said}");
    assert!(said.contains("auth: missing"), "{said}");
}

#[test]
fn migrating_a_database_that_is_not_there_fails_and_does_not_show_the_address() {
    let (migrated, _, said) = run(caseload()
        .args(["migrate", "intake"])
        .env("DATABASE_URL", "postgres://owner:hunter2@127.0.0.1:1/none"));
    assert!(!migrated);
    assert!(said.contains("intake's database"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}
