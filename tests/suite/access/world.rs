//! The suite, with two firms' work in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;

use caseload::demo::desk::Desk;
use caseload::demo::progress::Progress;
use caseload::demo::story::Story;
use caseload::place::Place;
use caseload::suite::{Suite, SuiteOptions};
use caseload_auth::Role;
use caseload_auth::development::TokenRequest;
use caseload_domain::name::{FirmName, ParalegalName};
use caseload_domain::{FirmId, ParalegalId};
use caseload_runtime::config::Sources;
use prost_reflect::DynamicMessage;
use time::OffsetDateTime;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

use super::call::call;
use super::caller::Caller;
use super::methods::{Method, SERVERS};
use super::names::is_within;
use super::work::{offered, play, small};
use crate::in_one_process::folder;

/// Longer than any walk takes.
const TOKEN_LIFETIME: Duration = Duration::from_mins(30);

/// The suite in this process, called over its gRPC ports.
pub(crate) struct World {
    suite: Suite,
    channels: BTreeMap<&'static str, Channel>,
    /// Each caller's token for each service, so that a token is verified once and remembered, as in use.
    tokens: Mutex<BTreeMap<(Vec<String>, String), String>>,
    /// A firm with a request that went all the way to an invoice.
    pub(crate) firm: FirmId,
    /// A firm with a request of its own, that has nothing to do with the other's.
    pub(crate) bystander: FirmId,
    /// The paralegal who worked for the first firm.
    pub(crate) paralegal: ParalegalId,
    /// What that paralegal was ever offered.
    offered: BTreeSet<String>,
    folder: tempfile::TempDir,
}

impl World {
    /// The suite without any data.
    pub(crate) async fn empty() -> Self {
        let folder = folder().unwrap();
        let mut suite = Suite::start(SuiteOptions {
            place: Place::of(Some(folder.path().join("data"))).unwrap(),
            port: 0,
            durable: false,
            sources: Sources::default().with("server.drain.settle_ms", "0"),
        })
        .await
        .unwrap();
        suite.ready().await.unwrap();
        let channels = SERVERS
            .into_iter()
            .map(|server| {
                let endpoint = suite.endpoint(server).unwrap();
                let channel = Endpoint::from_shared(endpoint).unwrap().connect_lazy();
                (server, channel)
            })
            .collect();
        Self {
            suite,
            channels,
            tokens: Mutex::default(),
            firm: FirmId::generate(),
            bystander: FirmId::generate(),
            paralegal: ParalegalId::generate(),
            offered: BTreeSet::new(),
            folder,
        }
    }

    pub(crate) async fn stop(self) {
        self.suite.shutdown().await.unwrap();
    }

    fn token(&self, caller: &Caller, audiences: &[String]) -> String {
        let request = TokenRequest {
            subject: format!("access-{}", caller.role),
            roles: vec![caller.role],
            firm: caller.firm,
            paralegal: caller.paralegal,
            audiences: audiences.to_vec(),
            lifetime: TOKEN_LIFETIME,
        };
        self.suite.issuer().mint(&request).unwrap()
    }

    /// Calls a method as somebody; of a stream, the first message is the answer.
    pub(crate) async fn call_as(
        &self,
        method: &Method,
        caller: &Caller,
        message: DynamicMessage,
    ) -> Result<Option<DynamicMessage>, Status> {
        let token = self.token_at(method, caller);
        self.call(method, Some(&token), message).await
    }

    /// All that a method answers somebody; of a stream that waits for what is to come, what came.
    pub(crate) async fn told(
        &self,
        method: &Method,
        caller: &Caller,
        message: DynamicMessage,
    ) -> Result<Vec<DynamicMessage>, Status> {
        let (channel, token) = (&self.channels[method.server], self.token_at(method, caller));
        call(channel, method, Some(&token), message, usize::MAX).await
    }

    /// Somebody's token for a method's service.
    fn token_at(&self, method: &Method, caller: &Caller) -> String {
        let audience = format!("caseload-{}", method.server);
        let mut whose = caller.realms();
        whose.push(caller.role.to_string());
        let mut tokens = self.tokens.lock().unwrap();
        let token = tokens.entry((whose, audience.clone()));
        token
            .or_insert_with(|| self.token(caller, &[audience]))
            .clone()
    }

    /// Calls a method with a token or without.
    pub(crate) async fn call(
        &self,
        method: &Method,
        token: Option<&str>,
        message: DynamicMessage,
    ) -> Result<Option<DynamicMessage>, Status> {
        let channel = &self.channels[method.server];
        let answer = call(channel, method, token, message, 1).await?;
        Ok(answer.into_iter().next())
    }

    /// No token, and tokens that a method's service may not believe.
    pub(crate) fn unbelievable(&self, method: &Method) -> Vec<(&'static str, Option<String>)> {
        let caller = Caller::new(Role::Coordinator, None, None);
        let ours = [format!("caseload-{}", method.server)];
        let others: Vec<_> = SERVERS
            .iter()
            .filter(|server| **server != method.server)
            .map(|server| format!("caseload-{server}"))
            .collect();
        let good = self.token(&caller, &ours);
        let mut forged = good.clone();
        let last = forged.pop();
        forged.push(if last == Some('A') { 'Q' } else { 'A' });
        vec![
            ("no token", None),
            ("no text of a token", Some("token".to_owned())),
            ("a forged token", Some(forged)),
            (
                "a token for the other services",
                Some(self.token(&caller, &others)),
            ),
        ]
    }

    /// The suite with a small piece of work from each of two firms, done and invoiced.
    pub(crate) async fn at_work() -> Self {
        let mut world = Self::empty().await;
        let desk = Desk::new(&world.suite.endpoints(), world.suite.issuer()).unwrap();
        let mut story = Story::new(small(), desk, Progress::quiet(), OffsetDateTime::now_utc());
        play(&mut story, &world.folder.path().join("invoices"))
            .await
            .unwrap();
        let collides = story.firms.iter().any(|firm| firm.conflicts > 0);
        assert!(collides, "one firm's adversary is the other's client");
        world.firm = story.firms[0].id;
        world.bystander = story.firms[1].id;
        let firm = FirmName(world.firm).to_string();
        let own = story
            .assignments
            .iter()
            .find(|one| is_within(&one.name, &firm));
        let ParalegalName(paralegal) = own.unwrap().paralegal.parse().unwrap();
        world.paralegal = paralegal;
        world.offered = offered(&story, paralegal).await.unwrap();
        world
    }

    /// Whether somebody may learn of a name. The suite's staff may of any; a firm's people of their firm's and of who
    /// works for it; a paralegal of their own, and in a firm of the tasks that they were offered.
    pub(crate) fn may_see(&self, caller: &Caller, name: &str) -> bool {
        if let Some(firm) = caller.firm {
            return is_within(name, &FirmName(firm).to_string()) || name.starts_with("paralegals/");
        }
        let Some(paralegal) = caller.paralegal else {
            return true;
        };
        if is_within(name, &ParalegalName(paralegal).to_string()) {
            return true;
        }
        if paralegal != self.paralegal {
            return false;
        }
        if name.contains("/tasks/") {
            return self.offered.contains(name);
        }
        let firm = name.split('/').take(2).collect::<Vec<_>>().join("/");
        self.offered.iter().any(|task| is_within(task, &firm))
    }
}
