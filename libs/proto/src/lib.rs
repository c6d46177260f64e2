//! The contracts of Caseload: generated types, descriptors, and the parsing of requests.
//!
//! # Layout
//! - [`caseload`] and [`google`]: what is generated from `proto/`
//! - [`DESCRIPTOR_SET`] and [`descriptors`]: the contracts as data, options and all
//! - [`parse`]: from a request to a domain command, gathering every violation
//! - [`mask`]: which fields an update changes
//! - [`convert`]: between contract types and the domain's
//! - [`status`]: errors as a caller sees them, each with a stable reason

pub mod convert;
pub mod mask;
pub mod parse;
pub mod status;

mod contracts {
    #![allow(
        missing_docs,
        unreachable_pub,
        rustdoc::all,
        clippy::all,
        clippy::pedantic
    )]
    include!(concat!(env!("OUT_DIR"), "/contracts.rs"));
}

pub use contracts::{caseload, google};

/// Every contract as an encoded `google.protobuf.FileDescriptorSet`, imports and source comments included.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The contracts, decoded once.
pub fn descriptors() -> &'static prost_reflect::DescriptorPool {
    static POOL: std::sync::LazyLock<prost_reflect::DescriptorPool> =
        std::sync::LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the bytes are made by this crate's build"
            )]
            prost_reflect::DescriptorPool::decode(DESCRIPTOR_SET)
                .expect("the embedded descriptor set decodes")
        });
    &POOL
}
