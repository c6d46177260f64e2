//! LEDES invoice files, written and read. No I/O: text in, text out.
//!
//! The types can't hold what the format can't carry, so that what is written is valid by construction, and what is
//! read has been checked: every problem of a file is reported, placed by its line and field.
//!
//! # Layout
//! - [`field`]: the 24 fields of LEDES 1998B
//! - [`text`]: identifiers, names and prose, brought to the format's alphabet
//! - [`number`]: units and amounts, as wide as their fields
//! - [`invoice`]: an invoice and its lines, and how they add up
//! - [`flat_fee`]: how a client wants flat fees shown
//! - [`mod@write`], [`mod@read`]: the file
//! - [`problem`]: what is wrong, and where
//!
//! # Example
//! ```
//! use caseload_ledes::{Charge, Invoice, LineItem, Matter, Quantity, Timekeeper, read, write};
//! use caseload_ledes::{Amount, Identifier, PersonName, Text};
//! use time::macros::date;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let line = LineItem::new(
//!     Identifier::new("1")?,
//!     Matter { law_firm: Identifier::new("M-0001")?, client: None },
//!     date!(2026 - 03 - 02),
//!     Text::new("Drafted the motion to compel | first half")?,
//!     Charge::Fee {
//!         units: Quantity::new("1.5".parse()?)?,
//!         unit_cost: Quantity::new("95".parse()?)?,
//!         task: Some(Identifier::new("L350")?),
//!         activity: Some(Identifier::new("A103")?),
//!         timekeeper: Timekeeper::paralegal(Identifier::new("PL-7")?, PersonName::new("Núñez", "Ana")?)?,
//!     },
//!     Amount::ZERO,
//! )?;
//! let invoice = Invoice {
//!     date: date!(2026 - 04 - 01),
//!     number: Identifier::new("KIRK-000001")?,
//!     client: Identifier::new("KIRK")?,
//!     law_firm: Identifier::new("12-3456789")?,
//!     period_start: date!(2026 - 03 - 01),
//!     period_end: date!(2026 - 03 - 31),
//!     description: Text::new("Paralegal services")?,
//!     lines: vec![line],
//! };
//! let file = write(std::slice::from_ref(&invoice)).map_err(|problems| problems[0].to_string())?;
//! assert!(file.contains("|142.50|"));
//! assert_eq!(read(&file).map_err(|problems| problems[0].to_string())?, [invoice]);
//! # Ok(())
//! # }
//! ```

pub mod field;
pub mod flat_fee;
pub mod invoice;
pub mod number;
pub mod problem;
pub mod read;
pub mod text;
pub mod write;

mod gather;

pub use field::Field;
pub use flat_fee::FlatFee;
pub use invoice::{Charge, Invoice, LineItem, Matter, Timekeeper};
pub use number::{Amount, NumberError, Quantity};
pub use problem::{Cause, Problem};
pub use read::read;
pub use text::{Identifier, PersonName, Text, TextError};
pub use write::write;

/// The first line of a LEDES 1998B file, without its end.
pub(crate) const SIGNATURE: &str = "LEDES1998B";

/// What ends every line of the file.
pub(crate) const LINE_END: &str = "[]";
