//! What each role may do: the one table. Whatever is not in it is denied.
//!
//! A permission is `collection.verb`, as the contracts' access option names it. A service whose contract names a
//! permission that no role here has refuses to start. `tests/roles.golden` shows the table as a matrix; after a
//! change, `CASELOAD_BLESS=1 cargo test -p caseload-auth` rewrites it for review.

use std::collections::BTreeSet;

use crate::Role;

/// The permissions that a role grants.
#[expect(clippy::too_many_lines, reason = "one table, on one page")]
pub const fn permissions(role: Role) -> &'static [&'static str] {
    match role {
        Role::FirmAdmin => &[
            "firms.read",
            "firms.write",
            "matters.read",
            "matters.write",
            "requests.read",
            "requests.write",
            "tasks.read",
            "tasks.write",
            "tasks.hold",
            "deliveries.read",
            "deliveries.review",
            "documents.read",
            "documents.download",
            "documents.write",
            "comments.read",
            "comments.write",
            "request_templates.read",
            "request_templates.write",
            "undertakings.read",
            "service_levels.read",
            "assignments.read",
            "practice_areas.read",
            "time_entries.read",
            "time_entries.approve",
            "time_rules.read",
            "rate_cards.read",
            "invoices.read",
        ],
        Role::Attorney => &[
            "firms.read",
            "matters.read",
            "matters.write",
            "requests.read",
            "requests.write",
            "tasks.read",
            "tasks.write",
            "tasks.hold",
            "deliveries.read",
            "deliveries.review",
            "documents.read",
            "documents.download",
            "documents.write",
            "comments.read",
            "comments.write",
            "request_templates.read",
            "request_templates.write",
            "undertakings.read",
            "service_levels.read",
            "assignments.read",
            "practice_areas.read",
            "time_entries.read",
            "time_entries.approve",
            "time_rules.read",
            "invoices.read",
        ],
        Role::Paralegal => &[
            "tasks.read",
            "deliveries.read",
            "deliveries.write",
            "documents.read",
            "documents.download",
            "documents.write",
            "comments.read",
            "comments.write",
            "practice_areas.read",
            "paralegals.read",
            "assignments.read",
            "assignments.answer",
            "timers.write",
            "time_entries.read",
            "time_entries.write",
            "time_rules.read",
            "pay.read",
        ],
        Role::Coordinator => &[
            "firms.read",
            "firms.write",
            "matters.read",
            "matters.write",
            "conflicts.read",
            "requests.read",
            "requests.write",
            "requests.review",
            "tasks.read",
            "tasks.write",
            "tasks.hold",
            "deliveries.read",
            "documents.read",
            "comments.read",
            "comments.write",
            "request_templates.read",
            "request_templates.write",
            "undertakings.read",
            "undertakings.write",
            "service_levels.read",
            "practice_areas.read",
            "paralegals.read",
            "plans.read",
            "plans.write",
            "assignments.read",
            "assignments.manage",
            "time_entries.read",
        ],
        Role::OperationsManager => &[
            "firms.read",
            "firms.write",
            "firms.suspend",
            "matters.read",
            "requests.read",
            "tasks.read",
            "tasks.hold",
            "deliveries.read",
            "documents.read",
            "document_settings.write",
            "undertakings.read",
            "undertakings.write",
            "service_levels.read",
            "practice_areas.read",
            "paralegals.read",
            "paralegals.write",
            "plans.read",
            "plans.write",
            "assignments.read",
            "assignments.manage",
            "time_entries.read",
            "time_entries.reverse",
            "time_rules.read",
            "time_rules.write",
            "rate_cards.read",
            "invoices.read",
            "pay.read",
        ],
        Role::Reviewer => &[
            "firms.read",
            "matters.read",
            "requests.read",
            "tasks.read",
            "deliveries.read",
            "deliveries.review",
            "documents.read",
            "documents.download",
            "comments.read",
            "comments.write",
            "service_levels.read",
            "practice_areas.read",
            "time_entries.read",
            "time_entries.approve",
            "time_entries.reverse",
            "time_rules.read",
        ],
        Role::BillingClerk => &[
            "firms.read",
            "matters.read",
            "tasks.read",
            "practice_areas.read",
            "time_entries.read",
            "time_rules.read",
            "time_rules.write",
            "rate_cards.read",
            "rate_cards.write",
            "invoices.read",
            "invoices.write",
            "invoices.issue",
            "pay.read",
        ],
        Role::ConflictOfficer => &[
            "firms.read",
            "matters.read",
            "conflicts.read",
            "conflicts.resolve",
            "requests.read",
            "undertakings.read",
            "practice_areas.read",
        ],
        Role::Service => &["events.follow"],
    }
}

/// Whether a role grants a permission.
pub fn grants(role: Role, permission: &str) -> bool {
    permissions(role).contains(&permission)
}

/// Every permission that some role grants, in alphabetical order.
pub fn all_permissions() -> BTreeSet<&'static str> {
    Role::ALL
        .into_iter()
        .flat_map(permissions)
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_a_collection_and_a_verb_and_is_listed_once_a_role() {
        for role in Role::ALL {
            let listed = permissions(role);
            let unique: BTreeSet<_> = listed.iter().collect();
            assert_eq!(
                unique.len(),
                listed.len(),
                "{role} lists a permission twice"
            );
            for permission in listed {
                let (collection, verb) = permission.split_once('.').unwrap();
                for word in [collection, verb] {
                    assert!(!word.is_empty());
                    assert!(word.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
                }
            }
        }
    }

    #[test]
    fn nobody_of_a_firm_sees_pay_plans_or_conflicts() {
        for role in [Role::FirmAdmin, Role::Attorney] {
            for permission in [
                "pay.read",
                "plans.read",
                "conflicts.read",
                "paralegals.read",
            ] {
                assert!(!grants(role, permission), "{role} has {permission}");
            }
        }
    }

    #[test]
    fn deliveries_are_judged_by_the_firm_or_by_a_reviewer_and_never_by_who_made_or_planned_them() {
        for role in Role::ALL {
            let judges = matches!(role, Role::FirmAdmin | Role::Attorney | Role::Reviewer);
            assert_eq!(grants(role, "deliveries.review"), judges, "{role}");
        }
    }

    #[test]
    fn files_are_opened_by_those_who_work_on_them_and_their_firm_alone() {
        for role in Role::ALL {
            let opens = matches!(
                role,
                Role::FirmAdmin | Role::Attorney | Role::Paralegal | Role::Reviewer
            );
            assert_eq!(grants(role, "documents.download"), opens, "{role}");
        }
    }
}
