//! How many names of a list share a block with each of them, and how long names take to read and to compare.
//!
//! `cargo run --release -p caseload-names --example blocks -- FILE` (one name a line)
#![expect(clippy::cast_precision_loss, reason = "counts of names")]

use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use caseload_names::{Name, compare};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: blocks FILE")?;
    let text = std::fs::read_to_string(file)?;
    let started = Instant::now();
    let names: Vec<Name> = text.lines().filter_map(Name::of).collect();
    let read = started.elapsed();
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    let mut blocks = 0_usize;
    for (at, name) in names.iter().enumerate() {
        for block in name.blocks() {
            blocks += 1;
            index.entry(block).or_default().push(at);
        }
    }
    let mut counts = Vec::with_capacity(names.len());
    let mut pairs = Vec::new();
    for name in &names {
        let mut candidates: Vec<usize> = name
            .blocks()
            .iter()
            .filter_map(|block| index.get(block))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        counts.push(candidates.len());
        pairs.extend(candidates.into_iter().map(|candidate| (name, candidate)));
    }
    let started = Instant::now();
    for (name, candidate) in &pairs {
        if let Some(other) = names.get(*candidate) {
            black_box(compare(name, other));
        }
    }
    let (spent, compared) = (started.elapsed(), pairs.len());
    counts.sort_unstable();
    let of = |percent: usize| {
        let at = counts.len() * percent / 100;
        counts.get(at).copied().unwrap_or_default()
    };
    println!(
        "{} names, {:.1} blocks a name, {:.1} us to read one",
        names.len(),
        blocks as f64 / names.len() as f64,
        read.as_secs_f64() * 1e6 / names.len() as f64
    );
    println!(
        "names that share a block: mean {:.1}, median {}, 95 % {}, 99 % {}, most {}",
        counts.iter().sum::<usize>() as f64 / counts.len() as f64,
        of(50),
        of(95),
        of(99),
        counts.last().copied().unwrap_or_default()
    );
    println!(
        "{compared} compared, {:.2} us each",
        spent.as_secs_f64() * 1e6 / compared as f64
    );
    let mut largest: Vec<(&String, usize)> = index
        .iter()
        .map(|(block, names)| (block, names.len()))
        .collect();
    largest.sort_by_key(|(block, count)| (std::cmp::Reverse(*count), block.to_owned()));
    println!("largest: {:?}", largest.iter().take(12).collect::<Vec<_>>());
    Ok(())
}
