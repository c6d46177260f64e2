//! `caseload check-config`: everything that is wrong with a configuration, before anything is started with it.

use anyhow::{Result, bail};
use caseload_runtime::config::Sources;

use crate::cli::CheckConfig;
use crate::services::SERVICES;

pub(super) fn run(sources: &Sources, options: &CheckConfig) -> Result<()> {
    let mut wrong = 0;
    for service in &SERVICES {
        if !options.services.is_empty() && !options.services.iter().any(|name| name == service.name)
        {
            continue;
        }
        match service.check(sources) {
            Ok(()) => println!("{}: valid", service.name),
            Err(why) => {
                wrong += 1;
                println!("{}: {why}", service.name);
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => bail!("the configuration is not valid for one service"),
        more => bail!("the configuration is not valid for {more} services"),
    }
}
