//! The methods of the contracts, and what their access option says.

use std::fmt;

use caseload_auth::policy::{self, Reach, Rule};
use caseload_auth::{Policy, Role, roles};
use prost_reflect::{MessageDescriptor, MethodDescriptor};

use super::contracts::{Target, target_of};

/// A method at one of the services.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) descriptor: MethodDescriptor,
    /// The service of the suite that serves it: `intake`.
    pub(crate) server: &'static str,
    rule: Rule,
}

/// The services of the suite.
pub(crate) const SERVERS: [&str; 4] = ["intake", "assignment", "timekeeping", "billing"];

/// Every method of every contract, at every service that serves it.
pub(crate) fn all() -> Vec<Method> {
    let pool = caseload_proto::descriptors();
    let names: Vec<_> = pool
        .services()
        .map(|service| service.full_name().to_owned())
        .collect();
    let policy = Policy::from_descriptors(pool, &names).unwrap();
    let mut methods = Vec::new();
    for service in pool.services() {
        let servers = servers_of(service.full_name());
        assert!(!servers.is_empty(), "nobody serves {}", service.full_name());
        for descriptor in service.methods() {
            let rule = policy.rule(&policy::path(&descriptor)).unwrap().clone();
            methods.extend(servers.iter().map(|server| Method {
                descriptor: descriptor.clone(),
                server,
                rule: rule.clone(),
            }));
        }
    }
    methods
}

/// The event feed is every service's; all else is in the package of its service.
fn servers_of(service: &str) -> Vec<&'static str> {
    if service == "caseload.events.v1.EventService" {
        return SERVERS.to_vec();
    }
    SERVERS
        .into_iter()
        .filter(|server| service.starts_with(&format!("caseload.{server}.v1.")))
        .collect()
}

impl Method {
    /// Where it is called.
    pub(crate) fn path(&self) -> String {
        policy::path(&self.descriptor)
    }

    pub(crate) fn input(&self) -> MessageDescriptor {
        self.descriptor.input()
    }

    /// Whether the access option lets a caller of a role by. Said here once more, so that the layer is not held
    /// against itself.
    pub(crate) fn admits(&self, role: Role) -> bool {
        let reached = match self.rule.reach {
            Reach::Public => return true,
            Reach::Firm => true,
            Reach::Own => !matches!(role, Role::FirmAdmin | Role::Attorney),
            Reach::Suite => !matches!(role, Role::FirmAdmin | Role::Attorney | Role::Paralegal),
        };
        reached && roles::permissions(role).contains(&self.rule.permission.as_str())
    }

    /// Whether it answers with a page of resources, and takes a page token.
    pub(crate) fn is_list(&self) -> bool {
        self.input().get_field_by_name("page_token").is_some()
    }

    /// The field that names what the method works on.
    pub(crate) fn target(&self) -> Option<Target> {
        target_of(self)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} at {}", self.descriptor.full_name(), self.server)
    }
}
