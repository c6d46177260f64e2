//! Reads an instance of the generalised assignment problem in the OR-Library's format and prints
//! `name tasks people seconds cost bound gap`.
//!
//! ```text
//! cargo run --release -p caseload-matching --example gap -- FILE... [--seconds 1] [--seed 0]
//! ```
//! The format: people, tasks; costs person by person; efforts person by person; capacities. All numbers are whole,
//! and every task must be placed, at the least cost.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caseload_matching::{
    LeftOut, Options, Person, PersonIndex, Problem, Task, TaskIndex, Window, check, solve,
};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut files, mut seconds, mut seed) = (Vec::<PathBuf>::new(), 1.0, 0);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => seconds = arguments.next().ok_or("--seconds of what?")?.parse()?,
            "--seed" => seed = arguments.next().ok_or("--seed of what?")?.parse()?,
            _ => files.push(argument.into()),
        }
    }
    println!("name tasks people seconds cost bound gap");
    for file in files {
        let problem = read(&std::fs::read_to_string(&file)?)?;
        let begun = Instant::now();
        let answer = solve(
            &problem,
            &Options {
                time_limit: Duration::try_from_secs_f64(seconds)?,
                moves: u64::MAX,
                seed,
                ..Options::default()
            },
        );
        let took = begun.elapsed().as_secs_f64();
        let checked = check(&problem, &answer.plan).map_err(|broken| format!("{broken:?}"))?;
        if checked != (answer.cost, answer.missing) {
            return Err(format!("claims {}, costs {checked:?}", answer.cost).into());
        }
        let gap = answer.gap().map_or_else(
            || "incomplete".to_owned(),
            |gap| format!("{:.4}%", gap * 100.0),
        );
        println!(
            "{} {} {} {took:.3} {} {} {gap}",
            file.file_stem()
                .unwrap_or(Path::new("?").as_os_str())
                .display(),
            problem.task_count(),
            problem.person_count(),
            answer.cost,
            answer.bound,
        );
    }
    Ok(())
}

fn read(text: &str) -> Result<Problem, Box<dyn Error>> {
    let numbers: Vec<i64> = text
        .split_ascii_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [people, tasks, rest @ ..] = numbers.as_slice() else {
        return Err("has no size".into());
    };
    let (people, tasks) = (usize::try_from(*people)?, usize::try_from(*tasks)?);
    let pairs = people * tasks;
    if rest.len() != 2 * pairs + people {
        return Err(format!(
            "has {} numbers for {people} people and {tasks} tasks",
            rest.len()
        )
        .into());
    }
    let (costs, rest) = rest.split_at(pairs);
    let (efforts, capacities) = rest.split_at(pairs);
    let mut problem = Problem::builder(1);
    let people: Vec<PersonIndex> = capacities
        .iter()
        .map(|capacity| {
            problem.person(Person {
                capacity: vec![*capacity],
                task_limit: None,
            })
        })
        .collect();
    let tasks: Vec<TaskIndex> = (0..tasks)
        .map(|_| {
            problem.task(Task {
                window: Window::new(0, 0),
                left_out: LeftOut::Never,
            })
        })
        .collect();
    for (at, person) in people.iter().enumerate() {
        for (task, index) in tasks.iter().enumerate() {
            let place = at * tasks.len() + task;
            problem.pair(*index, *person, efforts[place], costs[place]);
        }
    }
    Ok(problem.build()?)
}
