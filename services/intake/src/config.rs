//! What the operator decides: `[intake]` of the configuration.

use serde::Deserialize;

/// `[intake]`: nothing is left to decide yet. A key in it is an error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeConfig {}
