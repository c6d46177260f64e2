//! A foreign client: Python with grpcio from `PyPI`, by reflection, without generated code. It creates a request, and
//! reads the invoice that comes of it; an independent reader, also from `PyPI`, reads the LEDES file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use caseload::demo::data::Dataset;
use caseload::demo::desk::{Desk, Person};
use caseload::demo::progress::Progress;
use caseload::demo::story::Story;
use caseload::demo::{billing, intake, staffing, work};
use caseload::suite::Suite;
use caseload_auth::development::DevelopmentIssuer;
use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use serde_json::Value;
use time::OffsetDateTime;

use crate::in_one_process::{folder, options};

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_client_sends_a_request_and_reads_its_invoice() -> Result<()> {
    let python = tokio::task::spawn_blocking(python).await??;
    let folder = folder()?;
    let mut suite = Suite::start(options(folder.path())?).await?;
    suite.ready().await?;
    let mut data = Dataset::load()?;
    // The firm's own system sends all the work there is.
    data.matters.clear();
    let desk = Desk::new(&suite.endpoints(), suite.issuer())?;
    let now = OffsetDateTime::now_utc();
    let mut story = Story::new(data, desk, Progress::quiet(), now);
    intake::take_on_firms(&mut story).await?;
    staffing::take_on_paralegals(&mut story).await?;

    let firm = story.firms[0].id;
    let address = |service: &str| {
        let endpoint = suite.endpoint(service).unwrap_or_default();
        endpoint.trim_start_matches("http://").to_owned()
    };
    let token = attorney_token(&suite.issuer(), firm)?;
    let made = call(
        &python,
        &token,
        &[
            "request",
            "--intake",
            &address("intake"),
            "--firm",
            &FirmName(firm).to_string(),
        ],
    )
    .await?;
    assert_eq!(made["request"]["state"], "REQUEST_STATE_SUBMITTED");
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a text");

    story.foreign_request(
        0,
        text(&made["request"]["name"])?,
        text(&made["task"]["name"])?,
    );
    intake::review_requests(&mut story).await?;
    staffing::assign(&mut story).await?;
    work::run_timers(&mut story).await?;
    work::deliver(&mut story).await?;
    // The other firms sent nothing, so there is nothing to bill them for.
    story.firms.truncate(1);
    billing::invoice(&mut story, OffsetDateTime::now_utc().date(), folder.path()).await?;

    let invoice = story.firms[0].invoice.as_ref().context("an invoice")?;
    let read = call(
        &python,
        &token,
        &[
            "invoice",
            "--billing",
            &address("billing"),
            "--name",
            &invoice.name,
        ],
    )
    .await?;
    assert_eq!(read["invoice"]["number"], invoice.number.as_str());
    let total = invoice.total.as_ref().context("a total")?;
    assert_eq!(read["invoice"]["total"]["units"], total.units.to_string());
    assert_eq!(read["lines"].as_array().map(Vec::len), Some(1));
    assert_eq!(read["lines"][0]["task"], made["task"]["name"]);
    assert!(
        read["ledes"]
            .as_str()
            .is_some_and(|file| file.starts_with("LEDES1998B[]"))
    );
    suite.shutdown().await
}

fn attorney_token(issuer: &DevelopmentIssuer, firm: FirmId) -> Result<String> {
    Ok(issuer.mint(&Person::attorney(firm).token())?)
}

/// Calls the client in `tests/foreign`, and reads what it prints.
async fn call(python: &Path, token: &str, arguments: &[&str]) -> Result<Value> {
    let mut command = Command::new(python);
    command
        .arg(foreign().join("client.py"))
        .args(arguments)
        .env("CASELOAD_TOKEN", token)
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "the foreign client failed:\n{said}"
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn foreign() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/foreign")
}

/// A Python with what the client needs, made in the target folder when it is not there.
fn python() -> Result<PathBuf> {
    let requirements = foreign().join("requirements.txt");
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foreign-python");
    let python = home.join("bin/python");
    let made_from = home.join("requirements.txt");
    let wanted = std::fs::read_to_string(&requirements)?;
    if std::fs::read_to_string(&made_from).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    let run = |command: &mut Command, what: &str| -> Result<()> {
        let output = command
            .stdin(Stdio::null())
            .output()
            .context(what.to_owned())?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{what}:\n{said}");
        Ok(())
    };
    run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&home),
        "the foreign client needs Python 3 with venv (on Debian: apt-get install python3-venv)",
    )?;
    run(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(&requirements),
        "the foreign client's packages can't be installed from PyPI",
    )?;
    std::fs::copy(&requirements, &made_from)?;
    Ok(python)
}
