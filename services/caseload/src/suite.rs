//! All four services in one process on a private PostgreSQL, with tokens of the development issuer: what `up` serves,
//! the demonstration plays on, and tests start.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use caseload_auth::Role;
use caseload_auth::development::{DevelopmentIssuer, ISSUER, TokenRequest};
use caseload_database::local::{LocalOptions, LocalServer, ServiceDatabase};
use caseload_intake::IntakeConfig;
use caseload_intake::config::documents::StoreKind;
use caseload_runtime::config::Sources;
use caseload_runtime::{
    CancellationToken, Channel, ChannelOptions, Environment, Listeners, ServerConfig, TokenError,
    TokenSource,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::JoinSet;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::place::Place;
use crate::services::{Launch, SERVICES, Service};

/// How far a health port lies above its service's port.
const HEALTH_ABOVE: u16 = 100;
/// How often the services are asked whether they are ready.
const ASK_EVERY: Duration = Duration::from_millis(50);
/// How long they may take to be.
const READY_WITHIN: Duration = Duration::from_mins(2);
/// How long a service's token for another is valid; the token source asks for another well before.
const TOKEN_LIFETIME: Duration = Duration::from_mins(10);

/// The services under way, each with its name and how it ended.
type Serving = JoinSet<(&'static str, Result<()>)>;

/// How the suite is started.
#[derive(Debug)]
pub struct SuiteOptions {
    /// Where its data is kept. It is kept to this suite for as long as it runs.
    pub place: Place,
    /// The first of four ports in a row; 0 takes free ones.
    pub port: u16,
    /// Whether what was committed outlives a crash of the machine.
    pub durable: bool,
    /// What is configured; the suite adds databases, issuer and upstreams.
    pub sources: Sources,
}

/// Where the four services answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// intake's gRPC address, as `http://host:port`.
    pub intake: String,
    /// assignment's.
    pub assignment: String,
    /// timekeeping's.
    pub timekeeping: String,
    /// billing's.
    pub billing: String,
}

/// The suite, running. Dropped without [`shutdown`](Self::shutdown), it is cut.
pub struct Suite {
    place: Place,
    issuer: Arc<DevelopmentIssuer>,
    addresses: BTreeMap<&'static str, (SocketAddr, SocketAddr)>,
    serving: Serving,
    shutdown: CancellationToken,
    server: LocalServer,
    // Last, so that the folder is free once everything else is gone.
    _lock: File,
}

impl Suite {
    /// Starts PostgreSQL and the four services, which answer when this does; [`ready`](Self::ready) waits until they
    /// follow each other.
    pub async fn start(options: SuiteOptions) -> Result<Self> {
        Self::start_unless(&CancellationToken::new(), options)
            .await?
            .context("nobody stopped it, and yet it did not start")
    }

    /// The same; none when `stop` is cancelled before it is done, and then nothing of it is left.
    pub async fn start_unless(
        stop: &CancellationToken,
        options: SuiteOptions,
    ) -> Result<Option<Self>> {
        let SuiteOptions {
            place,
            port,
            durable,
            sources,
        } = options;
        if sources.stated_environment()? == Some(Environment::Production) {
            bail!(
                "the suite in one process issues its own tokens, which is for development alone, and this environment \
                 is production"
            );
        }
        if sources.section::<ServerConfig>("server")?.tls.is_some() {
            bail!(
                "the suite in one process speaks plaintext, on this machine alone: leave server.tls out, or serve each \
                 service by itself"
            );
        }
        // Ports first: one that is taken is told before anything is begun.
        let listeners = bind(port).await?;
        let lock = place.lock()?;
        let issuer = Arc::new(place.issuer()?);
        let page_key = place.page_key()?;
        let sources = with_documents(sources, &place)?;
        let mut local = LocalOptions::kept(place.postgres());
        local.durable = durable;
        // Never given up halfway: it works in a thread of its own, and whoever gives up may remove its folder.
        let server = LocalServer::start(local).await?;

        let mut addresses = BTreeMap::new();
        for (name, listeners) in &listeners {
            addresses.insert(*name, listeners.addresses()?);
        }
        let shutdown = CancellationToken::new();
        let services = serve(
            &server, listeners, &sources, &page_key, &issuer, &addresses, &shutdown,
        );
        let serving = match stop.run_until_cancelled(services).await {
            Some(Ok(serving)) => serving,
            otherwise => {
                server.stop().await?;
                return otherwise.map_or(Ok(None), |failed| failed.map(|_| None));
            }
        };
        Ok(Some(Self {
            place,
            issuer,
            addresses,
            serving,
            shutdown,
            server,
            _lock: lock,
        }))
    }

    /// Where the services answer.
    pub fn endpoints(&self) -> Endpoints {
        let of = |name: &str| self.endpoint(name).unwrap_or_default();
        Endpoints {
            intake: of("intake"),
            assignment: of("assignment"),
            timekeeping: of("timekeeping"),
            billing: of("billing"),
        }
    }

    /// Where the service of this name answers.
    pub fn endpoint(&self, service: &str) -> Option<String> {
        let (grpc, _) = self.addresses.get(service)?;
        Some(format!("http://{grpc}"))
    }

    /// The addresses of every service, gRPC's and health's.
    pub fn addresses(&self) -> &BTreeMap<&'static str, (SocketAddr, SocketAddr)> {
        &self.addresses
    }

    /// The issuer of everyone's tokens.
    pub fn issuer(&self) -> Arc<DevelopmentIssuer> {
        Arc::clone(&self.issuer)
    }

    /// Where its data is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The private PostgreSQL.
    pub fn server(&self) -> &LocalServer {
        &self.server
    }

    /// Waits until every service says that it is ready.
    pub async fn ready(&mut self) -> Result<()> {
        let addresses = self.addresses.clone();
        let all = async {
            for (name, (_, health)) in addresses {
                while !is_ready(health).await {
                    tokio::time::sleep(ASK_EVERY).await;
                }
                tracing::debug!(service = name, "ready");
            }
        };
        tokio::select! {
            waited = tokio::time::timeout(READY_WITHIN, all) => {
                waited.context("the services did not become ready in time")
            }
            why = ended(&mut self.serving) => Err(why),
        }
    }

    /// Serves until `stop` is cancelled, or a service ends by itself, which is an error.
    pub async fn run_until(&mut self, stop: CancellationToken) -> Result<()> {
        tokio::select! {
            () = stop.cancelled() => Ok(()),
            why = ended(&mut self.serving) => Err(why),
        }
    }

    /// Drains the services, then stops PostgreSQL.
    pub async fn shutdown(mut self) -> Result<()> {
        self.shutdown.cancel();
        let mut outcome = Ok(());
        while let Some(joined) = self.serving.join_next().await {
            let (name, served) = joined.context("a service panicked")?;
            if let Err(why) = served {
                outcome = Err(why.context(format!("{name} failed")));
            }
        }
        self.server.stop().await?;
        outcome
    }
}

/// Brings every service's database up to date, and serves the services.
async fn serve(
    server: &LocalServer,
    mut listeners: BTreeMap<&'static str, Listeners>,
    sources: &Sources,
    page_key: &SecretString,
    issuer: &Arc<DevelopmentIssuer>,
    addresses: &BTreeMap<&'static str, (SocketAddr, SocketAddr)>,
    shutdown: &CancellationToken,
) -> Result<Serving> {
    let databases = migrated(server).await?;
    let mut serving = JoinSet::new();
    for service in &SERVICES {
        let database = &databases[service.name];
        let launch = Launch {
            sources: configured(
                sources.clone(),
                service,
                database,
                page_key,
                issuer,
                addresses,
            ),
            listeners: listeners.remove(service.name),
            tokens: tokens_of(service, issuer),
            shutdown: shutdown.clone(),
        };
        let serve = service.start(launch).await?;
        let name = service.name;
        serving.spawn(async move { (name, serve.await.map_err(anyhow::Error::from)) });
    }
    Ok(serving)
}

/// The same sources, with documents in the data folder unless it was said where they are kept.
fn with_documents(sources: Sources, place: &Place) -> Result<Sources> {
    let documents = sources.section::<IntakeConfig>("intake")?.documents;
    let unsaid = documents.store == StoreKind::File && documents.directory.is_none();
    Ok(if unsaid {
        let folder = place.documents();
        sources.with("intake.documents.directory", folder.to_string_lossy())
    } else {
        sources
    })
}

/// Four services' ports in a row, or free ones.
async fn bind(first: u16) -> Result<BTreeMap<&'static str, Listeners>> {
    let mut bound = BTreeMap::new();
    for (place, service) in (0..).zip(&SERVICES) {
        let (grpc, health) = if first == 0 {
            (0, 0)
        } else {
            let port = |above: u16| {
                first
                    .checked_add(above)
                    .with_context(|| format!("there are no four ports from {first} on"))
            };
            (port(place)?, port(place + HEALTH_ABOVE)?)
        };
        let here = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listeners = Listeners::bind(here(grpc), here(health))
            .await
            .with_context(|| format!("{} can't be served", service.name))?;
        bound.insert(service.name, listeners);
    }
    Ok(bound)
}

/// Every service's database, made and up to date.
async fn migrated(server: &LocalServer) -> Result<BTreeMap<&'static str, ServiceDatabase>> {
    let each = SERVICES.iter().map(|service| async move {
        let database = server.create_service_database(service.name).await?;
        caseload_database::migrate::migrate(&database.owner_url, service.migrations)
            .await
            .with_context(|| format!("{}'s database can't be brought up to date", service.name))?;
        Ok::<_, anyhow::Error>((service.name, database))
    });
    futures::future::try_join_all(each)
        .await
        .map(BTreeMap::from_iter)
}

/// What a service of the suite is told over what was configured.
fn configured(
    sources: Sources,
    service: &Service,
    database: &ServiceDatabase,
    page_key: &SecretString,
    issuer: &DevelopmentIssuer,
    addresses: &BTreeMap<&'static str, (SocketAddr, SocketAddr)>,
) -> Sources {
    let mut sources = sources
        .with("environment", "development")
        .with("database.url", database.url.expose_secret())
        .with("database.feed_url", database.feed_url.expose_secret())
        .with("database.page_key", page_key.expose_secret())
        .with("auth.issuer", ISSUER)
        .with("auth.jwks_file", issuer.jwks_file().to_string_lossy());
    for (name, (grpc, _)) in addresses.iter().filter(|(name, _)| **name != service.name) {
        sources = sources.with(format!("events.{name}.endpoint"), format!("http://{grpc}"));
    }
    sources
}

/// A service's own tokens for each of the others.
fn tokens_of(service: &Service, issuer: &Arc<DevelopmentIssuer>) -> BTreeMap<String, TokenSource> {
    let others = SERVICES.iter().filter(|other| other.name != service.name);
    let tokens = others.map(|other| {
        let request = TokenRequest {
            subject: format!("caseload-{}", service.name),
            roles: vec![Role::Service],
            firm: None,
            paralegal: None,
            audiences: vec![other.audience.to_owned()],
            lifetime: TOKEN_LIFETIME,
        };
        let issuer = Arc::clone(issuer);
        let tokens = TokenSource::minted(move || {
            let token = issuer.mint(&request);
            token
                .map(SecretString::from)
                .map_err(|why| TokenError::NotIssued(why.to_string()))
        });
        (other.name.to_owned(), tokens)
    });
    tokens.collect()
}

/// Whether a service says that it is ready.
async fn is_ready(health: SocketAddr) -> bool {
    let Ok(channel) = Channel::lazy(&format!("http://{health}"), ChannelOptions::default()) else {
        return false;
    };
    HealthClient::new(channel)
        .check(HealthCheckRequest::default())
        .await
        .is_ok_and(|answer| answer.into_inner().status() == ServingStatus::Serving)
}

/// Why a service that was to serve on ended.
async fn ended(serving: &mut Serving) -> anyhow::Error {
    match serving.join_next().await {
        Some(Ok((name, Ok(())))) => anyhow!("{name} ended by itself"),
        Some(Ok((name, Err(why)))) => why.context(format!("{name} failed")),
        Some(Err(why)) => anyhow::Error::from(why).context("a service panicked"),
        None => anyhow!("no service is left"),
    }
}
