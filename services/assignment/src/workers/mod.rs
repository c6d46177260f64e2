//! What runs on its own: the sweep that expires offers.

pub mod expiry;
