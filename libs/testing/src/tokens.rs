//! Tokens for tests: one issuer that every test process shares, and a function a role.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use caseload_auth::development::{DevelopmentIssuer, TokenRequest};
use caseload_auth::{AuthConfig, Environment, Role};
use caseload_domain::{FirmId, ParalegalId};

/// The audiences of all services.
pub const AUDIENCES: [&str; 4] = [
    "caseload-intake",
    "caseload-assignment",
    "caseload-timekeeping",
    "caseload-billing",
];

/// The issuer of the tests. Its key is made by the first test that asks and stays with the build's other output.
///
/// # Panics
/// When its directory can't be written.
pub fn issuer() -> &'static DevelopmentIssuer {
    static ISSUER: LazyLock<DevelopmentIssuer> = LazyLock::new(|| {
        DevelopmentIssuer::open(directory(), Environment::Development)
            .unwrap_or_else(|error| panic!("the issuer of the tests: {error}"))
    });
    &ISSUER
}

fn directory() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    target.join("tmp").join("test-issuer")
}

/// The configuration with which a service believes the issuer of the tests.
pub fn auth_config() -> AuthConfig {
    issuer().auth_config()
}

/// A token of any kind, for all services, valid for an hour.
///
/// # Panics
/// When the role does not go with the firm or the paralegal.
pub fn token(
    subject: &str,
    roles: &[Role],
    firm: Option<FirmId>,
    paralegal: Option<ParalegalId>,
) -> String {
    let request = TokenRequest {
        subject: subject.to_owned(),
        roles: roles.to_vec(),
        firm,
        paralegal,
        audiences: AUDIENCES.map(str::to_owned).to_vec(),
        lifetime: Duration::from_hours(1),
    };
    issuer()
        .mint(&request)
        .unwrap_or_else(|error| panic!("a token for {subject}: {error}"))
}

/// A token of a role, with a firm or paralegal of its own where the role needs one.
pub fn of(role: Role) -> String {
    match role {
        Role::FirmAdmin => firm_admin(FirmId::generate()),
        Role::Attorney => attorney(FirmId::generate()),
        Role::Paralegal => paralegal(ParalegalId::generate()),
        staff => token(&format!("test-{staff}"), &[staff], None, None),
    }
}

/// A firm's administrator.
pub fn firm_admin(firm: FirmId) -> String {
    token(
        &format!("admin@{firm}"),
        &[Role::FirmAdmin],
        Some(firm),
        None,
    )
}

/// A firm's attorney.
pub fn attorney(firm: FirmId) -> String {
    token(
        &format!("attorney@{firm}"),
        &[Role::Attorney],
        Some(firm),
        None,
    )
}

/// A paralegal.
pub fn paralegal(paralegal: ParalegalId) -> String {
    let subject = format!("paralegal-{paralegal}");
    token(&subject, &[Role::Paralegal], None, Some(paralegal))
}

/// A coordinator.
pub fn coordinator() -> String {
    of(Role::Coordinator)
}

/// An operations manager.
pub fn operations_manager() -> String {
    of(Role::OperationsManager)
}

/// A reviewer.
pub fn reviewer() -> String {
    of(Role::Reviewer)
}

/// A billing clerk.
pub fn billing_clerk() -> String {
    of(Role::BillingClerk)
}

/// A conflict officer.
pub fn conflict_officer() -> String {
    of(Role::ConflictOfficer)
}

/// A service of the suite.
pub fn service() -> String {
    of(Role::Service)
}
