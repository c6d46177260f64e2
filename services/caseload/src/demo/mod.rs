//! The demonstration: the main job, played through the services' gRPC ports with real tokens.
//!
//! # Layout
//! - [`data`]: what is played, from the files in `demo/`
//! - [`desk`]: who calls what, and with whose token
//! - [`files`]: documents, sent and fetched
//! - [`story`]: what has been made so far
//! - [`intake`], [`staffing`]: the first act, three weeks ago: firms, requests, the roster, the plan, the offers
//! - [`work`], [`billing`]: the second act, until today: time, deliveries, invoices, pay
//! - [`progress`], [`report`]: how it is told
//! - [`scratch`]: the folder that it is played in
//!
//! Three weeks of work are played in seconds, so the suite's clock stands three weeks back during the first act.

pub mod billing;
pub mod data;
pub mod desk;
pub mod files;
pub mod intake;
pub mod progress;
pub mod report;
pub mod scratch;
pub mod staffing;
pub mod story;
pub mod work;

use std::path::Path;

use anyhow::Result;
use time::{Duration, OffsetDateTime, Time};

use self::story::Story;

/// When a story that ends now begins: on the Monday three weeks back, at 14:00 UTC.
pub fn beginning(now: OffsetDateTime) -> OffsetDateTime {
    let back = now - Duration::weeks(3);
    let monday = back - Duration::days(i64::from(back.weekday().number_days_from_monday()));
    monday.replace_time(Time::MIDNIGHT) + Duration::hours(14)
}

/// Everything up to the accepted offers. The suite's clock stands at the story's beginning.
pub async fn first_act(story: &mut Story) -> Result<()> {
    intake::take_on_firms(story).await?;
    staffing::take_on_paralegals(story).await?;
    intake::send_requests(story).await?;
    intake::review_requests(story).await?;
    staffing::assign(story).await
}

/// Everything from the recorded time to the invoices. The suite's clock stands at `now`, the end of the story.
pub async fn second_act(story: &mut Story, now: OffsetDateTime, folder: &Path) -> Result<()> {
    work::record_time(story).await?;
    work::deliver(story).await?;
    billing::invoice(story, now.date(), folder).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_story_begins_on_a_monday_three_weeks_back() {
        for now in [
            datetime!(2026-11-23 00:00 UTC),
            datetime!(2026-11-24 12:30 UTC),
            datetime!(2026-11-29 23:59 UTC),
        ] {
            assert_eq!(beginning(now), datetime!(2026-11-02 14:00 UTC));
        }
    }
}
