//! How long to wait between tries.

use std::time::Duration;

/// How fast a subscription tries again, and how long it bears silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The first wait when the source or the database is away; each further one in a row is twice as long.
    pub retry_first: Duration,
    /// The longest wait when the source or the database is away.
    pub retry_most: Duration,
    /// The wait before a subscription that is stopped by something which needs a person is tried again.
    pub retry_stopped: Duration,
    /// How long the source may say nothing, not even a sign of life, before it is taken for dead.
    pub silence: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry_first: Duration::from_millis(100),
            retry_most: Duration::from_secs(10),
            retry_stopped: Duration::from_secs(30),
            silence: Duration::from_secs(45),
        }
    }
}

/// Waits that double up to a most.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) fn new(first: Duration, most: Duration) -> Self {
        Self {
            first,
            most,
            next: first,
        }
    }

    /// The next wait.
    pub(crate) fn wait(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(self.most);
        wait
    }

    /// The next wait, shortened by up to half, so that followers that lost one source do not all return at once.
    pub(crate) fn wait_jittered(&mut self) -> Duration {
        self.wait().mul_f64(rand::random_range(0.5..=1.0))
    }

    /// Something went well: the next wait is the first again.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_most_and_begin_again_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_millis(35));
        let waits: Vec<u128> = (0..4).map(|_| backoff.wait().as_millis()).collect();
        assert_eq!(waits, [10, 20, 35, 35]);
        backoff.reset();
        assert_eq!(backoff.wait().as_millis(), 10);
    }

    #[test]
    fn a_jittered_wait_is_at_least_half_and_at_most_the_whole() {
        for _ in 0..100 {
            let wait =
                Backoff::new(Duration::from_millis(10), Duration::from_secs(1)).wait_jittered();
            assert!((5..=10).contains(&wait.as_millis()));
        }
    }
}
