//! Telling the workers of this process that something was committed. A hint, and no more: another process hears
//! nothing, so whoever listens polls as well.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// What is told of one database in this process, by topic.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals(Arc<Mutex<HashMap<&'static str, watch::Sender<()>>>>);

impl Signals {
    pub(crate) fn listen(&self, topic: &'static str) -> Signal {
        Signal {
            heard: self.sender(topic).subscribe(),
            _signals: self.clone(),
        }
    }

    pub(crate) fn give(&self, topic: &'static str) {
        self.sender(topic).send_replace(());
    }

    fn sender(&self, topic: &'static str) -> watch::Sender<()> {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        topics.entry(topic).or_default().clone()
    }
}

/// One listener to one topic.
#[derive(Debug)]
pub struct Signal {
    heard: watch::Receiver<()>,
    // Keeps the topic's sender, so that a wait is a wait even when the database is dropped.
    _signals: Signals,
}

impl Signal {
    /// Forgets what was told so far. Call it before looking at what the signal is about: what is committed after the
    /// look is then heard.
    pub fn forget(&mut self) {
        self.heard.mark_unchanged();
    }

    /// Waits until something is told that was not forgotten. Safe to drop while it waits.
    pub async fn given(&mut self) {
        if self.heard.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn what_is_told_is_heard_once_on_its_topic_alone() {
        let signals = Signals::default();
        let (mut here, mut elsewhere) = (signals.listen("here"), signals.listen("elsewhere"));
        signals.give("here");
        assert!(here.given().now_or_never().is_some());
        assert!(here.given().now_or_never().is_none());
        assert!(elsewhere.given().now_or_never().is_none());
    }

    #[test]
    fn what_was_forgotten_is_not_heard() {
        let signals = Signals::default();
        let mut signal = signals.listen("here");
        signals.give("here");
        signal.forget();
        assert!(signal.given().now_or_never().is_none());
        signals.give("here");
        assert!(signal.given().now_or_never().is_some());
    }
}
