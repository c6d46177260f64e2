//! Where a firm can be found, whom to speak to, and what it asks of its bills.

use caseload_domain::zone::Zone;
use time::Date;

use super::words::words;

/// A place where a firm works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Chosen by the firm.
    pub office_id: String,
    /// The name.
    pub display_name: String,
    /// Where it is.
    pub address: PostalAddress,
    /// Where its days begin and end; none for where the firm's do.
    pub time_zone: Option<Zone>,
    /// In the form of E.164; empty for none.
    pub phone: String,
    /// Whether it is the primary one.
    pub primary: bool,
}

/// Where letters reach somebody. What is empty is not part of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress {
    /// The country, as [`is_region`] knows it.
    pub region_code: String,
    /// The language that it is written in.
    pub language_code: String,
    /// The postal code.
    pub postal_code: String,
    /// What the country's post sorts by beside it.
    pub sorting_code: String,
    /// The state or province.
    pub administrative_area: String,
    /// The town.
    pub locality: String,
    /// The part of the town.
    pub sublocality: String,
    /// The lines below the recipients.
    pub address_lines: Vec<String>,
    /// Who receives.
    pub recipients: Vec<String>,
    /// The organisation that they receive for.
    pub organization: String,
}

/// Somebody at a firm, or a desk, to speak to. An email, a phone, or both are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmContact {
    /// Chosen by the firm.
    pub contact_id: String,
    /// The name.
    pub display_name: String,
    /// What about.
    pub kind: FirmContactKind,
    /// Empty for none.
    pub email: String,
    /// In the form of E.164; empty for none.
    pub phone: String,
}

words! {
    /// What somebody at a firm is spoken to about.
    pub enum FirmContactKind {
        /// Anything.
        General = "general",
        /// Invoices and payments.
        Billing = "billing",
        /// Work under way.
        Operations = "operations",
        /// Conflicts of interest.
        Conflicts = "conflicts",
        /// Confidentiality, the protection of data, and its loss.
        Security = "security",
    }
}

/// What a firm asks of its bills, as a document of its own says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingGuidelines {
    /// The title.
    pub title: String,
    /// Which version; empty when not told.
    pub version: String,
    /// The day from which it holds; none when not told.
    pub effective_date: Option<Date>,
    /// Where it is.
    pub location: GuidelinesLocation,
}

/// Where billing guidelines are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuidelinesLocation {
    /// They can be read there.
    Uri(String),
    /// Their number or path in the firm's own documents.
    DocumentReference(String),
}

/// Whether exactly one office is the primary one, or there is none at all.
pub fn has_one_primary(offices: &[Office]) -> bool {
    offices.is_empty() || offices.iter().filter(|office| office.primary).count() == 1
}

/// Whether a text is a telephone number in the form of ITU E.164: a plus sign, and 7 to 15 digits of which the first is
/// not 0.
pub fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text is the two-letter code of a country or territory: ISO 3166-1, and "XK" for Kosovo, which ISO leaves
/// to its users and the post and CLDR use.
pub fn is_region(code: &str) -> bool {
    code.len() == 2 && REGIONS.split_ascii_whitespace().any(|known| known == code)
}

const REGIONS: &str = "
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_code_of_a_country() {
        for known in ["US", "DE", "IN", "XK"] {
            assert!(is_region(known), "{known}");
        }
        for odd in ["", "us", "UK", "EU", "USA", "ZZ", "U", "S "] {
            assert!(!is_region(odd), "{odd:?}");
        }
        // ISO 3166-1 has 249.
        assert_eq!(REGIONS.split_ascii_whitespace().count(), 250);
    }

    #[test]
    fn a_phone_is_a_plus_sign_and_digits() {
        for fine in ["+13125550100", "+4930901820", "+1234567"] {
            assert!(is_phone(fine), "{fine}");
        }
        for odd in [
            "",
            "13125550100",
            "+1 312 555 0100",
            "+0123456789",
            "+123456",
            "+1234567890123456",
            "+١٢٣٤٥٦٧٨٩",
        ] {
            assert!(!is_phone(odd), "{odd:?}");
        }
    }

    #[test]
    fn of_several_offices_one_is_the_primary_one() {
        let office = |primary| Office {
            office_id: "chicago".to_owned(),
            display_name: "Chicago".to_owned(),
            address: PostalAddress {
                region_code: "US".to_owned(),
                language_code: String::new(),
                postal_code: String::new(),
                sorting_code: String::new(),
                administrative_area: String::new(),
                locality: "Chicago".to_owned(),
                sublocality: String::new(),
                address_lines: Vec::new(),
                recipients: Vec::new(),
                organization: String::new(),
            },
            time_zone: None,
            phone: String::new(),
            primary,
        };
        assert!(has_one_primary(&[]));
        assert!(has_one_primary(&[office(false), office(true)]));
        assert!(!has_one_primary(&[office(false)]));
        assert!(!has_one_primary(&[office(true), office(true)]));
    }
}
