//! What is written reads back as it was.

use caseload_ledes::{
    Amount, Charge, FlatFee, Identifier, Invoice, LineItem, Matter, PersonName, Quantity, Text,
    Timekeeper, read, write,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use time::Date;

fn identifier() -> impl Strategy<Value = Identifier> {
    "[A-Z0-9][A-Z0-9-]{0,18}[A-Z0-9]".prop_map(|text| Identifier::sanitised(&text).unwrap())
}

fn text() -> impl Strategy<Value = Text> {
    "[\\x20-\\x7e\\r\\n\\té“ß—]{0,80}".prop_map(|text| Text::new(&text).unwrap())
}

fn date() -> impl Strategy<Value = Date> {
    (0_i32..73_000).prop_map(|days| Date::from_julian_day(2_415_021 + days).unwrap())
}

fn quantity(most: i64) -> impl Strategy<Value = Quantity> {
    (0..most).prop_map(|number| Quantity::new(Decimal::new(number, 4)).unwrap())
}

fn timekeeper() -> impl Strategy<Value = Timekeeper> {
    (identifier(), "[A-Za-zé' -]{0,20}[A-Z]", "[A-Za-z .]{0,20}").prop_map(|(id, family, given)| {
        Timekeeper::paralegal(id, PersonName::new(&family, &given).unwrap()).unwrap()
    })
}

fn amount() -> impl Strategy<Value = Amount> {
    (-1_000_000_i64..10_000_000).prop_map(|cents| Amount::new(Decimal::new(cents, 2)).unwrap())
}

fn charge() -> impl Strategy<Value = (Charge, Amount)> {
    let code =
        || prop::option::of("[A-Z][0-9]{3}".prop_map(|code| Identifier::new(&code).unwrap()));
    prop_oneof![
        (
            quantity(250_000),
            quantity(5_000_000),
            code(),
            code(),
            timekeeper(),
            amount()
        )
            .prop_map(
                |(units, unit_cost, task, activity, timekeeper, adjustment)| {
                    let fee = Charge::Fee {
                        units,
                        unit_cost,
                        task,
                        activity,
                        timekeeper,
                    };
                    (fee, adjustment)
                }
            ),
        (
            quantity(250_000),
            quantity(5_000_000),
            "E[0-9]{3}",
            amount()
        )
            .prop_map(|(units, unit_cost, code, adjustment)| {
                let code = Identifier::new(&code).unwrap();
                (
                    Charge::Expense {
                        units,
                        unit_cost,
                        code,
                    },
                    adjustment,
                )
            }),
        (0_i64..10_000_000, code(), timekeeper(), any::<bool>()).prop_map(
            |(cents, task, keeper, as_cost)| {
                let style = if as_cost {
                    FlatFee::UnitCost
                } else {
                    FlatFee::Adjustment
                };
                style
                    .charge(Amount::new(Decimal::new(cents, 2)).unwrap(), task, keeper)
                    .unwrap()
            }
        ),
        amount().prop_map(|amount| (Charge::ExpenseAdjustment, amount)),
    ]
}

prop_compose! {
    fn invoice()(
        number in identifier(),
        client in identifier(),
        law_firm in identifier(),
        date in date(),
        one in date(),
        other in date(),
        description in text(),
        lines in prop::collection::vec((charge(), identifier(), prop::option::of(identifier()), date(), text()), 1..12),
    ) -> Invoice {
        let lines = lines
            .into_iter()
            .enumerate()
            .map(|(at, ((charge, adjustment), law_firm, client, day, description))| {
                let number = Identifier::new(&(at + 1).to_string()).unwrap();
                LineItem::new(number, Matter { law_firm, client }, day, description, charge, adjustment).unwrap()
            })
            .collect();
        Invoice {
            date,
            number,
            client,
            law_firm,
            period_start: one.min(other),
            period_end: one.max(other),
            description,
            lines,
        }
    }
}

proptest! {
    #[test]
    fn a_written_file_reads_back_as_the_same_invoices(first in invoice(), second in invoice()) {
        prop_assume!((&first.number, &first.client) != (&second.number, &second.client));
        prop_assume!(!first.total().is_sign_negative() && !second.total().is_sign_negative());
        let invoices = [first, second];
        let file = write(&invoices).unwrap();
        prop_assert!(file.is_ascii());
        prop_assert_eq!(read(&file).unwrap(), invoices);
    }

    #[test]
    fn no_file_makes_the_reader_panic(rows in prop::collection::vec("[0-9A-Z|.\\[\\]-]{0,120}", 0..6)) {
        let _ = read(&format!("LEDES1998B[]\n{}", rows.join("[]\n")));
    }

    #[test]
    fn a_damaged_file_is_refused_or_still_adds_up(invoice in invoice(), at in any::<prop::sample::Index>(), byte in b' '..b'~') {
        prop_assume!(!invoice.total().is_sign_negative());
        let mut file = write(&[invoice]).unwrap().into_bytes();
        let at = at.index(file.len());
        file[at] = byte;
        if let Ok(invoices) = read(std::str::from_utf8(&file).unwrap()) {
            for invoice in invoices {
                let again = write(std::slice::from_ref(&invoice)).unwrap();
                prop_assert_eq!(read(&again).unwrap(), [invoice]);
            }
        }
    }
}
