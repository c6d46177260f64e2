//! A contract with a method of each reach, and the faults that a contract may have.

use caseload_auth::Policy;
use prost_reflect::DescriptorPool;

/// Reads methods, each with what stands between its braces, into the contracts of a service `test.v1.TestService`.
pub(crate) fn pool(methods: &str) -> DescriptorPool {
    let directory = tempfile::tempdir().unwrap();
    let source = format!(
        r#"syntax = "proto3";
           package test.v1;
           import "caseload/type/v1/access.proto";
           message Empty {{}}
           service TestService {{ {methods} }}"#
    );
    std::fs::write(directory.path().join("test.proto"), source).unwrap();
    let contracts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto");
    let mut compiler = protox::Compiler::new([directory.path(), contracts.as_ref()]).unwrap();
    compiler.include_imports(true);
    compiler.open_file("test.proto").unwrap();
    DescriptorPool::decode(compiler.encode_file_descriptor_set().as_slice()).unwrap()
}

/// A method with an access option.
pub(crate) fn method(name: &str, access: &str) -> String {
    format!(
        "rpc {name}(Empty) returns (Empty) {{ option (caseload.type.v1.access) = {{ {access} }}; }}\n"
    )
}

/// The policy of a service with a method of each reach.
pub(crate) fn policy() -> Policy {
    let methods = [
        method("OfFirms", r#"permission: "tasks.read" reach: REACH_FIRM"#),
        method("OfParalegals", r#"permission: "pay.read" reach: REACH_OWN"#),
        method("OfSuite", r#"permission: "tasks.read" reach: REACH_SUITE"#),
        method("OfEveryone", "reach: REACH_PUBLIC"),
    ];
    Policy::from_descriptors(&pool(&methods.concat()), ["test.v1.TestService"]).unwrap()
}
