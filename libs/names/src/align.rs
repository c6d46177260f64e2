//! Which words of one name are which of another.

use crate::face::Face;
use crate::name::MAX_WORDS;
use crate::score::Likeness;
use crate::word::Word;

/// How close words count that a slip explains.
const SLIP: f32 = 0.965;

/// The words of two names laid against one another. What is said of sides is said of `[one, other]`.
#[expect(clippy::struct_excessive_bools, reason = "each is a piece of evidence")]
pub(crate) struct Alignment {
    /// For each word of one, the word of the other and how close they are.
    pairs: [Option<(usize, f32)>; MAX_WORDS],
    taken: [u32; 2],
    pub(crate) by: Likeness,
    pub(crate) shared: f32,
    /// The weight of words that are the same, by how common they are: rare, in between, common.
    pub(crate) same: [f32; 3],
    /// The weight of words taken for one another that are not the same, likewise.
    pub(crate) near: [f32; 3],
    /// The weight of letters that differ between words taken for one another.
    pub(crate) letters_lost: f32,
    pub(crate) weight_left: [f32; 2],
    /// Words that found no like, of either side, by how common they are.
    pub(crate) left: [[u8; 3]; 2],
    /// Places, years and currencies among them, which tell a house's funds apart.
    pub(crate) places_left: [u8; 2],
    pub(crate) years_left: [u8; 2],
    pub(crate) words_left: [usize; 2],
    /// How close the first words are.
    pub(crate) head_close: f32,
    pub(crate) head_differs: bool,
    pub(crate) heads_begin_alike: bool,
    pub(crate) tail_shared: bool,
    pub(crate) numbers_differ: bool,
    pub(crate) number_on_one_side: bool,
    /// The share of paired words that follow one another in both names.
    pub(crate) in_order: f32,
    pub(crate) longest_run: usize,
    /// The share of trigrams that both have.
    pub(crate) trigrams: f32,
    /// Whether the names are one when they are run together.
    pub(crate) together: bool,
    pub(crate) acronym: bool,
    pub(crate) house: bool,
    /// Words that a slip explains.
    pub(crate) slips: u8,
}

impl Alignment {
    pub(crate) fn of(one: &Face, other: &Face) -> Self {
        let mut out = Self {
            pairs: [None; MAX_WORDS],
            taken: [0; 2],
            by: Likeness::Normalised,
            shared: 0.0,
            same: [0.0; 3],
            near: [0.0; 3],
            letters_lost: 0.0,
            weight_left: [0.0; 2],
            left: [[0; 3]; 2],
            places_left: [0; 2],
            years_left: [0; 2],
            words_left: [0; 2],
            head_close: 0.0,
            head_differs: false,
            heads_begin_alike: false,
            tail_shared: false,
            numbers_differ: false,
            number_on_one_side: false,
            in_order: 0.0,
            longest_run: 0,
            trigrams: trigrams_shared(&one.trigrams, &other.trigrams),
            together: one.joined == other.joined,
            acronym: false,
            house: false,
            slips: 0,
        };
        let (a, b) = (one.words.as_slice(), other.words.as_slice());
        out.pair_same(a, b);
        out.pair_joined(a, b, false);
        out.pair_joined(b, a, true);
        out.pair_vehicles(a, b);
        out.pair_near(a, b);
        out.pair_acronym(a, b, false);
        out.pair_acronym(b, a, true);
        out.pair_houses(a, b);
        out.sum_up(a, b);
        out
    }

    fn is_free(&self, side: usize, at: usize) -> bool {
        self.taken
            .get(side)
            .is_some_and(|taken| taken & (1 << at) == 0)
    }

    fn take(&mut self, side: usize, at: usize) {
        if let Some(taken) = self.taken.get_mut(side) {
            *taken |= 1 << at;
        }
    }

    fn pair(&mut self, i: usize, j: usize, close: f32) {
        self.take(0, i);
        self.take(1, j);
        if let Some(pair) = self.pairs.get_mut(i) {
            *pair = Some((j, close));
        }
    }

    /// Words that are the same, and those that differ in number alone.
    fn pair_same(&mut self, a: &[Word], b: &[Word]) {
        for (i, word) in a.iter().enumerate() {
            let same = b
                .iter()
                .enumerate()
                .find(|(j, like)| self.is_free(1, *j) && like.text == word.text);
            if let Some((j, _)) = same {
                self.pair(i, j, 1.0);
            }
        }
        for (i, word) in a.iter().enumerate() {
            if !self.is_free(0, i) || word.len() < 4 {
                continue;
            }
            let same = b.iter().enumerate().find(|(j, like)| {
                self.is_free(1, *j) && like.len() > 3 && like.stem() == word.stem()
            });
            if let Some((j, _)) = same {
                self.pair(i, j, 0.97);
            }
        }
    }

    /// What a fund is called by: trust, fund, portfolio. It changes where the fund does not.
    fn pair_vehicles(&mut self, a: &[Word], b: &[Word]) {
        for (i, word) in a.iter().enumerate() {
            if !self.is_free(0, i) || !word.vehicle {
                continue;
            }
            if let Some((j, _)) = b
                .iter()
                .enumerate()
                .find(|(j, like)| self.is_free(1, *j) && like.vehicle)
            {
                self.pair(i, j, 0.97);
            }
        }
    }

    /// Two neighbouring words that the other name writes as one.
    fn pair_joined(&mut self, parted: &[Word], whole: &[Word], turned: bool) {
        let (side, other) = if turned { (1, 0) } else { (0, 1) };
        for at in 0..parted.len().saturating_sub(1) {
            let (Some(left), Some(right)) = (parted.get(at), parted.get(at + 1)) else {
                continue;
            };
            if !self.is_free(side, at) || !self.is_free(side, at + 1) {
                continue;
            }
            let like = whole.iter().enumerate().find(|(j, word)| {
                self.is_free(other, *j)
                    && word.text.strip_prefix(left.text.as_str()) == Some(right.text.as_str())
            });
            if let Some((j, _)) = like {
                let (i, j) = if turned { (j, at) } else { (at, j) };
                self.pair(i, j, 0.98);
                self.take(side, at + 1);
            }
        }
    }

    /// The nearest of the words that are left, nearest first.
    fn pair_near(&mut self, a: &[Word], b: &[Word]) {
        let mut found = [(0.0_f32, 0_usize, 0_usize, false, Likeness::Fuzzy); 24];
        let mut count = 0;
        for (i, word) in a.iter().enumerate().filter(|(i, _)| self.is_free(0, *i)) {
            for (j, like) in b.iter().enumerate().filter(|(j, _)| self.is_free(1, *j)) {
                if word.is_known_apart(like) {
                    continue;
                }
                let near = word.nearness(like);
                let phonetic = near.heard && near.close < 0.9;
                let close = if phonetic {
                    near.close.max(0.8)
                } else {
                    near.close
                };
                if close >= 0.7
                    && let Some(slot) = found.get_mut(count)
                {
                    let by = if phonetic {
                        Likeness::Phonetic
                    } else {
                        Likeness::Fuzzy
                    };
                    *slot = (close, i, j, near.slip, by);
                    count += 1;
                }
            }
        }
        let found = found.get_mut(..count).unwrap_or_default();
        // Ties go to the words that stand nearest, whichever name is looked at first.
        found.sort_unstable_by(|one, other| {
            let place = |(_, i, j, ..): &(f32, usize, usize, bool, Likeness)| {
                (i.abs_diff(*j), i + j, *i.min(j), *i)
            };
            other
                .0
                .total_cmp(&one.0)
                .then_with(|| place(one).cmp(&place(other)))
        });
        for (close, i, j, slip, by) in found.iter().copied() {
            if self.is_free(0, i) && self.is_free(1, j) {
                self.slips += u8::from(slip);
                self.pair(i, j, if slip { close.max(SLIP) } else { close });
                self.by = self.by.max_of(by);
            }
        }
    }

    /// A word that is the initials of words that follow one another in the other name.
    fn pair_acronym(&mut self, short: &[Word], long: &[Word], turned: bool) {
        let (side, other) = if turned { (1, 0) } else { (0, 1) };
        for (i, word) in short.iter().enumerate() {
            let letters = word.letters();
            if !self.is_free(side, i) || !(2..=6).contains(&letters.len()) || word.number.is_some()
            {
                continue;
            }
            let start = (0..long.len()).find(|start| {
                long.get(*start..*start + letters.len()).is_some_and(|run| {
                    run.iter()
                        .zip(letters)
                        .enumerate()
                        .all(|(at, (word, letter))| {
                            word.first() == *letter && self.is_free(other, start + at)
                        })
                })
            });
            if let Some(start) = start {
                let (a, b) = if turned { (start, i) } else { (i, start) };
                self.pair(a, b, 0.97);
                for at in start..start + letters.len() {
                    self.take(other, at);
                }
                self.acronym = true;
                self.by = self.by.max_of(Likeness::Normalised);
            }
        }
    }

    /// The names of a house that has gone by several.
    fn pair_houses(&mut self, a: &[Word], b: &[Word]) {
        for (i, word) in a.iter().enumerate() {
            if !self.is_free(0, i) {
                continue;
            }
            let of = word.houses;
            let like = b.iter().enumerate().find(|(j, like)| {
                self.is_free(1, *j) && like.houses.iter().any(|house| of.contains(house))
            });
            if let Some((j, like)) = like {
                let house = like.houses.iter().find(|house| of.contains(house)).copied();
                self.pair(i, j, 0.97);
                self.house = true;
                for (side, words) in [(0, a), (1, b)] {
                    for (at, word) in words.iter().enumerate() {
                        if house.is_some_and(|house| word.houses.contains(&house)) {
                            self.take(side, at);
                        }
                    }
                }
            }
        }
    }

    fn sum_up(&mut self, a: &[Word], b: &[Word]) {
        for (word, (like, close)) in self.paired(a, b) {
            let weight = f32::midpoint(word.weight(), like.weight());
            self.shared += weight * close;
            let sums = if close > 0.96 {
                &mut self.same
            } else {
                &mut self.near
            };
            if let Some(sum) = sums.get_mut(word.band().min(like.band())) {
                *sum += weight * close;
            }
            self.letters_lost += weight * (1.0 - close);
        }
        let mut numbers = [0_u8; 2];
        for (side, words) in [a, b].into_iter().enumerate() {
            for (at, word) in words.iter().enumerate() {
                if !self.is_free(side, at) {
                    continue;
                }
                let number = word.number.is_some();
                if let Some(count) = self.words_left.get_mut(side) {
                    *count += 1;
                }
                if let Some(count) = self
                    .left
                    .get_mut(side)
                    .and_then(|bands| bands.get_mut(word.band()))
                {
                    *count += u8::from(!number);
                }
                if let Some(count) = self.places_left.get_mut(side) {
                    *count += u8::from(word.is_place());
                }
                if let Some(count) = self.years_left.get_mut(side) {
                    *count += u8::from(word.number.is_some_and(|number| number > 1900));
                }
                if let Some(weight) = self.weight_left.get_mut(side) {
                    *weight += word.weight();
                }
                if let Some(count) = numbers.get_mut(side) {
                    *count += u8::from(number && word.number < Some(1900));
                }
            }
        }
        self.numbers_differ = numbers[0].min(numbers[1]) > 0;
        self.number_on_one_side = numbers[0] != numbers[1] && !self.numbers_differ;
        if let (Some(first), Some(second)) = (a.first(), b.first()) {
            if let Some(Some((0, close))) = self.pairs.first() {
                self.head_close = *close;
            }
            self.head_differs = self.is_free(0, 0) && self.is_free(1, 0);
            self.heads_begin_alike = self.head_differs && first.first() == second.first();
        }
        let last = |words: &[Word]| words.len().saturating_sub(1);
        self.tail_shared = self
            .pairs
            .get(last(a))
            .is_some_and(|pair| pair.is_some_and(|(j, _)| j == last(b)));
        self.measure_order();
    }

    fn paired<'a>(
        &self,
        a: &'a [Word],
        b: &'a [Word],
    ) -> impl Iterator<Item = (&'a Word, (&'a Word, f32))> + use<'a> {
        let pairs = self.pairs;
        a.iter().zip(pairs).filter_map(move |(word, pair)| {
            let (j, close) = pair?;
            Some((word, (b.get(j)?, close)))
        })
    }

    fn measure_order(&mut self) {
        let (mut pairs, mut ordered, mut run, mut last) = (0_u8, 0_u8, 0, None);
        for pair in self.pairs {
            let Some((j, _)) = pair else {
                run = 0;
                continue;
            };
            pairs += 1;
            ordered += u8::from(last.is_none_or(|last| j > last));
            run = if run > 0 && last == j.checked_sub(1) {
                run + 1
            } else {
                1
            };
            self.longest_run = self.longest_run.max(run);
            last = Some(j);
        }
        self.in_order = if pairs == 0 {
            0.0
        } else {
            f32::from(ordered) / f32::from(pairs)
        };
    }
}

/// The share of trigrams that both have.
fn trigrams_shared(one: &[u64], other: &[u64]) -> f32 {
    let (mut i, mut j, mut both) = (0, 0, 0_usize);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = one.len() + other.len() - both;
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred")]
    let share = if all == 0 {
        0.0
    } else {
        both as f32 / all as f32
    };
    share
}
