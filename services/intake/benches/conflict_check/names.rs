//! Names of companies and people that nobody has, made up from a seed. Words are skewed as they are in registers: a few
//! are in every tenth name, most in one of thousands.

/// Words that many companies share, the most frequent first.
const COMMON: &[&str] = &[
    "Holdings",
    "Group",
    "Capital",
    "Partners",
    "International",
    "Services",
    "Global",
    "American",
    "National",
    "Investment",
    "Management",
    "Technologies",
    "Solutions",
    "Systems",
    "Financial",
    "Bank",
    "Energy",
    "Properties",
    "United",
    "First",
    "Trust",
    "Industries",
    "Insurance",
    "Medical",
    "Health",
    "Pharmaceuticals",
    "Resources",
    "Development",
    "Realty",
    "Media",
    "Logistics",
    "Foods",
    "Software",
    "Networks",
    "Construction",
    "Consulting",
    "Pacific",
    "Atlantic",
    "Northern",
    "Western",
    "Eastern",
    "Central",
    "Texas",
    "California",
    "London",
    "New York",
    "Ventures",
    "Enterprises",
    "Motors",
    "Airlines",
];
const FORMS: &[&str] = &[
    "Inc.", "LLC", "Corp.", "Ltd.", "Co.", "L.P.", "GmbH", "PLC", "S.A.", "AG",
];
const GIVEN: &[&str] = &[
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Christopher",
    "Karen",
    "Charles",
    "Lisa",
    "Daniel",
    "Nancy",
    "Matthew",
    "Betty",
    "Anthony",
    "Sandra",
    "Mark",
    "Margaret",
    "Donald",
    "Ashley",
    "Steven",
    "Kimberly",
    "Andrew",
    "Emily",
    "Paul",
    "Donna",
    "Joshua",
    "Michelle",
    "Kenneth",
    "Carol",
    "Kevin",
    "Amanda",
    "Brian",
    "Melissa",
    "Timothy",
    "Deborah",
    "Ronald",
    "Stephanie",
    "Priya",
    "Rahul",
    "Wei",
    "Fatima",
    "Ahmed",
    "Sofia",
];
const SURNAMES: &[&str] = &[
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Gonzalez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Nguyen",
    "Hill",
    "Flores",
    "Green",
    "Adams",
    "Nelson",
    "Baker",
    "Hall",
    "Rivera",
    "Campbell",
    "Mitchell",
    "Carter",
    "Roberts",
    "Patel",
    "Khan",
    "Chen",
    "Kim",
    "Singh",
];
const BEGINNINGS: &[&str] = &[
    "Bel", "Cor", "Dan", "El", "Far", "Gran", "Hal", "In", "Jor", "Kal", "Lum", "Mar", "Nor", "Or",
    "Pal", "Quin", "Ros", "Sal", "Tor", "Ul", "Ver", "Wes", "Xan", "Yar", "Zen", "Ash", "Brod",
    "Clay", "Dray", "Fen",
];
const MIDDLES: &[&str] = &[
    "a", "e", "i", "o", "u", "an", "en", "in", "or", "ar", "el", "al", "is", "ov", "ett", "ill",
    "amb", "ord", "ast", "ev",
];
const ENDINGS: &[&str] = &[
    "ton", "ford", "ley", "man", "berg", "well", "stein", "son", "dale", "wick", "ix", "ex", "is",
    "on", "ra", "ta", "na", "via", "sys", "tek", "co", "ler", "ner", "by", "stad", "ski",
];

/// How many words are rare.
const RARE: usize = 100_000;

/// Makes names up.
#[derive(Debug)]
pub(crate) struct Names {
    state: u64,
}

impl Names {
    /// From the same seed come the same names.
    pub(crate) const fn from_seed(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number (`SplitMix64`).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// The first far more often than the last: as often as its place is far from the end, thrice over.
    fn skewed(&mut self, bound: usize) -> usize {
        let drawn = [self.below(bound), self.below(bound), self.below(bound)];
        drawn.into_iter().min().unwrap()
    }

    fn skewed_of(&mut self, words: &'static [&'static str]) -> &'static str {
        words[self.skewed(words.len())]
    }

    /// A word that few names have: the first of many words somewhat more often than the last.
    fn rare(&mut self) -> String {
        let drawn = [self.below(RARE), self.below(RARE)];
        let rank = drawn.into_iter().min().unwrap();
        let mut letters = Self::from_seed(u64::try_from(rank).unwrap());
        let mut word = BEGINNINGS[letters.below(BEGINNINGS.len())].to_owned();
        for _ in 0..=letters.below(2) {
            word.push_str(MIDDLES[letters.below(MIDDLES.len())]);
        }
        word.push_str(ENDINGS[letters.below(ENDINGS.len())]);
        word
    }

    fn company(&mut self) -> String {
        let mut words = Vec::new();
        match self.below(10) {
            0 => words.extend([self.rare(), "&".to_owned(), self.rare()]),
            1 => {}
            2 | 3 => words.extend([self.rare(), self.rare()]),
            _ => words.push(self.rare()),
        }
        for _ in 0..=self.below(2) + usize::from(words.is_empty()) {
            words.push(self.skewed_of(COMMON).to_owned());
        }
        if !self.one_in(4) {
            words.push(self.skewed_of(FORMS).to_owned());
        }
        words.join(" ")
    }

    fn person(&mut self) -> String {
        let given = self.skewed_of(GIVEN);
        let surname = if self.one_in(3) {
            self.skewed_of(SURNAMES).to_owned()
        } else {
            self.rare()
        };
        match self.below(4) {
            0 => format!("{surname}, {given}"),
            1 => {
                let initial = char::from(b'A' + u8::try_from(self.below(26)).unwrap());
                format!("{given} {initial}. {surname}")
            }
            _ => format!("{given} {surname}"),
        }
    }

    /// A company's or a person's, three to two.
    pub(crate) fn party(&mut self) -> String {
        if self.below(5) < 3 {
            self.company()
        } else {
            self.person()
        }
    }

    /// What a check asks for: a new name, or one of the crowd as somebody else writes it.
    pub(crate) fn asked(&mut self, crowd: &[String]) -> String {
        let name = crowd[self.below(crowd.len())].clone();
        match self.below(6) {
            0 | 1 => self.party(),
            2 => name,
            3 => name.to_uppercase(),
            4 => {
                let mut words: Vec<&str> = name.split(' ').collect();
                words.rotate_left(1);
                words.join(" ")
            }
            // A slip.
            _ => {
                let mut letters: Vec<char> = name.chars().collect();
                let at = self.below(letters.len() - 1);
                letters.swap(at, at + 1);
                letters.into_iter().collect()
            }
        }
    }
}
