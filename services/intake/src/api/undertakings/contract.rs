//! Undertakings as the contract carries them.

use caseload_database::etag;
use caseload_domain::FirmId;
use caseload_domain::name::{FirmParent, MatterName, ParalegalName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::domain::undertaking::{Undertaking, UndertakingTerms};
use crate::store::undertakings::Filter;

/// Reads what was signed towards a firm.
pub(super) fn terms(
    violations: &mut Violations,
    given: &v1::Undertaking,
    firm: Option<FirmId>,
) -> Option<UndertakingTerms> {
    let paralegal: Option<ParalegalName> =
        fields::parsed(violations, "undertaking.paralegal", &given.paralegal);
    let matter = matter(violations, "undertaking.matter", &given.matter, firm);
    let (field, date) = ("undertaking.sign_date", given.sign_date.as_ref());
    let sign_date = fields::optional_date(violations, field, date)
        .and_then(|date| violations.required(field, date));
    let field = "undertaking.expire_date";
    let expire_date = fields::optional_date(violations, field, given.expire_date.as_ref());
    if let (Some(from), Some(Some(to))) = (sign_date, expire_date) {
        violations.check(field, from <= to, "is before sign_date");
    }
    let document_reference = violations.optional_text(
        "undertaking.document_reference",
        &given.document_reference,
        200,
    );
    let note = violations.optional_text("undertaking.note", &given.note, 2_000);
    Some(UndertakingTerms {
        paralegal: paralegal?.0,
        matter: matter?.map(|matter| matter.id),
        sign_date: sign_date?,
        expire_date: expire_date?,
        document_reference: document_reference?,
        note: note?,
    })
}

/// A matter of a firm, where there may be none.
fn matter(
    violations: &mut Violations,
    field: &str,
    text: &str,
    firm: Option<FirmId>,
) -> Option<Option<MatterName>> {
    let matter: Option<MatterName> = fields::optional(violations, field, text)?;
    let below = matter
        .zip(firm)
        .is_none_or(|(matter, firm)| matter.firm == firm);
    violations.check(field, below, "is not below the parent");
    Some(matter)
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListUndertakingsRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let firm = parent.and_then(FirmParent::one);
    let paralegal: Option<Option<ParalegalName>> =
        fields::optional(violations, "paralegal", &request.paralegal);
    let matter = matter(violations, "matter", &request.matter, firm);
    let in_force =
        fields::optional_date(violations, "in_force_date", request.in_force_date.as_ref());
    let matter = matter?;
    Some(Filter {
        firm: firm.or(matter.map(|matter| matter.firm)),
        paralegal: paralegal?.map(|paralegal| paralegal.0),
        matter: matter.map(|matter| matter.id),
        in_force: in_force?,
    })
}

/// An undertaking as it is answered.
pub(super) fn answer(undertaking: &Undertaking) -> v1::Undertaking {
    let (terms, end) = (&undertaking.terms, undertaking.revocation.clone());
    let firm = undertaking.name.firm;
    v1::Undertaking {
        name: undertaking.name.to_string(),
        paralegal: ParalegalName(terms.paralegal).to_string(),
        matter: terms
            .matter
            .map_or_else(String::new, |id| MatterName::new(firm, id).to_string()),
        sign_date: Some(terms.sign_date.into()),
        expire_date: terms.expire_date.map(Into::into),
        document_reference: terms.document_reference.clone(),
        note: terms.note.clone(),
        recorded_by: undertaking.recorded_by.clone(),
        create_time: Some(timestamp(undertaking.create_time)),
        revoke_time: end.as_ref().map(|end| timestamp(end.time)),
        revoked_by: end.as_ref().map(|end| end.by.clone()).unwrap_or_default(),
        revoke_reason: end.map(|end| end.reason).unwrap_or_default(),
        etag: etag::of(undertaking.version),
    }
}
