//! A token bucket for each firm, and for each subject that belongs to none: nobody's haste is everybody's wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use caseload_auth::{Caller, Who};
use caseload_proto::status::{Reason, status_with};
use http::{Request, Response};
use tonic::Code;
use tonic::body::Body;

use super::Next;
use crate::config::RateConfig;

/// The reason of a caller who calls too often.
const REASON: Reason = Reason::new("RATE_LIMITED");

/// At so many buckets, those that are full again are forgotten.
const FORGET_AT: usize = 10_000;

/// Whose bucket it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Firm(caseload_domain::FirmId),
    Subject(String),
}

impl Key {
    fn of(caller: &Caller) -> Self {
        match caller.who {
            Who::Firm(firm) => Self::Firm(firm),
            Who::Paralegal(_) | Who::Suite => Self::Subject(caller.subject.clone()),
        }
    }
}

/// What is left in one bucket, as of a time.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// Everybody's buckets.
#[derive(Debug)]
pub(super) struct Buckets {
    rate: RateConfig,
    buckets: Mutex<HashMap<Key, Bucket>>,
}

impl Buckets {
    pub(super) fn new(rate: RateConfig) -> Self {
        Self {
            rate,
            buckets: Mutex::default(),
        }
    }

    /// Takes one from a bucket; `false` when it is empty.
    fn take(&self, key: Key, now: Instant) -> bool {
        let burst = f64::from(self.rate.burst);
        let filled = |bucket: &Bucket| {
            let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.left + passed * f64::from(self.rate.per_second)).min(burst)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= FORGET_AT && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| filled(bucket) < burst);
        }
        let bucket = buckets.entry(key).or_insert(Bucket {
            left: burst,
            at: now,
        });
        let left = filled(bucket);
        let granted = left >= 1.0;
        *bucket = Bucket {
            left: if granted { left - 1.0 } else { left },
            at: now,
        };
        granted
    }
}

/// Lets a call through if its caller's bucket has one left. A call of nobody's, to a public method, is let through:
/// the other limits hold it.
pub(super) async fn limit(
    buckets: Arc<Buckets>,
    next: Next,
    request: Request<Body>,
) -> Response<Body> {
    if let Some(caller) = request.extensions().get::<Caller>()
        && !buckets.take(Key::of(caller), Instant::now())
    {
        return status_with(
            Code::ResourceExhausted,
            REASON,
            "too many calls in too short a time; try again later",
            [("calls_per_second", buckets.rate.per_second.to_string())],
        )
        .into_http();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn subject(name: &str) -> Key {
        Key::Subject(name.to_owned())
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_fills_at_its_rate() {
        let buckets = Buckets::new(RateConfig {
            per_second: 2,
            burst: 3,
        });
        let start = Instant::now();
        let take = |after: u64| buckets.take(subject("a"), start + Duration::from_millis(after));
        assert_eq!(
            [take(0), take(0), take(0), take(0)],
            [true, true, true, false]
        );
        assert!(!take(400));
        assert!(take(500));
        assert!(!take(500));
        // A long rest fills it to the burst and no further.
        assert_eq!(
            [take(60_000), take(60_000), take(60_000), take(60_000)],
            [true, true, true, false]
        );
    }

    #[test]
    fn one_callers_haste_leaves_anothers_bucket_alone() {
        let buckets = Buckets::new(RateConfig {
            per_second: 1,
            burst: 1,
        });
        let now = Instant::now();
        assert!(buckets.take(subject("a"), now));
        assert!(!buckets.take(subject("a"), now));
        assert!(buckets.take(subject("b"), now));
    }
}
