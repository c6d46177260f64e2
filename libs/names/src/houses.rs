//! Houses that changed their name, whose funds and firms are the same under either: what no spelling can tell.
//!
//! Of public knowledge; a table like this is never whole. Within a group each entry is one of the house's names.

use std::collections::HashMap;
use std::sync::LazyLock;

#[rustfmt::skip]
const HOUSES: &[&[&str]] = &[
    &["ing", "voya"], &["allianzgi", "virtus"], &["dreyfus", "bny mellon"], &["prudential", "pgim", "jennison"],
    &["babson", "barings"], &["mainstay", "nyli"], &["tekla", "aberdeen", "hq"], &["cushing", "nxg", "swank"], &["pioneer", "victory"],
    &["claymore", "guggenheim"], &["rydex", "guggenheim"], &["evergreen", "wells fargo", "allspring"], &["van kampen", "invesco", "powershares", "aim"],
    &["seligman", "columbia", "threadneedle"], &["scudder", "dws", "deutsche", "xtrackers"], &["gabelli", "gamco"], &["tortoise", "ecofin"],
    &["delaware", "macquarie", "aberdeen"], &["legg mason", "clearbridge"], &["smith barney", "legg mason"], &["calvert", "eaton vance"],
    &["nfj", "virtus"], &["rivernorth", "doubleline"], &["credit suisse", "csfb"], &["merrill lynch", "blackrock"], &["alliancebernstein", "alliance bernstein"],
    &["facebook", "meta"], &["google", "alphabet"], &["twitter", "x"], &["square", "block"], &["anthem", "elevance", "wellpoint"],
    &["raytheon", "rtx"], &["philip morris", "altria"], &["statoil", "equinor"], &["andersen", "accenture"], &["priceline", "booking"],
    &["coach", "tapestry"], &["kors", "capri"], &["valeant", "bausch", "biovail"], &["mylan", "viatris"], &["actavis", "allergan"],
    &["quintiles", "iqvia"], &["cbs", "viacom", "viacomcbs", "paramount"], &["gmac", "ally"], &["sovereign", "santander"],
    &["nationstar", "cooper"], &["centurylink", "lumen", "qwest", "centurytel"], &["worldcom", "mci"], &["bbt", "truist", "suntrust"],
    &["daimler", "mercedes"], &["chrysler", "fiat", "stellantis", "fca"], &["dunkin", "dunkin donuts"], &["weightwatchers", "ww"], &["kraft", "mondelez"],
    &["tribune", "tronc", "tegna", "gannett"], &["hewlett packard", "hp", "hpe"], &["datang", "dtt"], &["blackwater", "academi", "constellis"],
    &["sallie mae", "navient", "slm"], &["hcp", "healthpeak"], &["hcn", "welltower"], &["l brands", "limited brands", "bath body works"],
    &["monster", "hansen"], &["riot", "bioptix"], &["michelin", "uniroyal"], &["total", "totalenergies"], &["suez", "engie", "gdf"], &["vivendi", "vivendi universal"],
    &["bt", "british telecom"], &["bp", "british petroleum"], &["ge", "general electric"], &["gm", "general motors"], &["jpm", "jpmorgan", "jp morgan"],
    &["bofa", "bank america"], &["citi", "citigroup", "citicorp"], &["kfc", "kentucky fried chicken"], &["amex", "american express"], &["mmm", "3m", "minnesota mining"],
    &["ups", "united parcel"], &["fedex", "federal express"], &["dupont", "nemours"], &["exxon", "exxonmobil", "esso"], &["bmw", "bayerische motoren"],
];

/// For a word, the houses that have it in a name.
static HOUSES_OF: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut houses: HashMap<&str, Vec<u16>> = HashMap::new();
    for (at, names) in (0_u16..).zip(HOUSES) {
        for word in names.iter().flat_map(|name| name.split(' ')) {
            let of = houses.entry(word).or_default();
            if of.last() != Some(&at) {
                of.push(at);
            }
        }
    }
    houses
});

/// The houses that have a word in one of their names, in ascending order.
pub(crate) fn of(word: &str) -> &'static [u16] {
    HOUSES_OF.get(word).map(Vec::as_slice).unwrap_or_default()
}
