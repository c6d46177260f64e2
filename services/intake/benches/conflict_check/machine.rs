//! What it is measured on.

use sqlx::PgConnection;

/// The processors, how busy they are with other things, and the database.
pub(crate) async fn describe(connection: &mut PgConnection) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let read = |file| std::fs::read_to_string(file).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown", |model| {
        model.trim_start_matches(['\t', ' ', ':'])
    });
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    let version: String = sqlx::query_scalar("show server_version")
        .fetch_one(connection)
        .await
        .unwrap();
    format!("{cores} cores of {model}, load {load} before; PostgreSQL {version}, not durable")
}
