//! The suite, with two firms' work in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use caseload::demo::data::Dataset;
use caseload::demo::desk::{Desk, Person, once_known};
use caseload::demo::progress::Progress;
use caseload::demo::story::Story;
use caseload::demo::{billing, intake, staffing, work};
use caseload::place::Place;
use caseload::suite::{Suite, SuiteOptions};
use caseload_auth::Role;
use caseload_auth::development::TokenRequest;
use caseload_domain::name::{FirmName, ParalegalName};
use caseload_domain::{FirmId, ParalegalId};
use caseload_proto::caseload::assignment::v1 as assignment;
use caseload_proto::caseload::timekeeping::v1 as timekeeping;
use caseload_runtime::config::Sources;
use caseload_testing::eventually;
use prost_reflect::DynamicMessage;
use time::OffsetDateTime;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

use super::call::call;
use super::methods::{Method, SERVERS};
use super::names::is_within;
use crate::in_one_process::folder;

/// Longer than any walk takes.
const TOKEN_LIFETIME: Duration = Duration::from_mins(30);

/// Somebody who calls.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) role: Role,
    pub(crate) firm: Option<FirmId>,
    pub(crate) paralegal: Option<ParalegalId>,
}

impl Caller {
    fn new(role: Role, firm: Option<FirmId>, paralegal: Option<ParalegalId>) -> Self {
        Self {
            role,
            firm,
            paralegal,
        }
    }

    /// Somebody of a role whose firm or person the suite has never heard of.
    pub(crate) fn stranger(role: Role) -> Self {
        match role {
            Role::FirmAdmin | Role::Attorney => Self::of_firm(role, FirmId::generate()),
            Role::Paralegal => Self::of_paralegal(ParalegalId::generate()),
            staff => Self::new(staff, None, None),
        }
    }

    /// Somebody of a firm.
    pub(crate) fn of_firm(role: Role, firm: FirmId) -> Self {
        Self::new(role, Some(firm), None)
    }

    /// A paralegal.
    pub(crate) fn of_paralegal(paralegal: ParalegalId) -> Self {
        Self::new(Role::Paralegal, None, Some(paralegal))
    }

    /// Nobody in particular.
    pub(crate) fn nobody() -> Self {
        Self::new(Role::Service, None, None)
    }

    /// Whose resources are the caller's own: `firms/{id}` or `paralegals/{id}`.
    pub(crate) fn realms(&self) -> Vec<String> {
        let firm = self.firm.map(|id| FirmName(id).to_string());
        let paralegal = self.paralegal.map(|id| ParalegalName(id).to_string());
        firm.into_iter().chain(paralegal).collect()
    }

    /// Whose resources are somebody else's to this caller.
    pub(crate) fn not_theirs(&self, world: &World) -> Vec<String> {
        let all = [
            FirmName(world.firm).to_string(),
            FirmName(world.bystander).to_string(),
            ParalegalName(world.paralegal).to_string(),
        ];
        let own = self.realms();
        all.into_iter()
            .filter(|realm| !own.contains(realm))
            .collect()
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.role)?;
        for realm in self.realms() {
            write!(out, " of {realm}")?;
        }
        Ok(())
    }
}

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

    pub(crate) fn token(
        &self,
        caller: &Caller,
        audiences: &[String],
        lifetime: Duration,
    ) -> String {
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

    /// Calls a method as somebody.
    pub(crate) async fn call_as(
        &self,
        method: &Method,
        caller: &Caller,
        message: DynamicMessage,
    ) -> Result<Option<DynamicMessage>, Status> {
        let audience = format!("caseload-{}", method.server);
        let mut whose = caller.realms();
        whose.push(caller.role.to_string());
        let token = {
            let mut tokens = self.tokens.lock().unwrap();
            let token = tokens.entry((whose, audience.clone()));
            token.or_insert_with(|| self.token(caller, &[audience])).clone()
        };
        self.call(method, Some(&token), message).await
    }

    /// Calls a method with a token or without.
    pub(crate) async fn call(
        &self,
        method: &Method,
        token: Option<&str>,
        message: DynamicMessage,
    ) -> Result<Option<DynamicMessage>, Status> {
        call(&self.channels[method.server], method, token, message).await
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

/// The tasks that a paralegal was ever offered.
async fn offered(story: &Story, paralegal: ParalegalId) -> anyhow::Result<BTreeSet<String>> {
    let request = assignment::ListAssignmentsRequest {
        parent: "firms/-".to_owned(),
        page_size: 1_000,
        ..Default::default()
    };
    let mut assignments = story.desk.of(Person::paralegal(paralegal)).assignments();
    let all = assignments
        .list_assignments(request)
        .await?
        .into_inner()
        .assignments;
    let whose = ParalegalName(paralegal).to_string();
    anyhow::ensure!(
        all.iter().all(|one| one.paralegal == whose),
        "others' assignments are listed"
    );
    Ok(all.into_iter().map(|one| one.task).collect())
}

/// Two firms of the demonstration, each with one matter.
fn small() -> Dataset {
    let mut data = Dataset::load().unwrap();
    data.firms.truncate(2);
    let mut wanted: Vec<_> = data.firms.iter().map(|firm| firm.code.clone()).collect();
    data.matters.retain(|matter| {
        let place = wanted.iter().position(|code| *code == matter.firm);
        place.map(|place| wanted.swap_remove(place)).is_some()
    });
    data
}

/// The main job, without the demonstration's travels in time: the clock is the whole process's.
async fn play(story: &mut Story, invoices: &Path) -> anyhow::Result<()> {
    intake::take_on_firms(story).await?;
    staffing::take_on_paralegals(story).await?;
    intake::send_requests(story).await?;
    intake::review_requests(story).await?;
    staffing::assign(story).await?;
    for firm in 0..story.firms.len() {
        let firm = FirmName(story.firms[firm].id);
        record_a_second(story, firm).await?;
    }
    work::deliver(story).await?;
    let today = OffsetDateTime::now_utc().date();
    billing::invoice(story, today, invoices).await
}

/// A paralegal of a firm's work records what time goes by, and it is approved.
async fn record_a_second(story: &mut Story, firm: FirmName) -> anyhow::Result<()> {
    let realm = firm.to_string();
    let accepted = story
        .assignments
        .iter()
        .find(|one| is_within(&one.name, &realm));
    let accepted = accepted.context("an assignment of the firm's work")?;
    let paralegal: ParalegalName = accepted.paralegal.parse()?;
    let clients = story.desk.of(Person::paralegal(paralegal.0));
    let timers = clients.timers();
    let name = format!("{paralegal}/timer");
    let start = timekeeping::StartTimerRequest {
        timer: Some(timekeeping::Timer {
            name: name.clone(),
            task: accepted.task.clone(),
            narrative: "Read the file".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    once_known(async || timers.clone().start_timer(start.clone()).await).await?;
    let get = timekeeping::GetTimerRequest { name: name.clone() };
    eventually("the timer has run for a second", async || {
        let timer = timers.clone().get_timer(get.clone()).await;
        timer.is_ok_and(|timer| {
            timer
                .into_inner()
                .elapsed
                .is_some_and(|ran| ran.seconds > 0)
        })
    })
    .await;
    let stop = timekeeping::StopTimerRequest {
        name,
        ..Default::default()
    };
    let entry = timers.clone().stop_timer(stop).await?.into_inner();
    let submit = timekeeping::BatchSubmitTimeEntriesRequest {
        parent: realm.clone(),
        names: vec![entry.name.clone()],
        ..Default::default()
    };
    clients
        .time_entries()
        .batch_submit_time_entries(submit)
        .await?;
    let approve = timekeeping::BatchApproveTimeEntriesRequest {
        parent: realm,
        names: vec![entry.name],
        ..Default::default()
    };
    let mut reviewer = story.desk.of(Person::staff(Role::Reviewer)).time_entries();
    let approved = reviewer
        .batch_approve_time_entries(approve)
        .await?
        .into_inner();
    story.time_entries.extend(approved.time_entries);
    Ok(())
}
