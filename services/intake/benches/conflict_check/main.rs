//! How long a conflict check takes among 200,000 names of 200 firms.
//!
//! `cargo bench -p caseload-intake --bench conflict_check` starts a PostgreSQL of its own and the service, fills in the
//! names, and times calls as callers make them, over gRPC: an officer's look-up of one name, and the submission of a
//! request, which checks a matter with four names. Beside them stand what each way to candidates brings and costs, and
//! what it would take to compare trigrams with every name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement that meets what it does not expect stops there"
)]

mod calls;
mod crowd;
mod machine;
mod names;
mod ways;

use std::time::{Duration, Instant};

use caseload_intake::{IntakeConfig, MIGRATIONS};
use caseload_testing::{TestService, Upstream, service};

use self::calls::Caller;
use self::names::Names;

/// How many firms there are, matters, and names a matter.
const FIRMS: usize = 200;
const MATTERS: usize = 50_000;
const NAMES: usize = 4;
/// How many calls are timed, after some that are not.
const LOOKUPS: usize = 1_000;
const CHECKS: usize = 200;
const WARM: usize = 50;
/// How many names the ways to candidates are tried with, and how many a scan of the whole table is.
const TRIED: usize = 200;
const SCANNED: usize = 5;
/// Everything made up is made up from this.
const SEED: u64 = 20_261_124;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let database = caseload_testing::database("intake", &MIGRATIONS).await;
    let assignment = Upstream::start("assignment").await;
    let mut config = service::config(database.config(), IntakeConfig::default());
    let upstream = assignment.config();
    config.events.insert("assignment".to_owned(), upstream);
    config.server.rate.per_second = 1_000_000;
    config.server.rate.burst = 1_000_000;
    let service = TestService::start(config, caseload_intake::build).await;
    service.ready().await;
    let mut connection = database.inspect().await;
    println!("machine: {}", machine::describe(&mut connection).await);

    let mut names = Names::from_seed(SEED);
    let begun = Instant::now();
    let crowd = crowd::fill(&mut connection, &mut names).await;
    let told = crowd::describe(&mut connection).await;
    println!("names:   {told}, written in {:.0?}", begun.elapsed());

    let tried: Vec<String> = (0..TRIED).map(|_| names.asked(&crowd)).collect();
    println!("candidates of one name ({TRIED} names), on either side:");
    for way in ways::ALL {
        println!("  {}", ways::measure(&mut connection, way, &tried).await);
    }
    let scanned: Vec<String> = (0..SCANNED).map(|_| names.asked(&crowd)).collect();
    println!("  {}", ways::scan(&mut connection, &scanned).await);

    let mut caller = Caller::begin(&service).await;
    let mut found = 0;
    let mut lookups = Vec::new();
    for round in 0..WARM + LOOKUPS {
        let name = names.asked(&crowd);
        let (took, hits) = caller.look_up(&name).await;
        if round >= WARM {
            lookups.push(took);
            found += hits;
        }
    }
    let a_lookup = figures(&mut lookups);
    println!("one name, looked up by an officer ({LOOKUPS} calls):      {a_lookup}");
    println!("         {:.1} names found a call", ratio(found, LOOKUPS));

    let (mut created, mut checked) = (Vec::new(), Vec::new());
    let mut reviewed = 0;
    for round in 0..WARM / 10 + CHECKS {
        let asked: Vec<String> = (0..NAMES).map(|_| names.asked(&crowd)).collect();
        let (created_in, checked_in, clear) = caller.check(&asked).await;
        if round >= WARM / 10 {
            created.push(created_in);
            checked.push(checked_in);
            reviewed += usize::from(!clear);
        }
    }
    println!(
        "a matter of {NAMES} names, checked with its submission ({CHECKS} calls): {}",
        figures(&mut checked)
    );
    println!(
        "a matter of {NAMES} names, written and compared ({CHECKS} calls):        {}",
        figures(&mut created)
    );
    println!(
        "         {:.0} % come under review",
        100.0 * ratio(reviewed, CHECKS)
    );

    drop(service);
}

/// The median, the 95th and the 99th percentile.
pub(crate) fn figures(times: &mut [Duration]) -> String {
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    format!(
        "median {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
        milliseconds(at(50)),
        milliseconds(at(95)),
        milliseconds(at(99))
    )
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of some thousands")]
pub(crate) fn ratio(some: usize, of: usize) -> f64 {
    some as f64 / of as f64
}
