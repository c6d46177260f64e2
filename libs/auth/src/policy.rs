//! Who may call what, read from the contracts' access option.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use prost_reflect::{
    DescriptorPool, DynamicMessage, ExtensionDescriptor, MethodDescriptor, ReflectMessage as _,
    Value,
};

use crate::denial::{Denial, Refusal};
use crate::{Caller, Who, roles};

/// How far a granted permission reaches, as `caseload.type.v1.Reach` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// No token is needed.
    Public,
    /// A firm's caller reaches that firm, a paralegal what is theirs, the suite's staff everything.
    Firm,
    /// A paralegal reaches their own records, the suite's staff everyone's; callers of a firm are refused.
    Own,
    /// The suite's staff and services alone.
    Suite,
}

impl Reach {
    /// Whether someone on this side may call at all.
    const fn admits(self, who: Who) -> bool {
        match (self, who) {
            (Self::Public | Self::Firm, _) | (Self::Own, Who::Paralegal(_)) | (_, Who::Suite) => {
                true
            }
            (Self::Own | Self::Suite, Who::Firm(_)) | (Self::Suite, Who::Paralegal(_)) => false,
        }
    }
}

/// The access rule of one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The permission that the caller's roles must grant. Empty for a public method alone.
    pub permission: String,
    /// How far it reaches.
    pub reach: Reach,
}

impl Rule {
    /// Whether a caller may call the method.
    pub fn check(&self, caller: &Caller) -> Result<(), Denial> {
        if self.reach == Reach::Public {
            return Ok(());
        }
        if !caller.allows(&self.permission) {
            return Err(Denial::Refused(Refusal::Permission));
        }
        if !self.reach.admits(caller.who) {
            return Err(Denial::Refused(Refusal::Reach));
        }
        Ok(())
    }
}

/// The access rules of every method that a server serves, by path.
#[derive(Debug, Clone)]
pub struct Policy {
    rules: Arc<HashMap<String, Rule>>,
}

/// Methods that no token is needed for. Their contracts are others' and can't carry our option.
const PUBLIC: [&str; 5] = [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/List",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

const OPTION: &str = "caseload.type.v1.access";

/// The contracts don't say who may call what; every fault is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// What is wrong, a line each.
    pub faults: Vec<String>,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "the contracts do not say who may call what: {}",
            self.faults.join("; ")
        )
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// Reads the rules of the named services (`caseload.intake.v1.MatterService`), and adds health and reflection.
    ///
    /// Fails when a service is unknown, a method lacks the access option or its reach, or a permission is one that
    /// no role grants: a server must not start with such a contract.
    pub fn from_descriptors<I>(pool: &DescriptorPool, services: I) -> Result<Self, PolicyError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut faults = Vec::new();
        let mut rules = HashMap::new();
        for path in PUBLIC {
            let rule = Rule {
                permission: String::new(),
                reach: Reach::Public,
            };
            rules.insert(path.to_owned(), rule);
        }
        let Some(option) = pool.get_extension_by_name(OPTION) else {
            return Err(PolicyError {
                faults: vec![format!("the option {OPTION} is not among the contracts")],
            });
        };
        for name in services {
            let name = name.as_ref();
            let Some(service) = pool.get_service_by_name(name) else {
                faults.push(format!("{name} is not among the contracts"));
                continue;
            };
            for method in service.methods() {
                match rule(&method, &option) {
                    Ok(rule) => {
                        rules.insert(path(&method), rule);
                    }
                    Err(fault) => faults.push(format!("{} {fault}", method.full_name())),
                }
            }
        }
        if faults.is_empty() {
            Ok(Self {
                rules: Arc::new(rules),
            })
        } else {
            Err(PolicyError { faults })
        }
    }

    /// The rule of the method at a path (`/caseload.intake.v1.MatterService/GetMatter`).
    /// `None`: no such method is served, and nothing may be reached there.
    pub fn rule(&self, path: &str) -> Option<&Rule> {
        self.rules.get(path)
    }

    /// Every path and its rule, in no order.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        self.rules.iter().map(|(path, rule)| (path.as_str(), rule))
    }
}

/// The path at which a method is called.
pub fn path(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}

/// The rule that a method's option says.
fn rule(method: &MethodDescriptor, option: &ExtensionDescriptor) -> Result<Rule, String> {
    let options = method.options();
    if !options.has_extension(option) {
        return Err(format!("lacks the option {OPTION}"));
    }
    let value = options.get_extension(option);
    let Value::Message(access) = value.as_ref() else {
        return Err(format!("has an option {OPTION} that is not a message"));
    };
    let permission = text(access, "permission");
    let reach = match reach_word(access).as_deref() {
        Some("REACH_PUBLIC") => Reach::Public,
        Some("REACH_FIRM") => Reach::Firm,
        Some("REACH_OWN") => Reach::Own,
        Some("REACH_SUITE") => Reach::Suite,
        _ => return Err("does not say its reach".to_owned()),
    };
    if reach == Reach::Public {
        if permission.is_empty() {
            return Ok(Rule { permission, reach });
        }
        return Err(format!(
            "is public and yet asks for the permission {permission}"
        ));
    }
    if !roles::all_permissions().contains(permission.as_str()) {
        return Err(format!(
            "asks for the permission \"{permission}\", which no role grants"
        ));
    }
    Ok(Rule { permission, reach })
}

fn text(message: &DynamicMessage, field: &str) -> String {
    message
        .get_field_by_name(field)
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn reach_word(access: &DynamicMessage) -> Option<String> {
    let number = access.get_field_by_name("reach")?.as_enum_number()?;
    let field = access.descriptor().get_field_by_name("reach")?;
    let kind = field.kind();
    Some(kind.as_enum()?.get_value(number)?.name().to_owned())
}
