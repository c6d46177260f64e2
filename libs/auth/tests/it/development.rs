//! The issuer for development and tests.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use caseload_auth::development::{DevelopmentIssuer, DevelopmentIssuerError, ISSUER, TokenRequest};
use caseload_auth::{AuthConfig, AuthConfigError, Authenticator, Environment, Role, Who};
use caseload_domain::FirmId;

use crate::support::AUDIENCE;

fn open(directory: &Path) -> DevelopmentIssuer {
    DevelopmentIssuer::open(directory, Environment::Development).unwrap()
}

fn attorney(firm: FirmId) -> TokenRequest {
    TokenRequest {
        subject: "attorney".to_owned(),
        roles: vec![Role::Attorney],
        firm: Some(firm),
        paralegal: None,
        audiences: vec![AUDIENCE.to_owned(), "caseload-billing".to_owned()],
        lifetime: Duration::from_hours(1),
    }
}

#[tokio::test]
async fn its_tokens_are_believed_in_development() {
    let directory = tempfile::tempdir().unwrap();
    let issuer = open(directory.path());
    let firm = FirmId::generate();
    let token = issuer.mint(&attorney(firm)).unwrap();
    let config = issuer.auth_config();
    for audience in [AUDIENCE, "caseload-billing"] {
        let service = Authenticator::new(&config, audience, Environment::Development).unwrap();
        let caller = service.authenticate(&token).await.unwrap();
        assert_eq!((caller.actor(), caller.who), ("attorney", Who::Firm(firm)));
    }
}

#[test]
fn it_is_refused_outside_development() {
    let directory = tempfile::tempdir().unwrap();
    let opened = DevelopmentIssuer::open(directory.path().join("new"), Environment::Production);
    assert!(matches!(
        opened,
        Err(DevelopmentIssuerError::NotDevelopment)
    ));
    assert!(
        !directory.path().join("new").exists(),
        "nothing is left behind"
    );

    let config = open(directory.path()).auth_config();
    let believed = Authenticator::new(&config, AUDIENCE, Environment::Production);
    assert!(matches!(believed, Err(AuthConfigError::DevelopmentIssuer)));
    let elsewhere = AuthConfig::with_key_url(ISSUER, "https://issuer.example/jwks");
    let believed = Authenticator::new(&elsewhere, AUDIENCE, Environment::Production);
    assert!(matches!(believed, Err(AuthConfigError::DevelopmentIssuer)));
    assert_eq!(Environment::default(), Environment::Production);
}

#[test]
fn its_key_is_kept_readable_by_its_owner_alone() {
    let directory = tempfile::tempdir().unwrap();
    let home = directory.path().join("issuer");
    let first = open(&home).jwks_file();
    let set = std::fs::read_to_string(&first).unwrap();
    assert!(!set.contains("\"d\""));
    let key = home.join("development-issuer.pk8");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&home), mode(&key)), (0o700, 0o600));
    assert_eq!(
        std::fs::read_dir(&home).unwrap().count(),
        2,
        "no drafts are left"
    );

    assert_eq!(
        std::fs::read_to_string(open(&home).jwks_file()).unwrap(),
        set,
        "the key is kept"
    );

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let exposed = DevelopmentIssuer::open(&home, Environment::Development);
    assert!(matches!(
        exposed,
        Err(DevelopmentIssuerError::KeyExposed(_))
    ));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&key, "no key").unwrap();
    let damaged = DevelopmentIssuer::open(&home, Environment::Development);
    assert!(matches!(
        damaged,
        Err(DevelopmentIssuerError::KeyMalformed(_))
    ));
}

#[test]
fn many_that_open_it_at_once_get_one_key() {
    let directory = tempfile::tempdir().unwrap();
    let sets: std::collections::HashSet<String> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| std::fs::read_to_string(open(directory.path()).jwks_file()).unwrap())
            })
            .collect();
        openers
            .into_iter()
            .map(|opener| opener.join().unwrap())
            .collect()
    });
    assert_eq!(sets.len(), 1);
}

#[test]
fn it_mints_no_token_that_every_service_would_refuse() {
    let directory = tempfile::tempdir().unwrap();
    let issuer = open(directory.path());
    let good = attorney(FirmId::generate());
    let changes: [fn(&mut TokenRequest); 7] = [
        |request| request.subject.clear(),
        |request| request.firm = None,
        |request| request.roles.clear(),
        |request| request.roles.push(Role::Reviewer),
        |request| request.audiences.clear(),
        |request| request.lifetime = Duration::from_secs(3_601),
        |request| request.lifetime = Duration::ZERO,
    ];
    for change in changes {
        let mut request = good.clone();
        change(&mut request);
        let refused = issuer.mint(&request);
        assert!(
            matches!(refused, Err(DevelopmentIssuerError::Refused(_))),
            "{request:?}"
        );
    }
}
