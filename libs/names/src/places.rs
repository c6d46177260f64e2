//! Words that say where, or in whose money: they tell the funds, banks and branches of one house apart.

use std::collections::HashSet;
use std::sync::LazyLock;

const PLACES: &str = "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho \
    illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri \
    montana nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee \
    texas utah vermont virginia washington wisconsin wyoming us usa america american canada canadian mexican brazil brazilian \
    argentina chile chilean peru colombia europe european asia asian africa african pacific atlantic china chinese japan \
    japanese korea korean taiwan india indian indonesia malaysia thai thailand singapore philippines vietnam hong kong australia \
    australian zealand germany german france french italy italian spain spanish portugal swiss switzerland austria dutch \
    netherlands belgium sweden swedish norway denmark danish finland poland polish russia russian ukraine turkey turkish greece \
    israel egypt saudi emirates dubai qatar kuwait uk british britain england english scotland scottish ireland irish wales \
    euro sterling yen dollar franc peso yuan latin central eastern western northern southern north south east west northeast \
    northwest southeast southwest midwest";

static TABLE: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| PLACES.split_whitespace().collect());

/// Whether a word, in its canonical spelling, says where or in whose money.
pub(crate) fn is_place(word: &str) -> bool {
    TABLE.contains(word)
}
