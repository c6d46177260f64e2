//! Rebuilds the crate when a migration is added, which `sqlx::migrate!` can't notice by itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
