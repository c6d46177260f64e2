//! The contract's enums of deadlines, which travel as numbers, and the library's.

use caseload_deadlines::{Authority, Direction, SaturdayHolidays, Service, Unit};
use caseload_proto::caseload::intake::v1;

use crate::api::numbers::Numbered;

macro_rules! numbered {
    ($($word:ident = $contract:ident { $($value:ident),* $(,)? })*) => {$(
        impl Numbered for $word {
            fn of_number(number: i32) -> Result<Option<Self>, &'static str> {
                match v1::$contract::try_from(number) {
                    Ok(v1::$contract::Unspecified) => Ok(None),
                    $(Ok(v1::$contract::$value) => Ok(Some(Self::$value)),)*
                    Err(_) => Err("is not a value of its enum"),
                }
            }

            fn number(self) -> i32 {
                match self { $(Self::$value => v1::$contract::$value.into()),* }
            }
        }
    )*};
}

numbered! {
    Unit = DeadlineUnit { Hours, Days, Weeks, Months, Years }
    Direction = DeadlineDirection { After, Before }
    Service = ServiceMethod { InHand, Mail, LeftWithClerk, Electronic, OtherConsented }
    Authority = HolidayAuthority { Nation, State }
    SaturdayHolidays = SaturdayHolidays { FridayBefore, DayItself }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_crosses_the_contract_and_back() {
        for unit in Unit::ALL {
            assert_eq!(Unit::of_number(unit.number()), Ok(Some(unit)));
        }
        for service in Service::ALL {
            assert_eq!(Service::of_number(service.number()), Ok(Some(service)));
        }
        for direction in [Direction::After, Direction::Before] {
            assert_eq!(
                Direction::of_number(direction.number()),
                Ok(Some(direction))
            );
        }
        assert_eq!(Unit::of_number(0), Ok(None));
        assert!(Unit::of_number(99).is_err());
    }
}
