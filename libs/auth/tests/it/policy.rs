//! What the contracts must say before a server may start.

use caseload_auth::{Policy, policy::Reach};

use crate::support::contract::{method, policy, pool};

fn faults(methods: &str) -> Vec<String> {
    Policy::from_descriptors(&pool(methods), ["test.v1.TestService"])
        .unwrap_err()
        .faults
}

#[test]
fn a_rule_is_found_by_its_methods_path() {
    let policy = policy();
    let rule = policy.rule("/test.v1.TestService/OfFirms").unwrap();
    assert_eq!(
        (rule.permission.as_str(), rule.reach),
        ("tasks.read", Reach::Firm)
    );
    let reach = |name: &str| {
        policy
            .rule(&format!("/test.v1.TestService/{name}"))
            .unwrap()
            .reach
    };
    assert_eq!(reach("OfParalegals"), Reach::Own);
    assert_eq!(reach("OfSuite"), Reach::Suite);
    assert_eq!(reach("OfEveryone"), Reach::Public);
}

#[test]
fn a_path_that_is_not_a_methods_own_has_no_rule() {
    let policy = policy();
    for path in [
        "/test.v1.TestService/Unknown",
        "/test.v1.TestService/offirms",
        "/test.v1.TestService/OfEveryone/",
        "//test.v1.TestService/OfEveryone",
        "/test.v1.TestService/",
        "/",
        "",
        "/grpc.health.v1.Health/Other",
        "/caseload.events.v1.EventService/FollowEvents",
    ] {
        assert_eq!(policy.rule(path), None, "{path}");
    }
}

#[test]
fn health_and_reflection_are_public() {
    let policy = policy();
    for path in [
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ] {
        assert_eq!(policy.rule(path).unwrap().reach, Reach::Public, "{path}");
    }
}

#[test]
fn a_contract_that_leaves_access_open_is_refused_with_every_fault() {
    let methods = [
        "rpc Bare(Empty) returns (Empty);\n".to_owned(),
        method("Good", r#"permission: "tasks.read" reach: REACH_FIRM"#),
        method("NoReach", r#"permission: "tasks.read""#),
        method("NoPermission", "reach: REACH_SUITE"),
        method("Misspelt", r#"permission: "task.read" reach: REACH_FIRM"#),
        method(
            "Contradiction",
            r#"permission: "tasks.read" reach: REACH_PUBLIC"#,
        ),
    ];
    let faults = faults(&methods.concat());
    let all = faults.join("\n");
    for name in [
        "Bare",
        "NoReach",
        "NoPermission",
        "Misspelt",
        "Contradiction",
    ] {
        assert!(
            all.contains(&format!("test.v1.TestService.{name} ")),
            "{name} in {all}"
        );
    }
    assert_eq!(faults.len(), 5, "{all}");
}

#[test]
fn a_service_that_no_contract_describes_is_refused() {
    let pool = pool("");
    assert!(Policy::from_descriptors(&pool, ["test.v1.OtherService"]).is_err());
    let empty = prost_reflect::DescriptorPool::new();
    assert!(Policy::from_descriptors(&empty, Vec::<String>::new()).is_err());
}

#[test]
fn every_service_of_the_contracts_says_who_may_call_it() {
    let pool = caseload_proto::descriptors();
    let services: Vec<_> = pool
        .services()
        .map(|service| service.full_name().to_owned())
        .collect();
    assert!(!services.is_empty());
    let policy = Policy::from_descriptors(pool, &services);
    assert!(policy.is_ok(), "{policy:?}");
}
