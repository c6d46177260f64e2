//! The table of roles and permissions, as a matrix that is reviewed when it changes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use caseload_auth::{Policy, Role, roles};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/roles.golden");

fn matrix() -> String {
    let permissions = roles::all_permissions();
    let width = permissions.iter().map(|word| word.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}", "");
    for role in Role::ALL {
        write!(text, "  {role}").unwrap();
    }
    text.push('\n');
    for permission in permissions {
        let mut line = format!("{permission:width$}");
        for role in Role::ALL {
            let mark = if roles::grants(role, permission) {
                "yes"
            } else {
                "-"
            };
            write!(line, "  {mark:column$}", column = role.word().len()).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[test]
fn the_matrix_is_the_one_that_was_reviewed() {
    let now = matrix();
    if std::env::var_os("CASELOAD_BLESS").is_some() {
        std::fs::write(GOLDEN, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(GOLDEN).unwrap();
    assert!(
        now == reviewed,
        "libs/auth/src/roles.rs grants other permissions than tests/roles.golden shows.\n\
         If that is meant: CASELOAD_BLESS=1 cargo test -p caseload-auth, and review the difference.\n\n{now}"
    );
}

#[test]
fn every_permission_is_asked_for_by_some_method() {
    let pool = caseload_proto::descriptors();
    let services: Vec<_> = pool
        .services()
        .map(|service| service.full_name().to_owned())
        .collect();
    let policy = Policy::from_descriptors(pool, &services).unwrap();
    let asked: BTreeSet<_> = policy
        .rules()
        .map(|(_, rule)| rule.permission.as_str())
        .collect();
    let mut unasked = roles::all_permissions();
    unasked.retain(|permission| !asked.contains(permission));
    assert!(
        unasked.is_empty(),
        "granted, and good for nothing: {unasked:?}"
    );
}
