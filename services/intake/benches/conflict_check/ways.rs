//! The ways to candidates: what each brings, and what it costs.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use caseload_names::{DEFAULT_THRESHOLD, Name, compare};
use sqlx::{PgConnection, Row as _};

use crate::{figures, ratio};

/// A way to candidates: the condition on a row `n` of the names.
pub(crate) struct Way {
    says: &'static str,
    condition: &'static str,
}

/// Each by itself; the last is the one that the service takes.
pub(crate) const ALL: &[Way] = &[
    Way {
        says: "key",
        condition: "n.conflict_key = $1",
    },
    Way {
        says: "blocks",
        condition: "n.blocks && $2",
    },
    Way {
        says: "trigrams",
        condition: "n.folded % $3",
    },
    Way {
        says: "all",
        condition: "n.conflict_key = $1 or n.blocks && $2 or n.folded % $3",
    },
];

/// What a way brings: candidates, those of them that are alike, those that are alike and that blocks and keys do not
/// bring; and how long the database and the comparisons take.
pub(crate) async fn measure(connection: &mut PgConnection, way: &Way, names: &[String]) -> String {
    let threshold = "set pg_trgm.similarity_threshold = 0.6";
    sqlx::raw_sql(threshold)
        .execute(&mut *connection)
        .await
        .unwrap();
    let statement = format!(
        "select n.name from conflict_names n where {}",
        way.condition
    );
    let (mut candidates, mut alike, mut by_trigrams_alone) = (0, 0, 0);
    let (mut found_in, mut compared_in): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for name in names {
        let asked = Name::of(name).unwrap();
        let begun = Instant::now();
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement.clone()))
            .bind(asked.key())
            .bind(asked.blocks())
            .bind(asked.text())
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        found_in.push(begun.elapsed());
        candidates += rows.len();
        let blocks: HashSet<String> = asked.blocks().into_iter().collect();
        let begun = Instant::now();
        let mut judged: HashMap<String, bool> = HashMap::new();
        for row in rows {
            let found: String = row.get(0);
            let hit = *judged.entry(found.clone()).or_insert_with(|| {
                let found = Name::of(&found).unwrap();
                compare(&asked, &found).score >= DEFAULT_THRESHOLD
            });
            if hit {
                alike += 1;
                let found = Name::of(&found).unwrap();
                let shares = found.blocks().iter().any(|block| blocks.contains(block));
                by_trigrams_alone += usize::from(!shares && found.key() != asked.key());
            }
        }
        compared_in.push(begun.elapsed());
    }
    format!(
        "{:9} {:7.1} candidates, {:6.2} alike, {:5.3} of them by trigrams alone; found in {}; compared in {}",
        way.says,
        ratio(candidates, names.len()),
        ratio(alike, names.len()),
        ratio(by_trigrams_alone, names.len()),
        figures(&mut found_in),
        figures(&mut compared_in),
    )
}

/// What comparing trigrams with every name takes.
pub(crate) async fn scan(connection: &mut PgConnection, names: &[String]) -> String {
    let settings = "set enable_indexscan = off; set enable_bitmapscan = off; set max_parallel_workers_per_gather = 0";
    sqlx::raw_sql(settings)
        .execute(&mut *connection)
        .await
        .unwrap();
    let mut scanned_in = Vec::new();
    for name in names {
        let asked = Name::of(name).unwrap();
        let begun = Instant::now();
        sqlx::query("select n.name from conflict_names n where similarity(n.folded, $1) >= 0.6")
            .bind(asked.text())
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        scanned_in.push(begun.elapsed());
    }
    format!(
        "a scan of every name's trigrams, without comparing: {}",
        figures(&mut scanned_in)
    )
}
