//! The tables at the end: per firm what it asked for and pays, per paralegal the load and the pay.

use anyhow::Result;
use caseload_domain::name::ParalegalName;

use super::staffing::money;
use super::story::{Story, firm_of};

/// Prints the tables.
pub fn print(story: &Story) -> Result<()> {
    println!("\nFirms");
    println!(
        "  {:<26} {:>8} {:>6} {:>6} {:>9} {:>9} {:>16}",
        "", "requests", "tasks", "placed", "worked", "billed", "invoice"
    );
    for (place, firm) in story.firms.iter().enumerate() {
        let tasks = story
            .tasks
            .values()
            .filter(|task| task.firm == place)
            .count();
        let mut placed = 0;
        for accepted in &story.assignments {
            placed += usize::from(firm_of(accepted)?.0 == firm.id);
        }
        let of_firm = format!("firms/{}/", firm.id);
        let entries = || {
            story
                .time_entries
                .iter()
                .filter(|entry| entry.name.starts_with(&of_firm))
        };
        let worked = entries()
            .filter_map(|entry| entry.worked.as_ref())
            .map(|time| time.seconds);
        let billed = entries()
            .filter_map(|entry| entry.billed.as_ref())
            .map(|time| time.seconds);
        println!(
            "  {:<26} {:>8} {:>6} {:>6} {:>9} {:>9} {:>16}",
            story.data.firms[place].display_name,
            firm.requests.len(),
            tasks,
            placed,
            hours(worked.sum()),
            hours(billed.sum()),
            money(
                firm.invoice
                    .as_ref()
                    .and_then(|invoice| invoice.total.as_ref())
            ),
        );
    }
    println!("\nParalegals");
    println!(
        "  {:<26} {:>6} {:>9} {:>9} {:>8} {:>16}",
        "", "tasks", "worked", "capacity", "paid by", "pay"
    );
    for (row, paralegal) in story.data.paralegals.iter().zip(&story.paralegals) {
        let name = ParalegalName(paralegal.id).to_string();
        let tasks = story
            .assignments
            .iter()
            .filter(|accepted| accepted.paralegal == name)
            .count();
        let worked = paralegal
            .earned
            .as_ref()
            .and_then(|sum| sum.worked.as_ref())
            .map_or(0, |time| time.seconds);
        println!(
            "  {:<26} {:>6} {:>9} {:>9} {:>8} {:>16}",
            format!("{} {}", row.given_name, row.family_name),
            tasks,
            hours(worked),
            format!("{} h/wk", row.weekly_hours),
            row.pay,
            money(paralegal.earned.as_ref().and_then(|sum| sum.total.as_ref())),
        );
    }
    if let Some(plan) = &story.plan {
        println!(
            "\nPlan: cost {}, proven lower bound {}, gap {:.3} %",
            money(plan.total_cost.as_ref()),
            money(plan.lower_bound.as_ref()),
            100.0 * plan.gap,
        );
    }
    println!("\nInvoices");
    for path in story.firms.iter().flat_map(|firm| &firm.files) {
        println!("  {}", path.display());
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "hours for people to read")]
fn hours(seconds: i64) -> String {
    format!("{:.1} h", seconds as f64 / 3600.0)
}
