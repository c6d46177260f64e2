//! `caseload migrate`: bringing a service's database up to date, as the role that owns it.

use anyhow::{Context as _, Result};

use crate::cli::Migrate;
use crate::services::Service;

pub(super) async fn run(options: &Migrate) -> Result<()> {
    let service = Service::named(&options.service)?;
    caseload_database::migrate::migrate(&options.url, service.migrations)
        .await
        .with_context(|| format!("{}'s database can't be brought up to date", service.name))?;
    println!("{}'s database is up to date", service.name);
    Ok(())
}
