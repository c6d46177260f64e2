//! A change of one paralegal: made, put on record, announced.

use caseload_database::{Transaction, etag};
use caseload_domain::name::ParalegalName;
use caseload_events::Act;
use caseload_proto::caseload::assignment::v1::ParalegalChanged;
use caseload_runtime::Call;

use super::convert;
use crate::domain::paralegal::{Paralegal, Profile};
use crate::error::Error;
use crate::store::roster::{self, Entry};

/// A change of one paralegal: lock, hold against the etag, change, write, record, announce.
pub(super) struct Change {
    pub(super) call: Call,
    pub(super) name: ParalegalName,
    pub(super) etag: String,
}

impl Change {
    pub(super) async fn make(
        &self,
        tx: &mut Transaction,
        change: impl FnOnce(&mut Entry) -> Result<(), Error>,
    ) -> Result<Entry, Error> {
        roster::lock(tx, &[self.name.0]).await?;
        let before = roster::find(tx, self.name.0)
            .await?
            .ok_or_else(|| Error::NotFound(self.name.to_string()))?;
        etag::check(&self.etag, before.paralegal.version)?;
        let mut after = before.clone();
        change(&mut after)?;
        after.paralegal.version += 1;
        let act = Act::from(&self.call);
        after.update_time = act.now;
        roster::update(tx, &after).await?;
        tell(tx, &act, Some(&before), &after).await?;
        Ok(after)
    }
}

/// Makes a paralegal active or inactive, which they are not already.
pub(super) fn switch(entry: &mut Entry, name: ParalegalName, active: bool) -> Result<(), Error> {
    let word = |active| if active { "active" } else { "inactive" }.to_owned();
    if entry.paralegal.active == active {
        return Err(Error::WrongState {
            resource: name.to_string(),
            from: word(active),
            to: word(active),
        });
    }
    entry.paralegal.active = active;
    Ok(())
}

/// Puts a change on record and announces it.
pub(super) async fn tell(
    tx: &mut Transaction,
    act: &Act,
    before: Option<&Entry>,
    after: &Entry,
) -> Result<(), Error> {
    let name = ParalegalName(after.paralegal.id).to_string();
    let (was, is) = (before.map(on_record), on_record(after));
    act.record(tx, None, name.clone(), was, Some(is)).await?;
    let payload = ParalegalChanged {
        paralegal: Some(convert::paralegal_snapshot(after)),
    };
    Ok(act.announce(tx, None, name, &payload).await?)
}

/// What the record keeps of a paralegal.
fn on_record(entry: &Entry) -> serde_json::Value {
    let Paralegal {
        active, profile, ..
    } = &entry.paralegal;
    let Profile { pay, .. } = profile;
    let skills: Vec<String> = profile
        .skills
        .iter()
        .map(|skill| {
            let kind = skill.kind.map_or("", |kind| kind.as_str());
            format!("{}/{kind}/{}", skill.practice_area, skill.level.get())
        })
        .collect();
    let project: std::collections::BTreeMap<&str, String> = pay
        .project
        .iter()
        .map(|(kind, fee)| (kind.as_str(), fee.to_string()))
        .collect();
    serde_json::json!({
        "active": active,
        "given_name": profile.given_name,
        "family_name": profile.family_name,
        "timekeeper_id": profile.timekeeper_id,
        "time_zone": profile.zone.name(),
        "skills": skills,
        "jurisdictions": profile.jurisdictions,
        "language_codes": profile.language_codes,
        "certifications": profile.certifications,
        "weekly_capacity_seconds": profile.weekly_capacity,
        "task_limit": profile.task_limit,
        "hourly_rate": pay.hourly.map(|rate| rate.to_string()),
        "project_pay": project,
    })
}
