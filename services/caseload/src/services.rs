//! The four services in one table, each with what it takes to check, migrate and run it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use caseload_runtime::config::Sources;
use caseload_runtime::{
    App, CancellationToken, Config, ConfigError, Listeners, ServeError, TokenSource, clock,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;

/// A service that is built and has its ports; it is served when it is awaited.
pub type Serving = BoxFuture<'static, Result<(), ServeError>>;

/// What a service is started with.
pub struct Launch {
    /// Its configuration.
    pub sources: Sources,
    /// Its ports; those of the configuration when there are none.
    pub listeners: Option<Listeners>,
    /// Tokens for the services that it follows, by their names, in their token files' place.
    pub tokens: BTreeMap<String, TokenSource>,
    /// Cancelled when it is to stop.
    pub shutdown: CancellationToken,
}

/// One service of the suite.
pub struct Service {
    /// Its short name: `intake`.
    pub name: &'static str,
    /// The audience of tokens for it.
    pub audience: &'static str,
    /// Its own migrations.
    pub migrations: &'static Migrator,
    check: fn(&Sources) -> Result<(), ConfigError>,
    check_section: fn(&Sources) -> Result<(), ConfigError>,
    start: fn(Launch) -> BoxFuture<'static, Result<Serving>>,
}

macro_rules! service {
    ($service:ident, $config:ident) => {
        service!($service, $config, |_| Ok(()))
    };
    ($service:ident, $config:ident, $sound:expr) => {
        Service {
            name: $service::NAME,
            audience: $service::AUDIENCE,
            migrations: &$service::MIGRATIONS,
            check: |sources| {
                let sound: fn(&Config<$service::config::$config>) -> Result<(), ConfigError> =
                    $sound;
                sound(&Config::load($service::NAME, sources)?)
            },
            check_section: |sources| {
                sources
                    .section::<$service::config::$config>($service::NAME)
                    .map(drop)
            },
            start: |launch| {
                async move {
                    let (config, listeners, shutdown) = prepare($service::NAME, launch).await?;
                    let app = $service::build(&config).await.map_err(|why| {
                        anyhow::anyhow!("{} can't be built: {why}", $service::NAME)
                    })?;
                    Ok(serve(app, config, listeners, shutdown))
                }
                .boxed()
            },
        }
    };
}

/// The services, in the direction of the work.
pub static SERVICES: [Service; 4] = [
    service!(caseload_intake, IntakeConfig, caseload_intake::check),
    service!(caseload_assignment, AssignmentConfig),
    service!(caseload_timekeeping, TimekeepingConfig),
    service!(caseload_billing, BillingConfig),
];

impl Service {
    /// The service of this name.
    pub fn named(name: &str) -> Result<&'static Self> {
        SERVICES
            .iter()
            .find(|service| service.name == name)
            .with_context(|| format!("there is no service {name}"))
    }

    /// Whether the configuration holds all that the service needs, and nothing that no service reads.
    pub fn check(&self, sources: &Sources) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        if let Err(why) = (self.check)(sources) {
            problems.extend(why.problems);
        }
        // One file may hold every service's section: a key that nothing reads is refused in whosever it stands.
        for other in SERVICES.iter().filter(|other| other.name != self.name) {
            if let Err(why) = (other.check_section)(sources) {
                problems.extend(why.problems);
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ConfigError { problems })
        }
    }

    /// Builds the service and binds its ports. Nothing is answered before the future inside is awaited.
    pub async fn start(&self, launch: Launch) -> Result<Serving> {
        self.check(&launch.sources)?;
        (self.start)(launch).await
    }
}

/// The configuration and the ports of a service that is about to be built.
async fn prepare<S: DeserializeOwned>(
    name: &'static str,
    launch: Launch,
) -> Result<(Config<S>, Listeners, CancellationToken)> {
    let mut config = Config::<S>::load(name, &launch.sources)?;
    if config.clock_ahead_seconds != 0 {
        clock::set_ahead(
            config.environment,
            time::Duration::seconds(config.clock_ahead_seconds),
        )?;
    }
    for (upstream, tokens) in launch.tokens {
        if let Some(upstream) = config.events.get_mut(&upstream) {
            upstream.tokens = Some(tokens);
        }
    }
    let listeners = match launch.listeners {
        Some(listeners) => listeners,
        None => Listeners::bind(config.server.listen, config.server.health_listen).await?,
    };
    Ok((config, listeners, launch.shutdown))
}

fn serve<S: Send + Sync + 'static>(
    app: App,
    config: Config<S>,
    listeners: Listeners,
    shutdown: CancellationToken,
) -> Serving {
    async move { caseload_runtime::serve(app, &config, listeners, shutdown).await }.boxed()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn least() -> Sources {
        least_but_documents().with("intake.documents.directory", "/var/lib/caseload/documents")
    }

    fn least_but_documents() -> Sources {
        Sources::default()
            .with("database.url", "postgres://app@db/any")
            .with("database.page_key", "0123456789abcdef0123456789abcdef")
            .with("auth.issuer", "https://id.example")
            .with("auth.jwks_file", "/etc/caseload/jwks.json")
    }

    #[test]
    fn the_reference_configuration_is_whole_for_every_service() {
        for service in &SERVICES {
            service.check(&least()).unwrap();
        }
    }

    #[test]
    fn the_reference_configuration_holds_each_services_defaults() {
        fn same<S: std::fmt::Debug + Default + DeserializeOwned>(service: &str) {
            let written = Sources::default().section::<S>(service).unwrap();
            assert_eq!(format!("{written:?}"), format!("{:?}", S::default()));
        }
        same::<caseload_intake::config::IntakeConfig>("intake");
        same::<caseload_assignment::config::AssignmentConfig>("assignment");
        same::<caseload_timekeeping::config::TimekeepingConfig>("timekeeping");
        same::<caseload_billing::config::BillingConfig>("billing");
    }

    #[test]
    fn where_documents_are_kept_must_be_said_in_production_and_of_intake_alone() {
        for service in &SERVICES {
            let checked = service.check(&least_but_documents());
            if service.name == "intake" {
                let said = checked.unwrap_err().to_string();
                assert!(said.contains("intake.documents.directory"), "{said}");
                let developed = least_but_documents().with("environment", "development");
                service.check(&developed).unwrap();
            } else {
                checked.unwrap();
            }
        }
    }

    #[test]
    fn the_table_names_the_services_that_a_configuration_may_name() {
        let names = SERVICES.each_ref().map(|service| service.name);
        assert_eq!(names, caseload_runtime::config::SERVICES);
        for service in &SERVICES {
            assert_eq!(service.audience, format!("caseload-{}", service.name));
        }
    }

    #[test]
    fn a_key_that_nothing_reads_is_refused_in_anothers_section_too() {
        for service in &SERVICES {
            for section in caseload_runtime::config::SERVICES {
                let stray = least().with(format!("{section}.colour"), "red");
                let said = service.check(&stray).unwrap_err().to_string();
                assert!(said.contains("colour"), "{said}");
            }
        }
    }
}
