//! Documents as the contract carries them.

use caseload_database::etag;
use caseload_domain::FirmId;
use caseload_domain::name::{FirmParent, MatterName, ParalegalName, TaskName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::document::{Content, Document, DocumentVersion, is_media_type};
use crate::store::documents::Filter;
use crate::work::documents::Target;

/// The most characters of a label.
const LABEL: usize = 255;

/// What is uploaded.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) firm: FirmId,
    pub(super) target: Target,
    /// None: that of the version before.
    pub(super) display_name: Option<String>,
    pub(super) media_type: String,
    pub(super) content: Content,
}

/// Reads the first message of an upload.
pub(super) fn header(
    violations: &mut Violations,
    given: &v1::UploadDocumentHeader,
) -> Option<Header> {
    let firm = fields::firm(violations, "header.parent", &given.parent);
    let target = target(violations, given, firm);
    let display_name = label(violations, given);
    let media_type = is_media_type(&given.media_type);
    violations.check(
        "header.media_type",
        media_type,
        "must be a type and a subtype without parameters, such as application/pdf",
    );
    let size = given.size_bytes;
    violations.check("header.size_bytes", size >= 0, "must not be negative");
    let sha256 = given.sha256.as_ref().try_into();
    let sha256 = violations.keep("header.sha256", sha256.map_err(|_| "must have 32 bytes"));
    Some(Header {
        firm: firm?,
        target: target?,
        display_name: display_name?,
        media_type: media_type.then(|| given.media_type.clone())?,
        content: Content {
            size: (size >= 0).then_some(size)?,
            sha256: sha256?,
        },
    })
}

/// The one of document, task and matter that is set, below the parent.
fn target(
    violations: &mut Violations,
    given: &v1::UploadDocumentHeader,
    firm: Option<FirmId>,
) -> Option<Target> {
    let set = [&given.document, &given.task, &given.matter].map(|name| !name.is_empty());
    let (field, target, of) = match set {
        [true, false, false] => {
            let name = fields::parsed(violations, "header.document", &given.document);
            (
                "header.document",
                name.map(Target::Document),
                name.map(|name| name.firm),
            )
        }
        [false, true, false] => {
            let name: Option<TaskName> = fields::parsed(violations, "header.task", &given.task);
            (
                "header.task",
                name.map(Target::Task),
                name.map(|name| name.firm),
            )
        }
        [false, false, true] => {
            let name: Option<MatterName> =
                fields::parsed(violations, "header.matter", &given.matter);
            (
                "header.matter",
                name.map(Target::Matter),
                name.map(|name| name.firm),
            )
        }
        _ => {
            violations.add(
                "header.task",
                "must be set, or document or matter in its place: one of them",
            );
            return None;
        }
    };
    let below = of.zip(firm).is_none_or(|(of, firm)| of == firm);
    violations.check(field, below, "is not below the parent");
    target
}

/// What people call it. It is shown and never used for anything else, so it may look like a path; it must be one line.
fn label(violations: &mut Violations, given: &v1::UploadDocumentHeader) -> Option<Option<String>> {
    const FIELD: &str = "header.display_name";
    if given.display_name.is_empty() && !given.document.is_empty() {
        return Some(None);
    }
    let text = violations.text(FIELD, &given.display_name, LABEL)?;
    let one_line = !text.chars().any(char::is_control);
    violations.check(FIELD, one_line, "has a control character");
    one_line.then_some(Some(text))
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListDocumentsRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let states = numbers::all(violations, "states", &request.states);
    let task: Option<Option<TaskName>> = fields::optional(violations, "task", &request.task);
    let matter: Option<Option<MatterName>> =
        fields::optional(violations, "matter", &request.matter);
    let firm = parent.and_then(FirmParent::one);
    let firms = [
        ("task", task.flatten().map(|name| name.firm)),
        ("matter", matter.flatten().map(|name| name.firm)),
    ];
    for (field, of) in firms {
        let below = of.zip(firm).is_none_or(|(of, firm)| of == firm);
        violations.check(field, below, "is not below the parent");
    }
    Some(Filter {
        firm: parent?.one(),
        task: task?.map(|task| task.id),
        matter: matter?.map(|matter| matter.id),
        states: states?,
    })
}

/// A document as it is answered.
pub(super) fn answer(document: &Document) -> v1::Document {
    let firm = document.name.firm;
    v1::Document {
        name: document.name.to_string(),
        matter: MatterName::new(firm, document.matter).to_string(),
        task: document
            .task
            .map(|task| TaskName::new(firm, task).to_string())
            .unwrap_or_default(),
        state: document.state.number(),
        latest_version: Some(version(&document.latest)),
        delete_time: document.delete_time.map(timestamp),
        purge_time: document.purge_time.map(timestamp),
        etag: etag::of(document.version),
        create_time: Some(timestamp(document.create_time)),
        update_time: Some(timestamp(document.update_time)),
    }
}

/// A version as it is answered.
pub(super) fn version(version: &DocumentVersion) -> v1::DocumentVersion {
    v1::DocumentVersion {
        version: version.number,
        display_name: version.display_name.clone(),
        media_type: version.media_type.clone(),
        size_bytes: version.content.size,
        sha256: version.content.sha256.to_vec().into(),
        uploaded_by: version.uploaded_by.clone(),
        paralegal: version
            .paralegal
            .map(|id| ParalegalName(id).to_string())
            .unwrap_or_default(),
        create_time: Some(timestamp(version.create_time)),
    }
}
