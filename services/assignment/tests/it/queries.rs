//! A list reads what it shows, and not the whole table, when there is much.

use caseload_assignment::MIGRATIONS;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

const LIST: &str = include_str!("../../src/store/assignments/list.sql");

/// Twenty firms, fifty paralegals, forty thousand assignments.
const MUCH: &str = "
    insert into paralegals (paralegal_id, given_name, family_name, timekeeper_id, time_zone, jurisdictions,
        language_codes, certifications, weekly_capacity_seconds, task_limit, create_time, update_time)
    select md5('paralegal ' || n)::uuid, 'Ada', 'Okafor', 'T-' || n, 'UTC', '{}', '{}', '{}', 144000, 5, now(), now()
    from generate_series(0, 49) as n;
    insert into assignments (firm_id, assignment_id, task_id, matter_id, paralegal_id, state, offer_time,
        answer_by_time, end_time, update_time)
    select md5('firm ' || n % 20)::uuid, md5('assignment ' || n)::uuid, md5('task ' || n / 4)::uuid,
        md5('matter ' || n % 400)::uuid, md5('paralegal ' || n % 50)::uuid, 'declined', now(),
        now() + interval '1 day', now(), now()
    from generate_series(1, 40000) as n;
    analyze;
    set plan_cache_mode = force_custom_plan;
";

const FIRM: &str = "md5('firm 3')::uuid";
const PARALEGAL: &str = "md5('paralegal 7')::uuid";
const NOBODY: &str = "''";

#[tokio::test]
async fn no_list_of_assignments_reads_the_whole_table() {
    let database = caseload_testing::database("assignment", &MIGRATIONS).await;
    let mut looking = database.inspect().await;
    sqlx::raw_sql(MUCH)
        .execute(&mut looking)
        .await
        .expect("much");
    let prepared = format!("prepare list as {LIST}");
    sqlx::raw_sql(AssertSqlSafe(prepared))
        .execute(&mut looking)
        .await
        .expect("is prepared");
    // What is asked for: firm, after, states, the task's firm, task, matter, paralegal, own.
    for (what, scope, given) in [
        (
            "a firm's",
            (FIRM, NOBODY),
            format!("{FIRM}, null, '{{}}', null, null, null, null, null"),
        ),
        (
            "a firm's, further on",
            (FIRM, NOBODY),
            format!("{FIRM}, md5('x')::uuid, '{{}}', null, null, null, null, null"),
        ),
        (
            "a paralegal's queue",
            (NOBODY, PARALEGAL),
            format!("null, null, '{{offered}}', null, null, null, null, {PARALEGAL}"),
        ),
        (
            "every firm's",
            ("'*'", NOBODY),
            "null, null, '{}', null, null, null, null, null".to_owned(),
        ),
        (
            "a task's",
            ("'*'", NOBODY),
            format!("{FIRM}, null, '{{}}', {FIRM}, md5('task 5')::uuid, null, null, null"),
        ),
        (
            "a matter's",
            ("'*'", NOBODY),
            format!("{FIRM}, null, '{{}}', null, null, md5('matter 3')::uuid, null, null"),
        ),
    ] {
        let plan = explain(&mut looking, scope, &given).await;
        assert!(!plan.contains("Seq Scan on assignments"), "{what}:\n{plan}");
    }
}

/// How the list is read in a scope, as the application's role.
async fn explain(
    looking: &mut PgConnection,
    (firm, paralegal): (&str, &str),
    given: &str,
) -> String {
    let mut tx = looking.begin().await.expect("begins");
    let scope = format!(
        "set local role caseload_app; select set_config('app.firm_id', ({firm})::text, true),
         set_config('app.paralegal_id', ({paralegal})::text, true)"
    );
    sqlx::raw_sql(AssertSqlSafe(scope))
        .execute(&mut *tx)
        .await
        .expect("a scope");
    let explain = format!("explain execute list({given}, 51)");
    let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain))
        .persistent(false)
        .fetch_all(&mut *tx)
        .await
        .expect("a plan");
    tx.rollback().await.expect("ends");
    plan.join("\n")
}
