//! The committed list of pairs: how well names are told alike and apart, and whether blocks find them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use caseload_names::{DEFAULT_THRESHOLD, Name, compare};

struct Pair {
    names: [Name; 2],
    same: bool,
}

fn pairs(kind: &str) -> Vec<Pair> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pairs.csv");
    let mut pairs = Vec::new();
    for record in csv::Reader::from_path(file).unwrap().records() {
        let record = record.unwrap();
        if &record[3] == kind {
            let names = [Name::of(&record[0]).unwrap(), Name::of(&record[1]).unwrap()];
            pairs.push(Pair {
                names,
                same: &record[2] == "1",
            });
        }
    }
    pairs
}

/// Recall and precision in per cent at the default threshold.
fn figures(pairs: &[Pair]) -> (usize, usize) {
    let found = |pair: &&Pair| compare(&pair.names[0], &pair.names[1]).score >= DEFAULT_THRESHOLD;
    let same = pairs.iter().filter(|pair| pair.same).count();
    let all_found = pairs.iter().filter(found).count();
    let right = pairs.iter().filter(|pair| pair.same).filter(found).count();
    (100 * right / same, 100 * right / all_found)
}

#[test]
fn people_are_told_alike_and_apart() {
    let (recall, precision) = figures(&pairs("person"));
    assert!(
        recall >= 97 && precision >= 97,
        "recall {recall}, precision {precision}"
    );
}

#[test]
fn companies_are_told_alike_and_apart() {
    let (recall, precision) = figures(&pairs("company"));
    assert!(
        recall >= 97 && precision >= 88,
        "recall {recall}, precision {precision}"
    );
}

#[test]
fn names_that_are_alike_share_a_block() {
    let mut alone = Vec::new();
    let all: Vec<Pair> = ["person", "company"].into_iter().flat_map(pairs).collect();
    for Pair {
        names: [one, other],
        same,
    } in &all
    {
        let blocks: BTreeSet<String> = one.blocks().into_iter().collect();
        let alike = *same && compare(one, other).score >= DEFAULT_THRESHOLD;
        if alike && !other.blocks().iter().any(|block| blocks.contains(block)) {
            alone.push((one.text().to_owned(), other.text().to_owned()));
        }
    }
    assert!(alone.len() <= 2, "{alone:?}");
}
