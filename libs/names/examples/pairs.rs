//! How well names are told alike and apart, over a file of pairs (`name_a,name_b,same,kind,source`).
//!
//! `cargo run --release -p caseload-names --example pairs -- FILE [--threshold N] [--misses] [--part odd|even]`
//!
//! Prints recall, precision and F1 at the threshold, by kind; how many of the pairs that are the same share a block;
//! and what other thresholds would give.
#![expect(clippy::cast_precision_loss, reason = "counts of rows")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use caseload_names::{DEFAULT_THRESHOLD, Match, Name, compare};

struct Row {
    names: [String; 2],
    same: bool,
    kind: String,
    found: Option<Match>,
    blocked: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut threshold = DEFAULT_THRESHOLD.get();
    let (mut file, mut misses, mut part) = (None, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--threshold" => threshold = arguments.next().unwrap_or_default().parse()?,
            "--misses" => misses = true,
            "--part" => part = arguments.next().map(|part| usize::from(part == "odd")),
            _ => file = Some(argument),
        }
    }
    let file = file.ok_or("usage: pairs FILE [--threshold N] [--misses] [--part odd|even]")?;
    let mut rows = Vec::new();
    for (at, record) in csv::Reader::from_path(file)?.records().enumerate() {
        if part.is_some_and(|part| at % 2 != part) {
            continue;
        }
        let record = record?;
        let [a, b, same, kind] =
            [0, 1, 2, 3].map(|at| record.get(at).unwrap_or_default().to_owned());
        let both = Name::of(&a).zip(Name::of(&b));
        let found = both.as_ref().map(|(one, other)| compare(one, other));
        let blocked = both.is_some_and(|(one, other)| {
            let blocks: BTreeSet<String> = one.blocks().into_iter().collect();
            other.blocks().iter().any(|block| blocks.contains(block))
        });
        rows.push(Row {
            names: [a, b],
            same: same == "1",
            kind,
            found,
            blocked,
        });
    }
    let mut kinds: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        kinds.entry(row.kind.as_str()).or_default().push(row);
    }
    if kinds.len() > 1 {
        kinds.insert("all", rows.iter().collect());
    }
    for (kind, rows) in &kinds {
        println!(
            "{kind}: {} pairs, {} the same",
            rows.len(),
            rows.iter().filter(|row| row.same).count()
        );
        println!("  at {threshold:3}: {}", figures(rows, threshold));
        let alike = rows
            .iter()
            .filter(|row| row.same && row.score() >= threshold);
        let (all, blocked) = alike.fold((0, 0), |(all, blocked), row| {
            (all + 1, blocked + usize::from(row.blocked))
        });
        println!("  of {all} found the same {blocked} share a block");
        for at in (20..=95).step_by(5) {
            println!("      {at:3}: {}", figures(rows, at));
        }
    }
    if misses {
        for row in rows
            .iter()
            .filter(|row| row.same != (row.score() >= threshold))
        {
            let word = if row.same { "missed" } else { "false " };
            println!(
                "{word} {:3} {:?} | {:?}",
                row.score(),
                row.names[0],
                row.names[1]
            );
        }
        for row in rows
            .iter()
            .filter(|row| row.same && row.score() >= threshold && !row.blocked)
        {
            println!(
                "unblocked {:3} {:?} | {:?}",
                row.score(),
                row.names[0],
                row.names[1]
            );
        }
    }
    Ok(())
}

impl Row {
    fn score(&self) -> u8 {
        self.found.map_or(0, |found| found.score.get())
    }
}

fn figures(rows: &[&Row], threshold: u8) -> String {
    let found = rows.iter().filter(|row| row.score() >= threshold);
    let (right, wrong) = found.partition::<Vec<&&Row>, _>(|row| row.same);
    let same = rows.iter().filter(|row| row.same).count();
    let share = |part: usize, whole: usize| {
        if whole == 0 {
            1.0
        } else {
            part as f64 / whole as f64
        }
    };
    let (recall, precision) = (
        share(right.len(), same),
        share(right.len(), right.len() + wrong.len()),
    );
    format!(
        "recall {:.2} precision {:.2} F1 {:.2} ({} missed, {} false)",
        100.0 * recall,
        100.0 * precision,
        100.0 * 2.0 * recall * precision / (recall + precision).max(f64::MIN_POSITIVE),
        same - right.len(),
        wrong.len(),
    )
}
