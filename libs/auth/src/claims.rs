//! What a token says. Every claim is read into a type, so that one that is there twice or is of another type fails.

use caseload_domain::{FirmId, ParalegalId};
use serde::Deserialize;

use crate::role::Side;
use crate::{Caller, InvalidToken, Role, Who};

/// The claims of an access token. Claims that are not named here are of no interest.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: Audience,
    pub(crate) sub: String,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    #[serde(default)]
    pub(crate) nbf: Option<i64>,
    /// Read so that its type is checked; a token's identity is its digest.
    #[expect(dead_code, reason = "required of a token, and of no use to us")]
    jti: String,
    roles: Vec<String>,
    #[serde(default)]
    firm: Option<String>,
    #[serde(default)]
    paralegal: Option<String>,
}

/// One audience or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(crate) fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(only) => only == audience,
            Self::Several(all) => all.iter().any(|one| one == audience),
        }
    }
}

/// The longest subject that is written into records.
const LONGEST_SUBJECT: usize = 256;

impl Claims {
    /// The caller that the claims describe, if they fit together.
    pub(crate) fn caller(&self) -> Result<Caller, InvalidToken> {
        check_subject(&self.sub)?;
        let mut roles = Vec::with_capacity(self.roles.len());
        for word in &self.roles {
            let role: Role = word.parse().map_err(|_| InvalidToken::Roles)?;
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        let firm = parse(self.firm.as_deref())?;
        let paralegal = parse(self.paralegal.as_deref())?;
        Ok(Caller {
            subject: self.sub.clone(),
            who: who(&roles, firm, paralegal)?,
            roles,
            remote: None,
        })
    }
}

/// Whether what a caller does can be recorded under their subject.
pub(crate) fn check_subject(subject: &str) -> Result<(), InvalidToken> {
    let fit = !subject.is_empty()
        && subject.len() <= LONGEST_SUBJECT
        && !subject.chars().any(char::is_control)
        // Workers of the suite record what they do under this prefix.
        && !subject.starts_with("system:");
    if fit {
        Ok(())
    } else {
        Err(InvalidToken::Subject)
    }
}

fn parse<T: std::str::FromStr>(id: Option<&str>) -> Result<Option<T>, InvalidToken> {
    id.map(str::parse)
        .transpose()
        .map_err(|_| InvalidToken::Roles)
}

/// Whom the bearer of these roles and claims acts for. A firm's roles come with a firm, a paralegal's with a
/// paralegal, the suite's with neither, and roles of two sides don't mix: such a token is a provider's mistake, and
/// guessing which half of it was meant would be ours.
pub(crate) fn who(
    roles: &[Role],
    firm: Option<FirmId>,
    paralegal: Option<ParalegalId>,
) -> Result<Who, InvalidToken> {
    let side = roles.first().ok_or(InvalidToken::Roles)?.side();
    if roles.iter().any(|role| role.side() != side) {
        return Err(InvalidToken::Roles);
    }
    match (side, firm, paralegal) {
        (Side::Firm, Some(firm), None) => Ok(Who::Firm(firm)),
        (Side::Paralegal, None, Some(paralegal)) => Ok(Who::Paralegal(paralegal)),
        (Side::Suite, None, None) => Ok(Who::Suite),
        _ => Err(InvalidToken::Roles),
    }
}
