//! How common words are in companies' names.
//!
//! Coarse: a word's class is the power of two below the number of names, of ten thousand that companies file under,
//! which hold it. Words of no class are rare, and telling.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Words by class, most common first.
#[rustfmt::skip]
const CLASSES: &[(u8, &[&str])] = &[
    (9, &[
        "corp", "group", "holdings", "inc", "ltd",
    ]),
    (8, &[
        "acquisition", "co", "energy", "fund", "international", "technologies", "trust",
    ]),
    (7, &[
        "adr", "bancorp", "capital", "financial", "global", "holding", "income", "resources", "systems", "technology",
        "therapeutics",
    ]),
    (6, &[
        "american", "bancshares", "china", "first", "gold", "health", "ii", "industries", "investment", "lp",
        "medical", "municipal", "new", "nuveen", "partners", "pharmaceuticals", "plc", "services", "solutions",
    ]),
    (5, &[
        "ag", "america", "asset", "bank", "bankshares", "biosciences", "blackrock", "brands", "communications",
        "community", "company", "de", "digital", "dividend", "enterprises", "entertainment", "equity", "gas",
        "healthcare", "high", "iii", "life", "llc", "management", "media", "metals", "mining", "national", "networks",
        "nv", "of", "oil", "opportunities", "pacific", "pharma", "power", "products", "properties", "real", "realty",
        "sa", "sciences", "silver", "software", "united", "usa", "ventures", "western",
    ]),
    (4, &[
        "advanced", "advantage", "ai", "air", "alliance", "alpha", "bio", "biopharma", "biotech", "blue", "bond",
        "business", "california", "care", "central", "century", "com", "commercial", "companies", "corporation",
        "credit", "data", "development", "diversified", "dynamic", "eagle", "eaton", "education", "electric",
        "electronics", "environmental", "estate", "etf", "exploration", "federal", "fi", "foods", "gaming", "general",
        "green", "growth", "home", "infrastructure", "innovations", "insurance", "interactive", "invesco",
        "investments", "investors", "liberty", "limited", "lithium", "logistics", "markets", "merger", "minerals",
        "mortgage", "natural", "network", "one", "opportunity", "petroleum", "pharmaceutical", "premium", "public",
        "quality", "rate", "reit", "resource", "royalty", "securities", "security", "senior", "solar", "star",
        "strategic", "tax", "tech", "term", "total", "universal", "us", "value", "vance", "water", "wireless",
        "world", "worldwide", "york",
    ]),
    (3, &[
        "ab", "aberdeen", "abrdn", "academy", "accounting", "advisors", "agency", "airport", "airways", "allied",
        "alternative", "apartments", "apparel", "appliances", "applied", "architects", "asia", "associates",
        "association", "atlantic", "atlas", "attorneys", "authority", "auto", "automotive", "aviation", "bakery",
        "bancorporation", "baptist", "bar", "biomedical", "biotechnology", "biotherapeutics", "bitcoin", "black",
        "blackstone", "board", "boat", "brookfield", "builders", "bus", "cafe", "cap", "catholic", "chemical",
        "children", "church", "citizens", "city", "clean", "cleaning", "clinic", "club", "coffee", "college",
        "commission", "committee", "communities", "concrete", "condominium", "consolidated", "construction",
        "consultants", "consulting", "contractors", "convertible", "cooling", "copper", "corporate", "council",
        "county", "creative", "creek", "cruise", "custom", "defense", "department", "diagnostics", "discount",
        "district", "drilling", "duration", "earth", "electrical", "emerging", "empire", "engineering", "enhanced",
        "enterprise", "estates", "excavating", "exchange", "exports", "fabrics", "family", "farms", "fashion",
        "films", "finance", "fitness", "floating", "florida", "food", "for", "foundation", "franklin", "free",
        "freight", "frontier", "gardens", "golden", "grade", "grayscale", "great", "grill", "hardware", "heating",
        "heritage", "hill", "homeowners", "homes", "horizon", "hospital", "hospitality", "hotel", "house", "imaging",
        "industrial", "information", "insured", "integrated", "interiors", "internet", "iv", "janitorial", "japan",
        "jersey", "jewelry", "kampen", "kids", "laboratories", "labs", "land", "landscaping", "law", "leasing",
        "legal", "limousine", "living", "long", "lumber", "lutheran", "machine", "managed", "manor", "manufacturing",
        "marine", "market", "marketing", "materials", "md", "memorial", "mens", "metal", "methodist", "micro",
        "midstream", "mines", "mobile", "molecular", "morgan", "motor", "motors", "mountain", "multi", "muniyield",
        "music", "neuberger", "nevada", "north", "nursing", "oak", "ocean", "ohio", "on", "oncology", "outdoor",
        "painting", "park", "paving", "pediatric", "penn", "pennsylvania", "phoenix", "physical", "pictures", "pimco",
        "pioneer", "pizza", "plastics", "plumbing", "plus", "point", "portfolio", "preferred", "premier",
        "presbyterian", "press", "prime", "printing", "pro", "productions", "professional", "property", "pt",
        "publishing", "quick", "railroad", "ranch", "rapid", "records", "regional", "rehabilitation", "remodeling",
        "rentals", "research", "residential", "resorts", "restaurant", "restaurants", "return", "river", "robotics",
        "rock", "roofing", "royal", "salon", "savings", "school", "science", "scientific", "se", "select",
        "semiconductor", "series", "service", "shoes", "sky", "smart", "society", "source", "south", "southern",
        "spa", "specialty", "sports", "staffing", "standard", "stanley", "steel", "sterling", "storage", "stores",
        "strategies", "strategy", "street", "studio", "studios", "superior", "surgical", "surveying", "sustainable",
        "system", "taxi", "tbk", "telecom", "texas", "textiles", "theater", "tool", "tools", "tours", "town",
        "township", "toys", "trading", "transportation", "travel", "trucking", "union", "university", "uranium",
        "utilities", "valley", "van", "veterans", "vi", "village", "virginia", "wellness", "west", "wholesale",
        "women", "wood", "yield",
    ]),
    (2, &[
        "1st", "acceptance", "access", "acquisitions", "advance", "advantaged", "aerospace", "agriculture",
        "aircraft", "airlines", "all", "allocation", "alpine", "alternatives", "americas", "amt", "angel", "apex",
        "apollo", "argentina", "arizona", "armada", "arrow", "art", "as", "athena", "banco", "banking", "banks",
        "basin", "battery", "bay", "bdc", "beacon", "beauty", "berman", "better", "beverage", "big", "biologics",
        "bioscience", "biotechnologies", "bridge", "bright", "bv", "by", "ca", "cable", "calamos", "canada",
        "canadian", "cannabis", "cantor", "carolina", "cascade", "cash", "castle", "catalyst", "cayman", "cell",
        "cellular", "center", "centers", "cf", "ch", "chain", "chemicals", "chesapeake", "chile", "choice",
        "churchill", "circle", "cloud", "cn", "coal", "coast", "coastal", "cohen", "collective", "columbia",
        "commerce", "compass", "computer", "concepts", "connecticut", "consumer", "container", "continental", "core",
        "cornerstone", "crescent", "crest", "critical", "crown", "cti", "currencyshares", "cv", "dakota", "db",
        "debt", "defined", "del", "delaware", "dental", "design", "designs", "device", "devices", "diamond", "direct",
        "discovery", "display", "dollar", "doubleline", "dover", "dow", "dragon", "duke", "dws", "dynamics", "east",
        "eastern", "eco", "edge", "edison", "electronic", "elite", "emerald", "encore", "entergy", "equipment",
        "ethereum", "europe", "european", "ev", "evolution", "express", "factory", "falcon", "fargo", "farmers",
        "fast", "fiber", "fidelity", "fifth", "film", "fintech", "five", "focus", "forest", "fortune", "fox",
        "frequency", "fresh", "fs", "fuel", "furniture", "fusion", "future", "gabelli", "galaxy", "games",
        "generation", "georgia", "gladstone", "glass", "globe", "goldman", "good", "government", "grand", "graphics",
        "greater", "grupo", "guaranty", "guggenheim", "hancock", "harbor", "hartford", "harvest", "heartland",
        "hennessy", "hills", "hotels", "hunter", "immune", "impact", "imports", "in", "independence", "index",
        "india", "indonesia", "industry", "ing", "ingredients", "innovation", "innovative", "insight", "institute",
        "institutional", "intelligent", "intermediate", "iris", "iron", "island", "jack", "james", "john", "jones",
        "jupiter", "keystone", "lab", "lake", "lakes", "latin", "lazard", "learning", "legacy", "legend", "leisure",
        "li", "lifesciences", "light", "lincoln", "lines", "link", "lion", "liquidating", "loan", "maritime",
        "massachusetts", "med", "medicine", "medicines", "merchants", "mercury", "mfs", "michigan", "mid",
        "millennium", "mills", "mini", "mlp", "mobility", "monarch", "motion", "municipals", "nano", "net",
        "nexpoint", "noble", "northern", "northwest", "now", "ny", "offshore", "old", "online", "open", "organic",
        "origin", "orion", "osprey", "owens", "oxford", "pa", "pace", "paper", "partnership", "path", "peoples",
        "performance", "permian", "pinnacle", "pipeline", "plains", "plans", "platforms", "pr", "precision",
        "private", "processing", "progress", "prospect", "provident", "pte", "pubco", "pure", "putnam", "quantum",
        "quest", "radius", "railway", "recovery", "recycling", "renewable", "republic", "response", "retail", "rex",
        "ridge", "rivernorth", "rmr", "rural", "sab", "sachs", "safe", "safety", "sales", "santander", "sea",
        "sector", "secure", "shares", "shipping", "shop", "short", "sierra", "silicon", "sino", "sm", "social",
        "solana", "sound", "southwest", "spac", "space", "special", "spectrum", "sprott", "square", "state", "states",
        "steers", "stone", "sub", "suisse", "summit", "sun", "sunrise", "sunshine", "supply", "support", "target",
        "tc", "technical", "telecommunications", "terra", "the", "therapies", "third", "thomas", "titan", "to",
        "tortoise", "trade", "training", "trans", "transfer", "transition", "transnational", "transport", "tron",
        "tv", "two", "ultra", "universe", "utility", "vanguard", "vantage", "venture", "video", "virtual", "virtus",
        "vision", "voyager", "waste", "wells", "white", "williams", "wind", "wisconsin",
    ]),
];

/// The table by word, built once.
static TABLE: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let classed = |(class, words): &(u8, &'static [&'static str])| {
        let class = *class;
        words
            .iter()
            .map(move |word| (*word, class))
            .collect::<Vec<_>>()
    };
    CLASSES.iter().flat_map(classed).collect()
});

/// The class of a word: 0 of a rare one, to 9 of "inc", which every other name holds.
pub(crate) fn class(word: &str) -> u8 {
    TABLE.get(word).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_one_class() {
        let count: usize = CLASSES.iter().map(|(_, words)| words.len()).sum();
        assert_eq!(TABLE.len(), count);
        assert!(class("inc") > class("energy") && class("energy") > class("quantum"));
        assert_eq!(class("zyxomma"), 0);
    }
}
