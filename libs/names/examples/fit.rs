//! Finds the weights of the evidence on companies' names: logistic regression by gradient descent with a penalty on the
//! square of the weights, over a file of pairs (`name_a,name_b,same,kind,source`).
//!
//! `cargo run --release -p caseload-names --example fit -- FILE... [--folds N] [--penalty X]`
//!
//! With folds it prints what a model fitted on the rest says of each part, which is how the penalty was chosen; the
//! weights that it prints last are fitted on all.
#![expect(clippy::cast_precision_loss, reason = "counts of rows")]

use std::error::Error;

use caseload_names::{Evidence, FEATURES, Name};

struct Row {
    names: [String; 2],
    evidence: Evidence,
    same: bool,
}

const N: usize = FEATURES.len();

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    let (mut folds, mut penalty) = (0, 0.3_f64);
    let mut misses = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--folds" => folds = arguments.next().unwrap_or_default().parse()?,
            "--penalty" => penalty = arguments.next().unwrap_or_default().parse()?,
            "--misses" => misses = true,
            _ => files.push(argument),
        }
    }
    let mut rows = Vec::new();
    let mut equal = [0, 0];
    for file in files {
        for record in csv::Reader::from_path(file)?.records() {
            let record = record?;
            if record.get(3) != Some("company") {
                continue;
            }
            let (a, b) = (
                record.get(0).unwrap_or_default(),
                record.get(1).unwrap_or_default(),
            );
            let (Some(one), Some(other)) = (Name::of(a), Name::of(b)) else {
                continue;
            };
            if one.key() == other.key() {
                equal[usize::from(record.get(2) == Some("1"))] += 1;
                continue;
            }
            let Some(evidence) = Evidence::of(&one, &other) else {
                continue;
            };
            rows.push(Row {
                names: [a.to_owned(), b.to_owned()],
                evidence,
                same: record.get(2) == Some("1"),
            });
        }
    }
    println!(
        "{equal:?} (different, the same) of equal keys; {} pairs, {} the same, whose keys differ",
        rows.len(),
        rows.iter().filter(|row| row.same).count()
    );
    if folds > 1 {
        let mut scored = Vec::new();
        for fold in 0..folds {
            let (test, train): (Vec<_>, Vec<_>) = rows
                .iter()
                .enumerate()
                .partition(|(at, _)| at % folds == fold);
            let train: Vec<&Row> = train.into_iter().map(|(_, row)| row).collect();
            let weights = fit(&train, penalty);
            scored.extend(test.into_iter().map(|(_, row)| (odds(&weights, row), row)));
        }
        report("cross-validated", scored, equal, misses);
    }
    let all: Vec<&Row> = rows.iter().collect();
    let weights = fit(&all, penalty);
    report(
        "fitted",
        rows.iter().map(|row| (odds(&weights, row), row)).collect(),
        equal,
        misses,
    );
    println!("[");
    for (weight, feature) in weights.iter().zip(FEATURES) {
        println!("    {weight:.3}, // {feature}");
    }
    println!("]");
    Ok(())
}

fn odds(weights: &[f64; N], row: &Row) -> f64 {
    weights
        .iter()
        .zip(row.evidence.0)
        .map(|(weight, value)| weight * f64::from(value))
        .sum()
}

/// Gradient descent with momentum; the first weight, of what is always so, bears no penalty.
fn fit(rows: &[&Row], penalty: f64) -> [f64; N] {
    let (mut weights, mut speed) = ([0.0; N], [0.0; N]);
    let count = rows.len() as f64;
    for _ in 0..6000 {
        let mut slope = [0.0; N];
        for row in rows {
            let miss = 1.0 / (1.0 + (-odds(&weights, row)).exp()) - f64::from(u8::from(row.same));
            for (slope, value) in slope.iter_mut().zip(row.evidence.0) {
                *slope += miss * f64::from(value);
            }
        }
        for (at, ((weight, speed), slope)) in
            weights.iter_mut().zip(&mut speed).zip(slope).enumerate()
        {
            let pull = if at == 0 { 0.0 } else { penalty * *weight };
            *speed = 0.9 * *speed - 0.08 * (slope + pull) / count;
            *weight += *speed;
        }
    }
    weights
}

/// What threshold catches how much.
fn report(title: &str, mut scored: Vec<(f64, &Row)>, equal: [usize; 2], misses: bool) {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = scored.iter().filter(|(_, row)| row.same).count();
    println!("{title}:");
    let (mut found, mut shown) = (0, 0);
    for (at, (odds, row)) in scored.iter().enumerate() {
        found += usize::from(row.same);
        let (right, wrong) = (found + equal[1], at + 1 - found + equal[0]);
        let recall = 100.0 * right as f64 / (all + equal[1]) as f64;
        let precision = 100.0 * right as f64 / (right + wrong) as f64;
        if precision >= 90.0 {
            shown = at;
        }
        if row.same && all - found <= 12 && misses {
            println!(
                "  recall {recall:.1} precision {precision:.1} ({} missed, {wrong} false) at {odds:.2}",
                all - found
            );
        }
    }
    let found = scored
        .iter()
        .take(shown + 1)
        .filter(|(_, row)| row.same)
        .count();
    let recall = 100.0 * (found + equal[1]) as f64 / (all + equal[1]) as f64;
    println!(
        "  recall {recall:.1} at precision 90, odds {:.2}",
        scored.get(shown).map_or(0.0, |(odds, _)| *odds)
    );
    if misses {
        for (odds, row) in scored.iter().filter(|(_, row)| row.same).rev().take(40) {
            println!("  same  {odds:6.2} {:?} | {:?}", row.names[0], row.names[1]);
        }
        for (odds, row) in scored.iter().filter(|(_, row)| !row.same).take(60) {
            println!("  other {odds:6.2} {:?} | {:?}", row.names[0], row.names[1]);
        }
    }
}
