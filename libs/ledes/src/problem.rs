//! What is wrong with a file, and where.

use std::fmt;

use rust_decimal::Decimal;

use crate::field::Field;
use crate::number::NumberError;
use crate::text::TextError;

/// Something wrong, placed by the line of the file and the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, the first being 1.
    pub line: usize,
    /// The field. None: the line as a whole.
    pub field: Option<Field>,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The first line does not say LEDES1998B.
    #[error("the file does not begin with LEDES1998B[]")]
    Signature,
    /// The second line does not name this field here.
    #[error("should be named {0}")]
    HeaderName(&'static str),
    /// The line does not end as every line must.
    #[error("the line does not end with []")]
    LineEnd,
    /// The line has another number of fields.
    #[error("the line has {0} fields, not 24")]
    FieldCount(usize),
    /// The file has no line item, or the invoice has none.
    #[error("there is no line item")]
    NoLines,
    /// The field must not be empty here.
    #[error("is required")]
    Missing,
    /// The field must be empty on a line of this type.
    #[error("must be blank on a line of type {0}")]
    NotBlank(&'static str),
    /// The type is none of F, E, IF and IE.
    #[error("is not one of F, E, IF and IE")]
    LineType,
    /// It is not a date.
    #[error("is not a date of the form YYYYMMDD")]
    Date,
    /// The period ends before it starts.
    #[error("is before the start of the period")]
    PeriodOrder,
    /// The text can't stand there.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The number can't stand there.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The total of the line is not units × unit cost + adjustment.
    #[error("is {stated}, but units × unit cost + adjustment is {computed}")]
    LineTotal {
        /// What the file says.
        stated: Decimal,
        /// What it comes to.
        computed: Decimal,
    },
    /// The total of the invoice is not the sum of its lines.
    #[error("is {stated}, but the lines of the invoice add up to {computed}")]
    InvoiceTotal {
        /// What the file says.
        stated: Decimal,
        /// What the lines add up to.
        computed: Decimal,
    },
    /// Two lines of an invoice have the same number.
    #[error("is the number of line {0} of the file, too")]
    LineNumberTwice(usize),
    /// A field of the invoice differs from the first line of the same invoice.
    #[error("differs from line {0}, of the same invoice")]
    Differs(usize),
}

impl Problem {
    /// A problem of a field.
    pub(crate) fn at(line: usize, field: Field, cause: impl Into<Cause>) -> Self {
        Self {
            line,
            field: Some(field),
            cause: cause.into(),
        }
    }

    /// A problem of a whole line.
    pub(crate) const fn of(line: usize, cause: Cause) -> Self {
        Self {
            line,
            field: None,
            cause,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)?;
        if let Some(field) = self.field {
            write!(out, ", {field}")?;
        }
        write!(out, ": {}", self.cause)
    }
}

impl std::error::Error for Problem {}
