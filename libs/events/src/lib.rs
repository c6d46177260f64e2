//! The event log of a service, its feed, and subscriptions to it.
