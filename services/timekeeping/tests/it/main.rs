//! Timekeeping over real gRPC and PostgreSQL, fed by stand-ins for intake and assignment.

mod bad_input;
mod catalogue;
mod events;
mod following;
mod listing;
mod no_overlap;
mod races;
mod recording;
mod reversing;
mod reviewing;
mod rules;
mod timers;
mod world;
