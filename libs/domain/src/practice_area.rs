//! Practice areas: the 161 names of areas of law of the SALI LMSS and FOLIO standards, as facts.

use std::fmt;
use std::str::FromStr;

/// The text is not the name of a practice area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a practice area: PracticeAreaService lists them")]
pub struct UnknownPracticeArea;

/// An area of law, by its standard name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PracticeArea(usize);

impl PracticeArea {
    /// Every practice area, in the order of their names.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..AREAS.len()).map(Self)
    }

    /// The name, for example "Patent Law".
    pub fn name(self) -> &'static str {
        AREAS[self.0].0
    }

    /// The names of the areas that it belongs to. Empty: none, or not known.
    pub fn parents(self) -> &'static [&'static str] {
        AREAS[self.0].1
    }

    /// The IRI in the FOLIO standard; none when it is not known.
    pub fn iri(self) -> Option<&'static str> {
        let known = IRIS.iter().find(|(name, _)| *name == self.name());
        known.map(|(_, iri)| *iri)
    }
}

impl FromStr for PracticeArea {
    type Err = UnknownPracticeArea;

    /// The exact name; nothing near it.
    fn from_str(name: &str) -> Result<Self, UnknownPracticeArea> {
        AREAS
            .binary_search_by_key(&name, |area| area.0)
            .map(Self)
            .map_err(|_| UnknownPracticeArea)
    }
}

impl fmt::Display for PracticeArea {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Debug for PracticeArea {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PracticeArea({})", self.name())
    }
}

/// Names with those of their parents, ordered by name: the lookup is a binary search.
#[rustfmt::skip]
const AREAS: &[(&str, &[&str])] = &[
    ("Accident Benefits Law", &[]),
    ("Admiralty and Maritime Law", &["Commercial and Trade Law"]),
    ("Adoption, Surrogacy, and Paternity Law", &[]),
    ("Advertising Law", &[]),
    ("Agriculture Law", &[]),
    ("Air Quality Law", &["Environmental and Natural Resource Law"]),
    ("Anti-Corruption Law", &["Criminal Law"]),
    ("Antitrust and Competition Law", &["Commercial and Trade Law"]),
    ("Assault Law", &[]),
    ("Asset Forfeiture Law", &["Criminal Law"]),
    ("Aviation Law", &[]),
    ("Bank Secrecy and Anti-Money Laundering Law", &["Banking Law"]),
    ("Banking Law", &[]),
    ("Banking Operations Law", &["Banking Law"]),
    ("Bankruptcy, Insolvency, and Restructuring Law", &[]),
    ("Broadcasting Law", &[]),
    ("Broker-Dealer Law", &[]),
    ("Buddhist Law", &[]),
    ("Business Organizations Law", &["Corporate Law"]),
    ("Business and Financial Crimes Law", &["Criminal Law"]),
    ("Cannabis Law", &[]),
    ("Canon Law", &[]),
    ("Captive Insurance Law", &[]),
    ("Chemical Safety Law", &["Environmental and Natural Resource Law"]),
    ("Civil Contract Law", &["Contract Law"]),
    ("Commercial Finance Law", &["Finance and Lending Law"]),
    ("Commercial Transactions Law", &["Commercial and Trade Law", "Contract Law"]),
    ("Commercial and Trade Law", &[]),
    ("Commodities Law", &[]),
    ("Condominium Law", &[]),
    ("Constitutional and Civil Rights Law", &[]),
    ("Construction and Development Law", &[]),
    ("Consumer Protection Law", &["Commercial and Trade Law"]),
    ("Contaminant Cleanup Law", &["Environmental and Natural Resource Law"]),
    ("Contract Law", &[]),
    ("Copyright Law", &[]),
    ("Corporate Governance Law", &["Corporate Law"]),
    ("Corporate Insolvency Law", &["Bankruptcy, Insolvency, and Restructuring Law"]),
    ("Corporate Law", &[]),
    ("Criminal Law", &[]),
    ("Cryptocurrency Law", &["Banking Law"]),
    ("Custody Law", &[]),
    ("Cybercrime Law", &["Criminal Law"]),
    ("Cybersecurity Law", &[]),
    ("Debt Collection Law", &["Finance and Lending Law"]),
    ("Defamation Law", &[]),
    ("Derivatives and Futures Law", &[]),
    ("Disability Insurance Law", &[]),
    ("Discrimination Law", &["Constitutional and Civil Rights Law"]),
    ("Education Law", &[]),
    ("Election Law", &[]),
    ("Eminent Domain Law", &[]),
    ("Employee Pension and Benefits Law", &[]),
    ("Employee Stock Ownership Plans Law", &[]),
    ("Employment Contracts Law", &["Contract Law"]),
    ("Employment Discrimination Law", &[]),
    ("Employment Health and Safety Law", &[]),
    ("Employment Immigration Law", &[]),
    ("Employment Law", &[]),
    ("Energy Law", &[]),
    ("Energy Sales and Transmission Law", &["Energy Law"]),
    ("Entertainment Law", &[]),
    ("Environmental and Natural Resource Law", &[]),
    ("Environmental, Social, and Governance Law", &["Constitutional and Civil Rights Law", "Environmental and Natural Resource Law"]),
    ("Estates, Gifts, and Trusts Law", &[]),
    ("Exchanges Law", &[]),
    ("Finance and Lending Law", &[]),
    ("Financial Reporting Law", &[]),
    ("Fish and Game Law", &["Environmental and Natural Resource Law"]),
    ("Food and Drug Law", &[]),
    ("Forest Resources Law", &["Environmental and Natural Resource Law"]),
    ("Franchise Law", &["Commercial and Trade Law"]),
    ("Fraud and Economic Torts Law", &[]),
    ("Gaming Law", &[]),
    ("Government Access and Disclosure Law", &[]),
    ("Government Contracts Law", &["Contract Law"]),
    ("Health Law", &[]),
    ("Hindu Law", &[]),
    ("Hydroelectric Energy Law", &[]),
    ("Immigration Law", &[]),
    ("Impact Assessment Law", &["Environmental and Natural Resource Law"]),
    ("Independent Contractor Law", &["Contract Law"]),
    ("Indigenous People's Law", &[]),
    ("Indigenous and Tribal Religious Laws", &[]),
    ("Individual Rights Law", &["Constitutional and Civil Rights Law"]),
    ("Information Security Law", &[]),
    ("Insurance Law", &[]),
    ("Intellectual Property Law", &[]),
    ("Investment Advisor Law", &[]),
    ("Investment Companies Law", &[]),
    ("Islamic Law", &[]),
    ("Jewish Law", &[]),
    ("Juvenile Law", &[]),
    ("Labor Law", &[]),
    ("Labor and Employment Law", &[]),
    ("Land Use and Zoning Law", &[]),
    ("Landlord Tenant Law", &[]),
    ("Law of Obligations", &[]),
    ("Lender Liability Law", &["Finance and Lending Law"]),
    ("Mass Torts Law", &[]),
    ("Matrimonial Law", &[]),
    ("Mergers and Acquisitions Law", &["Corporate Law"]),
    ("Military and Veterans Law", &[]),
    ("Mineral Resources Law", &["Environmental and Natural Resource Law"]),
    ("Motor Vehicle Law", &[]),
    ("Municipal Law", &[]),
    ("Negligence and Malpractice Law", &[]),
    ("Non-Profit and Tax-Exempt Organizations Law", &[]),
    ("Nuclear Law", &["Energy Law"]),
    ("Oil and Gas Law", &["Energy Law"]),
    ("Organized Crime Law", &["Criminal Law"]),
    ("Patent Law", &[]),
    ("Pay Equity Law", &[]),
    ("Personal Injury and Tort Law", &[]),
    ("Personal Insolvency Law", &["Bankruptcy, Insolvency, and Restructuring Law"]),
    ("Personal Property Law", &[]),
    ("Personal and Family Law", &[]),
    ("Political Rights Law", &["Constitutional and Civil Rights Law"]),
    ("Prison Law", &["Criminal Law"]),
    ("Privacy Law", &[]),
    ("Private Equity, Hedge Funds and Venture Capital Law", &[]),
    ("Probate Law", &[]),
    ("Product Liability Law", &[]),
    ("Project Finance Law", &[]),
    ("Property Rights and Transactions Law", &["Contract Law"]),
    ("Public Finance Law", &[]),
    ("Public Health and Welfare Law", &[]),
    ("Public Policy and Government Affairs Law", &[]),
    ("Public and Administrative Law", &[]),
    ("Railway Law", &[]),
    ("Real Property Law", &[]),
    ("Reduction in Force Law", &[]),
    ("Religious Law", &[]),
    ("Renewable Energy Law", &["Energy Law"]),
    ("Securities and Financial Instruments Law", &[]),
    ("Security Offerings and Capital Markets Law", &[]),
    ("Sikh Law", &[]),
    ("Solar Energy Law", &[]),
    ("Sports Law", &[]),
    ("Structured Finance Law", &["Finance and Lending Law"]),
    ("Substance Abuse and Drug Testing Law", &[]),
    ("Tax Credits Law", &[]),
    ("Tax Law", &[]),
    ("Tax and Revenue Law", &[]),
    ("Telecommunication Utilities Law", &[]),
    ("Telecommunications Law", &[]),
    ("Telecommunications, Media, and Entertainment Law", &[]),
    ("Termination Law", &[]),
    ("Trade Law", &["Commercial and Trade Law"]),
    ("Trade Secret Law", &[]),
    ("Trademark and Trade Dress Law", &[]),
    ("Transportation Law", &[]),
    ("Trusts and Estate Planning Law", &[]),
    ("Unemployment Benefits Law", &[]),
    ("Wage and Hour Law", &[]),
    ("Waste Management Law", &["Environmental and Natural Resource Law"]),
    ("Water Quality Law", &["Environmental and Natural Resource Law"]),
    ("Water Resources and Wetlands Law", &["Environmental and Natural Resource Law"]),
    ("Wildlife and Plants Law", &["Environmental and Natural Resource Law"]),
    ("Wind Power Law", &[]),
    ("Workers Compensation Law", &[]),
];

/// The IRIs that are known.
const IRIS: &[(&str, &str)] = &[(
    "Bankruptcy, Insolvency, and Restructuring Law",
    "https://folio.openlegalstandard.org/R8g9E8c4U6pZQefIjUNRuDd",
)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_practice_area_is_found_by_its_exact_name_alone() {
        for area in PracticeArea::all() {
            assert_eq!(area.name().parse(), Ok(area));
            assert!(area.name().to_uppercase().parse::<PracticeArea>().is_err());
        }
        assert_eq!(PracticeArea::all().len(), 161);
        assert!("".parse::<PracticeArea>().is_err());
    }

    #[test]
    fn the_parent_of_a_practice_area_is_one_too() {
        for area in PracticeArea::all() {
            for parent in area.parents() {
                assert!(parent.parse::<PracticeArea>().is_ok(), "{parent} of {area}");
            }
        }
    }

    #[test]
    fn an_iri_is_that_of_a_practice_area() {
        let known: Vec<_> = PracticeArea::all().filter_map(PracticeArea::iri).collect();
        assert_eq!(known.len(), IRIS.len());
    }

    #[test]
    fn names_are_in_order_so_that_they_can_be_searched() {
        assert!(AREAS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
