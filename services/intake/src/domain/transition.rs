//! Moves between states. Each state machine is one table; a move that is not in it is refused.

/// A resource is in a state from which it can't go where it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the {what} is {from} and can't become {to}")]
pub struct WrongState {
    /// What it is: `request`, `task`.
    pub what: &'static str,
    /// The state that it is in.
    pub from: &'static str,
    /// The state that was asked for.
    pub to: &'static str,
}

/// One line of a table: from a state, by a move, to a state.
pub type Transition<S, M> = (S, M, S);

/// Where a move leads from a state; none when the table has no such line.
pub fn after<S: Copy + PartialEq, M: Copy + PartialEq>(
    table: &[Transition<S, M>],
    from: S,
    by: M,
) -> Option<S> {
    table
        .iter()
        .find(|(state, step, _)| *state == from && *step == by)
        .map(|(_, _, to)| *to)
}
