//! `caseload token`: a token of the development issuer, where development is.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use caseload_auth::Environment;
use caseload_auth::development::TokenRequest;
use caseload_runtime::config::Sources;

use crate::cli::Token;
use crate::place::Place;
use crate::services::SERVICES;

pub(super) fn run(sources: &Sources, options: Token) -> Result<()> {
    let place = Place::of(options.data.data_dir)?;
    match sources.stated_environment()? {
        Some(Environment::Production) => {
            bail!("tokens are issued in development alone, and this environment is production")
        }
        Some(Environment::Development) => {}
        // What `up` has made says that development is here.
        None if place.has_issuer() => {}
        None => bail!(
            "tokens are issued in development alone: start `caseload up`, name its data folder with --data-dir, or \
             set CASELOAD_ENVIRONMENT=development"
        ),
    }
    let audiences = if options.audience.is_empty() {
        SERVICES
            .iter()
            .map(|service| service.audience.to_owned())
            .collect()
    } else {
        options
            .audience
            .iter()
            .map(|name| audience(name))
            .collect::<Result<_>>()?
    };
    let subject = options.subject.unwrap_or_else(|| {
        let roles: Vec<_> = options.role.iter().map(ToString::to_string).collect();
        format!("development-{}", roles.join("+"))
    });
    let token = place.issuer()?.mint(&TokenRequest {
        subject,
        roles: options.role,
        firm: options.firm,
        paralegal: options.paralegal,
        audiences,
        lifetime: Duration::from_secs(options.minutes * 60),
    })?;
    println!("{token}");
    Ok(())
}

/// The audience of a service that is named short or whole.
fn audience(name: &str) -> Result<String> {
    SERVICES
        .iter()
        .find(|service| service.name == name || service.audience == name)
        .map(|service| service.audience.to_owned())
        .with_context(|| format!("there is no service {name} to take the token"))
}
