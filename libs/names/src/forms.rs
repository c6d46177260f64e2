//! What a firm's legal form adds to its name, and the words that come and go between two spellings of one name.

/// Legal forms and their abbreviations of the countries that the suite's firms and their opponents come from, as
/// [`words`](crate::words) gives them.
#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    // English
    "apc", "chartered", "chtd", "cic", "cio", "co", "company", "corp", "corporation", "corporated", "dac", "inc",
    "incorporated", "incorp", "lc", "limited", "llc", "llp", "lllp", "lp", "ltd", "ltee", "na", "nl", "npc", "partnership",
    "pbc", "pc", "plc", "pllc", "private", "proprietary", "pty", "pte", "pvt", "rlllp", "rllp", "scio", "sdn",
    "bhd", "berhad", "uc", "ulc", "unlimited", "unltd", "llcs",
    // German, Dutch, Nordic
    "ab", "ag", "agmvk", "aktiengesellschaft", "aktiebolag", "aktieselskab", "ans", "aps", "as", "asa", "ba", "bv",
    "bvba", "cv", "cvba", "da", "eg", "ehf", "ek", "ev", "gbr", "gesellschaft", "gmbh", "ggmbh", "haftungsbeschrankt",
    "hb", "hf", "is", "kb", "kg", "kgaa", "ks", "mbh", "nv", "og", "ohf", "ohg", "osakeyhtio", "oy", "oyj", "se", "ug",
    "vof", "vzw",
    // Romance languages
    "anonima", "anonyme", "compania", "cpa", "eireli", "eirl", "eurl", "lda", "limitada", "ltda", "sa", "saa", "sab",
    "sac", "sae", "sapi", "sapa", "sarl", "sas", "sasu", "sau", "sca", "scarl", "scop", "scpa", "scrl", "scs", "sicav",
    "sl", "slne", "slu", "snc", "sociedad", "sociedade", "societa", "societe", "spa", "sprl", "srl", "srls", "unipersonal",
    // Central and Eastern Europe, Turkey
    "ad", "akciova", "anonim", "doo", "dd", "eood", "jsc", "kft", "kd", "kda", "kom", "nyrt", "oao", "ojsc", "ood", "ooo",
    "ou", "pao", "pjsc", "rt", "sia", "sirketi", "sk", "spolka", "spol", "sro", "sti", "tov", "uab", "zao", "zrt", "cjsc",
    // Asia and Africa
    "gk", "kabushiki", "kaisha", "kk", "pt", "tbk", "wll", "fze", "fzco", "fzc", "fzllc", "qsc", "saog", "yk", "jk",
];

/// Forms written in East Asian scripts, which stand before or after a name with nothing between.
const UNSPACED_FORMS: &[&str] = &[
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "주식회사",
    "유한회사",
];

/// Words that come and go between two spellings of one name.
const CONNECTIVES: &[&str] = &["and", "et", "of", "the", "und", "for"];

/// What is said of a party and is no part of its name.
const REMARKS: &[&str] = &["subsidiaries", "subsidiary", "affiliates", "affiliate"];

/// Abbreviations and the word they stand for; both sides in the form that [`words`](crate::words) gives.
#[rustfmt::skip]
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("acad", "academy"), ("acct", "accounting"), ("acq", "acquisition"), ("acquisitions", "acquisition"),
    ("admin", "administration"), ("adv", "advanced"), ("advtg", "advertising"), ("amer", "american"),
    ("assn", "association"), ("assoc", "associates"), ("assocs", "associates"), ("assoctn", "association"),
    ("asst", "assistance"), ("auth", "authority"),  
      ("bd", "board"), ("bk", "bank"), ("bldg", "building"), ("bldgs", "buildings"),
    ("blvd", "boulevard"), ("bros", "brothers"), ("bur", "bureau"), ("cap", "capital"), ("centre", "center"), ("cent", "central"),
    ("chem", "chemical"), ("clb", "club"), ("cmnty", "community"), ("cmty", "community"), ("cncl", "council"),
    ("cnty", "county"), ("comm", "communications"), ("commn", "commission"), ("comms", "communications"),
    ("condo", "condominium"),  ("cons", "consolidated"),  ("constr", "construction"),
    ("coop", "cooperative"), ("cty", "county"), ("ctr", "center"), ("cts", "courts"), ("dep", "department"), ("dept", "department"),
    ("dev", "development"), ("dist", "district"), ("distrib", "distribution"), ("div", "division"),
    ("econ", "economic"),  ("educ", "education"), ("elec", "electric"), ("eng", "engineering"),
    ("engg", "engineering"), ("engr", "engineering"), ("ent", "enterprise"),  ("enters", "enterprises"), ("entmt", "entertainment"),
    ("env", "environmental"), ("envtl", "environmental"), ("equip", "equipment"), ("exch", "exchange"), ("fdn", "foundation"),
    ("fed", "federal"), ("fedn", "federation"), ("fin", "financial"), ("finl", "financial"), ("fndn", "foundation"),
     ("ft", "fort"), ("gen", "general"), ("govt", "government"), ("gp", "group"), ("grp", "group"),
    ("gtd", "guaranteed"), ("hldg", "holdings"), ("hldgs", "holdings"), ("hlth", "health"), ("holding", "holdings"),
    ("hosp", "hospital"), ("hous", "housing"), ("hsg", "housing"),  ("ind", "industries"), ("indep", "independent"),
    ("inds", "industries"), ("indus", "industries"), ("info", "information"), ("infrastr", "infrastructure"), ("ins", "insurance"), ("inst", "institute"),
    ("instr", "instruments"), ("intermed", "intermediate"), ("internatl", "international"), ("intl", "international"), ("inv", "investment"),
    ("invs", "investments"), ("invt", "investment"), ("lab", "laboratory"), ("labs", "laboratories"), ("lib", "library"),
    ("liab", "liability"), ("mach", "machinery"), ("maint", "maintenance"), ("mem", "memorial"), ("meml", "memorial"), ("merch", "merchandise"),
    ("mfg", "manufacturing"), ("mfr", "manufacturer"), ("mfrs", "manufacturers"), ("mgmt", "management"),
    ("mgt", "management"), ("mkt", "market"), ("mktg", "marketing"), ("mkts", "markets"), ("mt", "mount"), ("mtg", "mortgage"), ("mtn", "mountain"),
    ("mtns", "mountains"), ("muni", "municipal"), ("mun", "municipal"), ("mut", "mutual"), ("nat", "national"), ("natl", "national"),
    ("org", "organization"), ("organisation", "organization"), ("pac", "pacific"), ("petro", "petroleum"), ("pharm", "pharmaceuticals"),
    ("pharma", "pharmaceuticals"), ("pharms", "pharmaceuticals"), ("prod", "products"), ("prods", "products"),  ("profl", "professional"),
    ("prop", "properties"), ("props", "properties"), ("prot", "protection"), ("ptnrs", "partners"), ("ptnr", "partner"), ("pub", "public"),
    ("publg", "publishing"), ("rd", "road"), ("realestate", "realty"), ("ref", "refining"), ("reg", "regional"), ("rehab", "rehabilitation"), ("res", "resources"), 
    ("rr", "railroad"), ("ry", "railway"), ("sav", "savings"), ("sch", "school"), ("sci", "science"), ("scis", "sciences"), ("sec", "security"), ("secs", "securities"),
    ("ser", "series"), ("serv", "services"), ("servs", "services"), ("snr", "senior"), ("soc", "society"), ("soln", "solutions"), ("solns", "solutions"),
    ("spec", "specialty"), ("ste", "sainte"), ("st", "saint"), ("sts", "saints"), ("sur", "surety"), ("svc", "services"), ("svcs", "services"),
    ("sys", "systems"), ("tech", "technology"), ("techs", "technologies"), ("tel", "telephone"), ("telecom", "telecommunications"), ("telecomm", "telecommunications"),
    ("theatre", "theater"), ("transp", "transportation"), ("trans", "transport"), ("tr", "trust"), ("twp", "township"), ("univ", "university"), ("usa", "us"),
    ("util", "utilities"), ("utils", "utilities"), ("vet", "veterans"), ("vill", "village"), ("whsle", "wholesale"), ("wks", "works"),
    ("abrdn", "aberdeen"), ("aluminium", "aluminum"), ("labour", "labor"), ("harbour", "harbor"), ("colour", "color"), ("defence", "defense"),
    ("grey", "gray"), ("programme", "program"), ("jewellers", "jewelers"), ("tyre", "tire"),
];

/// Two-letter codes of the American states and of countries that registers append to a name.
#[rustfmt::skip]
const PLACE_CODES: &[&str] = &[
    "ak", "al", "ar", "az", "ca", "co", "ct", "dc", "de", "fl", "ga", "hi", "ia", "id", "il", "in", "ks", "ky", "la",
    "ma", "md", "me", "mi", "mn", "mo", "ms", "mt", "nc", "nd", "ne", "nh", "nj", "nm", "nv", "ny", "oh", "ok", "or",
    "pa", "pr", "ri", "sc", "sd", "tn", "tx", "ut", "va", "vt", "wa", "wi", "wv", "wy", "fi", "uk", "us", "can",
    "new", "adr", "adv", "cayman", "bermuda",
];

/// Whether a word is a legal form.
pub(crate) fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.contains(&word)
}

/// Whether a word comes and goes between two spellings of one name.
pub(crate) fn is_connective(word: &str) -> bool {
    CONNECTIVES.contains(&word)
}

/// Whether a word is said of a party without being part of its name.
pub(crate) fn is_remark(word: &str) -> bool {
    REMARKS.contains(&word)
}

/// Whether a word is the code of a place that a register appends.
pub(crate) fn is_place_code(word: &str) -> bool {
    PLACE_CODES.contains(&word)
}

/// What an abbreviation stands for, or the word itself.
pub(crate) fn in_full(word: &str) -> &str {
    ABBREVIATIONS
        .iter()
        .find_map(|(short, long)| (*short == word).then_some(*long))
        .unwrap_or(word)
}

/// A word of an East Asian script without the legal form that stands before or after it.
pub(crate) fn without_unspaced_form(word: &str) -> &str {
    let rest = UNSPACED_FORMS.iter().fold(word, |word, form| {
        let word = word.strip_prefix(form).unwrap_or(word);
        word.strip_suffix(form).unwrap_or(word)
    });
    if rest.is_empty() { word } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn the_tables_are_in_the_form_that_words_have() {
        let short = ABBREVIATIONS.iter().flat_map(|(short, long)| [short, long]);
        for word in LEGAL_FORMS
            .iter()
            .chain(CONNECTIVES)
            .chain(REMARKS)
            .chain(PLACE_CODES)
            .chain(short)
        {
            assert_eq!(words(word), [*word]);
        }
    }

    #[test]
    fn an_abbreviation_stands_for_a_word_in_full() {
        for (short, long) in ABBREVIATIONS {
            assert_eq!(in_full(in_full(short)), *long, "{short}");
        }
    }
}
