//! What wakes the log's workers in this process, so that they need not poll fast.

/// Told when events were appended and committed.
pub(crate) const APPENDED: &str = "event_log.appended";
/// Told when events were given their position.
pub(crate) const NUMBERED: &str = "event_log.numbered";
