//! Waiting on a condition, with a limit.

use std::time::Duration;

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a test waits: long enough for a loaded machine, since a test that passes never waits so long.
const WITHIN: Duration = Duration::from_mins(1);

/// Waits until a condition holds: `eventually("the task is open", async || task(&db).await.is_open()).await`.
///
/// # Panics
/// When it does not hold within a minute.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let held = tokio::time::timeout(WITHIN, wait).await;
    assert!(held.is_ok(), "waited in vain: {what}");
}
