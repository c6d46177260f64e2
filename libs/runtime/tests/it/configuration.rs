//! One scheme: the reference, a file, the environment, flags; whole or not at all.

use std::io::Write as _;
use std::path::PathBuf;

use caseload_runtime::config::{REFERENCE, SERVICES, Sources};
use caseload_runtime::{Config, ConfigError, Environment};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    colour: String,
    retries: u32,
    percents: Vec<u32>,
}

/// A service that the reference has no section for.
const SERVICE: &str = "probe";

/// The least that a configuration must be told.
fn least() -> Sources {
    Sources::default()
        .with("database.url", "postgres://app:hunter2@db/probe")
        .with("database.page_key", "0123456789abcdef0123456789abcdef")
        .with("auth.issuer", "https://id.example")
        .with("auth.jwks_file", "/etc/caseload/jwks.json")
}

fn load(sources: &Sources) -> Result<Config<Own>, ConfigError> {
    Config::load(SERVICE, sources)
}

fn environment(variables: &[(&str, &str)]) -> Sources {
    let mut sources = least();
    sources.environment = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    sources
}

struct File(tempfile::NamedTempFile);

impl File {
    fn of(text: &str) -> Self {
        let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Self(file)
    }

    fn on(&self, mut sources: Sources) -> Sources {
        sources.file = Some(PathBuf::from(self.0.path()));
        sources
    }
}

#[test]
fn the_reference_alone_says_what_is_missing_all_at_once() {
    let error = load(&Sources::default()).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("database: missing configuration field \"url\""),
        "{said}"
    );
    assert!(
        said.contains("auth: missing configuration field \"issuer\""),
        "{said}"
    );
    assert_eq!(error.problems.len(), 2, "{said}");
}

#[test]
fn the_reference_holds_the_defaults_that_tests_and_the_code_know() {
    let config = load(&least()).unwrap();
    assert_eq!(config.environment, Environment::Production);
    let written = format!("{:?} {:?}", config.server, config.telemetry);
    let built_in = format!(
        "{:?} {:?}",
        caseload_runtime::ServerConfig::default(),
        caseload_runtime::TelemetryConfig::default()
    );
    assert_eq!(written, built_in);
}

#[test]
fn the_reference_names_no_service_that_there_is_not() {
    let reference: toml::Table = REFERENCE.parse().unwrap();
    let ours = [
        "environment",
        "clock_ahead_seconds",
        "server",
        "database",
        "auth",
        "telemetry",
        "events",
    ];
    for section in reference.keys() {
        let known = ours.contains(&section.as_str()) || SERVICES.contains(&section.as_str());
        assert!(known, "{section}");
    }
}

#[test]
fn a_flag_wins_over_the_environment_which_wins_over_the_file() {
    let file = File::of("[server]\nmax_calls = 1\nmax_streams = 1\nmax_connections = 1\n");
    let sources = file.on(environment(&[
        ("CASELOAD_SERVER__MAX_STREAMS", "2"),
        ("CASELOAD_SERVER__MAX_CONNECTIONS", "2"),
    ]));
    let config = load(&sources.with("server.max_connections", "3")).unwrap();
    let server = config.server;
    assert_eq!(
        (server.max_calls, server.max_streams, server.max_connections),
        (1, 2, 3)
    );
    // What nobody mentions stays as the reference has it.
    assert_eq!(server.deadline_ms, 30_000);
}

#[test]
fn the_services_own_section_and_upstreams_are_read_like_any_other() {
    let config = load(&environment(&[
        ("CASELOAD_ENVIRONMENT", "development"),
        ("CASELOAD_PROBE__COLOUR", "green"),
        ("CASELOAD_PROBE__RETRIES", "7"),
        ("CASELOAD_EVENTS__INTAKE__ENDPOINT", "http://intake:7101"),
        ("CASELOAD_EVENTS__INTAKE__TOKEN_FILE", "/run/token"),
    ]))
    .unwrap();
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.service.colour, "green");
    assert_eq!(config.service.retries, 7);
    let intake = &config.events["intake"];
    assert_eq!(intake.endpoint, "http://intake:7101");
    assert_eq!(intake.token_file, Some(PathBuf::from("/run/token")));
}

#[test]
fn a_list_is_read_from_the_environment_as_toml_writes_it() {
    let variable = ("CASELOAD_AUTH__ALGORITHMS", "[\"EdDSA\", \"ES256\"]");
    let config = load(&environment(&[variable])).unwrap();
    let names: Vec<_> = config
        .auth
        .algorithms
        .iter()
        .map(|one| one.name())
        .collect();
    assert_eq!(names, ["EdDSA", "ES256"]);
    let numbers = load(&environment(&[("CASELOAD_PROBE__PERCENTS", "[50, 100]")])).unwrap();
    assert_eq!(numbers.service.percents, [50, 100]);
    assert!(load(&environment(&[("CASELOAD_AUTH__ALGORITHMS", "[HS256]")])).is_err());
}

#[test]
fn the_database_url_of_the_environment_is_taken_and_ours_wins_over_it() {
    let mut sources = environment(&[("DATABASE_URL", "postgres://a@b/plain")]);
    sources.flags.retain(|(key, _)| key != "database.url");
    let url = |sources: &Sources| {
        use secrecy::ExposeSecret as _;
        let config = load(sources).unwrap();
        config.database.url.expose_secret().to_owned()
    };
    assert_eq!(url(&sources), "postgres://a@b/plain");
    let ours = (
        "CASELOAD_DATABASE__URL".to_owned(),
        "postgres://a@b/ours".to_owned(),
    );
    sources.environment.push(ours);
    assert_eq!(url(&sources), "postgres://a@b/ours");
}

#[test]
fn a_key_that_nothing_reads_is_refused_wherever_it_stands() {
    let files = [
        "colour = 'red'\n",
        "[sever]\nmax_calls = 1\n",
        "[server]\nmax_cals = 1\n",
        "[server.drain]\nsettle = 1\n",
        "[database]\nurll = 'x'\n",
        "[auth]\nissuers = 'x'\n",
        "[telemetry]\nlevel = 'info'\n",
        "[events.intake]\nendpoint = 'http://x'\ntoken = 'x'\n",
        "[probe]\ncolor = 'red'\n",
    ];
    for text in files {
        assert!(load(&File::of(text).on(least())).is_err(), "{text}");
    }
    assert!(load(&environment(&[("CASELOAD_SERVER__MAX_CALS", "1")])).is_err());
    assert!(load(&environment(&[("CASELOAD_COLOUR", "red")])).is_err());
    assert!(load(&least().with("server.max_cals", "1")).is_err());
}

#[test]
fn every_problem_is_told_at_once() {
    let text =
        "[server]\nmax_calls = 0\n[telemetry]\ntrace_ratio = 2.0\n[auth]\nwho = 'x'\n[nowhere]\n";
    let said = load(&File::of(text).on(least())).unwrap_err().to_string();
    for part in [
        "server.max_calls",
        "telemetry.trace_ratio",
        "auth: ",
        "nowhere: ",
    ] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
}

#[test]
fn values_that_can_not_be_used_together_are_told() {
    let said = |key: &str, value: &str| load(&least().with(key, value)).unwrap_err().to_string();
    let short = said("database.page_key", "short");
    assert!(short.contains("database.page_key has 5 bytes"), "{short}");
    let development = said("auth.issuer", caseload_auth::development::ISSUER);
    assert!(development.contains("development issuer"), "{development}");
    let secure = said("telemetry.otlp_endpoint", "https://collector:4317");
    assert!(secure.contains("telemetry.otlp_endpoint"), "{secure}");
    let two = said("auth.jwks_url", "https://id.example/keys");
    assert!(two.contains("not both"), "{two}");
}

#[test]
fn a_value_that_would_not_be_kept_to_is_told() {
    for (key, value) in [
        // The gRPC library has a limit of its own.
        ("server.max_message_bytes", "4194305"),
        // What is longer than the clock is wide would panic in every call.
        ("server.deadline_ms", "18446744073709551615"),
        ("server.max_connection_age_seconds", "18446744073709551615"),
        ("server.drain.settle_ms", "18446744073709551615"),
        ("clock_ahead_seconds", "9223372036854775807"),
        ("clock_ahead_seconds", "-9223372036854775808"),
        // No connection is ever given.
        ("database.max_connections", "0"),
        ("database.acquire_timeout_ms", "0"),
        // No limit to PostgreSQL, and more than it takes.
        ("database.statement_timeout_ms", "0"),
        ("database.statement_timeout_ms", "2147483648"),
    ] {
        let sources = least().with("environment", "development").with(key, value);
        let said = load(&sources).unwrap_err().to_string();
        assert!(said.contains(key), "{key} = {value}: {said}");
    }
}

#[test]
fn a_secret_is_never_printed() {
    let config = load(&least()).unwrap();
    let sources = environment(&[("DATABASE_URL", "postgres://app:hunter2@db/probe")]);
    for printed in [format!("{config:?}"), format!("{sources:?}")] {
        assert!(!printed.contains("hunter2"), "{printed}");
        assert!(!printed.contains("0123456789abcdef"), "{printed}");
    }
    // Nor when the file that holds it can't be read to its end.
    let file = File::of("[database]\nurl = \"postgres://app:hunter2@db/probe\nmax = 1\n");
    let said = load(&file.on(least())).unwrap_err().to_string();
    assert!(!said.contains("hunter2"), "{said}");
    assert!(said.contains("line 2"), "{said}");
}

#[test]
fn each_service_has_ports_of_its_own_unless_told_others() {
    let listen = |service: &str, sources: &Sources| {
        let config = Config::<serde::de::IgnoredAny>::load(service, sources);
        let server = config.unwrap().server;
        (server.listen.port(), server.health_listen.port())
    };
    assert_eq!(listen("intake", &least()), (7101, 7201));
    assert_eq!(listen("billing", &least()), (7104, 7204));
    let told = least().with("server.listen", "0.0.0.0:9000");
    assert_eq!(listen("billing", &told), (9000, 7204));
}

#[test]
fn the_environment_is_stated_only_where_someone_states_it() {
    assert_eq!(least().stated_environment().unwrap(), None);
    let stated = environment(&[("CASELOAD_ENVIRONMENT", "production")]);
    let stated = stated.stated_environment().unwrap();
    assert_eq!(stated, Some(Environment::Production));
    assert!(
        least()
            .with("environment", "testing")
            .stated_environment()
            .is_err()
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mut sources = least();
    sources.file = Some(PathBuf::from("/nonexistent/caseload.toml"));
    let said = load(&sources).unwrap_err().to_string();
    assert!(said.contains("/nonexistent/caseload.toml"), "{said}");
}
