//! What the catalogue of a service's database must say, so that no firm sees another's data.
//!
//! A service's test is one line: `catalogue::check(&database("intake", &MIGRATIONS).await).await`.

use sqlx::PgConnection;

use crate::TestDatabase;

/// A rule, as the query that finds what breaks it.
struct Rule {
    says: &'static str,
    breaches: &'static str,
}

const RULES: [Rule; 10] = [
    Rule {
        says: "a table with firm_id has row-level security, enabled and forced",
        breaches: "select t.name from firm_tables t join pg_class c on c.oid = t.oid
            where not (c.relrowsecurity and c.relforcerowsecurity)",
    },
    Rule {
        says: "a table with firm_id has a policy for caseload_app",
        breaches: "select t.name from firm_tables t where not exists (
                select from pg_policy p where p.polrelid = t.oid and 'caseload_app'::regrole = any (p.polroles))",
    },
    Rule {
        says: "a policy for caseload_app, or for everyone, asks for the transaction's scope",
        breaches: "select p.polname || ' on ' || p.polrelid::regclass from pg_policy p
            where (0 = any (p.polroles) or 'caseload_app'::regrole = any (p.polroles))
                and p.polpermissive
                and concat(pg_get_expr(p.polqual, p.polrelid), ' ', pg_get_expr(p.polwithcheck, p.polrelid))
                    !~ 'app_(sees_firm|records_for_firm|paralegal)\\('",
    },
    Rule {
        says: "a table that points to a firm's table has firm_id itself",
        breaches: "select distinct f.conrelid::regclass::text from pg_constraint f join firm_tables t on t.oid = f.confrelid
            where f.contype = 'f' and not exists (select from firm_tables o where o.oid = f.conrelid)",
    },
    Rule {
        says: "a foreign key between firms' tables has firm_id in it, or it could cross from one firm to another",
        breaches: "select f.conname || ' on ' || f.conrelid::regclass from pg_constraint f
            join firm_tables t on t.oid = f.conrelid join firm_tables o on o.oid = f.confrelid
            where f.contype = 'f' and not (t.firm_column = any (f.conkey) and o.firm_column = any (f.confkey))",
    },
    // A key that is one UUID is exempt: ours are made by the service with 74 random bits, so that nobody can try for
    // another firm's. So is what the application can't choose: an identity, or a column that it may not insert. So is an
    // exclusion that keeps a paralegal from being in two places, whatever the firms: no firm writes a paralegal's time,
    // and a paralegal collides with rows of their own alone.
    Rule {
        says: "a unique key of a firm's table begins with firm_id, or a collision would tell of another firm's row",
        breaches: "select i.indexrelid::regclass::text from pg_index i
            join firm_tables t on t.oid = i.indrelid
            left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
            where (i.indisunique or i.indisexclusion)
                and i.indkey[0] <> t.firm_column
                and not (i.indnkeyatts = 1 and a.atttypid = 'uuid'::regtype)
                and not (i.indisexclusion and a.attname = 'paralegal_id')
                and not coalesce(a.attidentity = 'a', false)
                and coalesce(has_column_privilege('caseload_app', i.indrelid, a.attnum, 'insert'), true)",
    },
    Rule {
        says: "the application's and the feed's roles own nothing",
        breaches: "select c.oid::regclass::text from pg_class c
            where pg_has_role(c.relowner, 'caseload_app', 'member') and not pg_has_role(c.relowner, 'caseload_owner', 'member')
                or pg_has_role(c.relowner, 'caseload_feed', 'member') and not pg_has_role(c.relowner, 'caseload_owner', 'member')",
    },
    Rule {
        says: "the application's and the feed's roles can't go round row-level security",
        breaches: "select r.rolname::text from pg_roles r
            where r.rolname ~ '_(app|feed)$'
                and (r.rolsuper or r.rolbypassrls or pg_has_role(r.rolname, 'caseload_owner', 'member'))",
    },
    Rule {
        says: "nobody but the owner may truncate a table, which no policy would stop",
        breaches: "select r.rolname || ' on ' || c.oid::regclass from pg_class c, pg_roles r
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                and r.rolname in ('caseload_app', 'caseload_feed')
                and has_table_privilege(r.oid, c.oid, 'truncate')",
    },
    // An index that is no use below a policy, since its operators are not leakproof, can serve the scope of every firm
    // through a function of the owner's. It asks for that scope itself, names where its tables are, and is not everyone's.
    Rule {
        says: "a view or function runs with its caller's rights, or is the owner's and asks for the scope itself",
        breaches: "select c.oid::regclass::text from pg_class c
            where c.relnamespace = 'public'::regnamespace
                and (c.relkind = 'm' or c.relkind = 'v'
                    and not coalesce(c.reloptions @> '{security_invoker=true}' or c.reloptions @> '{security_invoker=on}', false))
            union all
            select p.oid::regprocedure::text from pg_proc p
            where p.pronamespace = 'public'::regnamespace and p.prosecdef
                and not (pg_get_userbyid(p.proowner) = 'caseload_owner'
                    and p.prosrc ~ 'app_sees_firm\\(' and p.proconfig::text ~ 'search_path='
                    and not has_function_privilege('public', p.oid, 'execute'))",
    },
];

/// The tables that hold a firm's data.
const FIRM_TABLES: &str = "create temporary view firm_tables as
    select c.oid, c.oid::regclass::text as name, a.attnum as firm_column
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')";

/// Checks that row-level security holds for every table of the database.
///
/// # Panics
/// With every breach found, when there is any.
pub async fn check(database: &TestDatabase) {
    let breaches = breaches(&mut database.inspect().await)
        .await
        .unwrap_or_else(|why| panic!("the catalogue can't be read: {why}"));
    assert!(
        breaches.is_empty(),
        "row-level security does not hold:\n{}",
        breaches.join("\n")
    );
}

/// Every breach of every rule, as a line of text.
pub async fn breaches(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::raw_sql(FIRM_TABLES).execute(&mut *connection).await?;
    let mut found = Vec::new();
    for rule in RULES {
        let breaches: Vec<String> = sqlx::query_scalar(rule.breaches)
            .fetch_all(&mut *connection)
            .await?;
        found.extend(breaches.iter().map(|what| format!("{what}: {}", rule.says)));
    }
    Ok(found)
}
